/** One man too many: fitters from the haulage road come into a place until its crew limit is passed, then go back. */
import { matchAreas } from '../../src/model/match.ts'
import { MINUTE, SECOND } from '../../src/model/time.ts'
import { waitingPost } from '../behaviours/crew.ts'
import type { Delays } from '../delays.ts'
import type { World } from '../world.ts'

/** How long the way in takes at most, the last man's delay included, and the way back. */
export const WALK = 7 * MINUTE

/** How long it stays too many: long enough for the rule, and for a duty officer to see it. */
export const stay = ({ crew }: Delays) => Math.max(3 * MINUTE, 2.5 * crew)

/** Sends as many visitors as make one too many; they set out together, the last a little later. */
export function fill(world: World, { area, reader }: { area: string; reader: string }): readonly string[] {
  const { crew } = world.place('baoyuan')
  const short = limitOf(world, area) + 1 - crew.count(area)
  const visitors = crew.layout.visitors.slice(0, Math.max(0, short))
  for (const [i, person] of visitors.entries()) {
    world.after((i * 20 + 1) * SECOND, () => crew.send(person, { who: [person], at: [reader] }))
  }
  return visitors
}

export function sendBack(world: World, visitors: readonly string[]): void {
  const { crew } = world.place('baoyuan')
  for (const person of visitors) crew.send(person, waitingPost(crew.layout))
}

export function limitOf({ installation }: World, area: string): number {
  const site = installation.sites.get('baoyuan')!
  const crews = installation.rules.filter(
    ({ rule, match }) => rule === 'over-crew' && matchAreas(site, match).some(({ id }) => id === area),
  )
  return Math.min(...crews.map(({ params }) => (params as { limit: number }).limit))
}

/** The whole story: too many for a while, one goes, the others follow. */
export function crowd(world: World, place: { area: string; reader: string }): void {
  const { crew } = world.place('baoyuan')
  const visitors = fill(world, place)
  const limit = limitOf(world, place.area)
  const full = () => crew.count(place.area) > limit
  world.when(
    full,
    () =>
      world.after(stay(world.delays), () => {
        sendBack(world, visitors.slice(-1))
        world.after(WALK, () => sendBack(world, visitors.slice(0, -1)))
      }),
    2 * WALK,
  )
}
