/** People with cards: they come by the gate, walk past the readers at their own pace, work, rest, and go home. */
import type { Person } from '../../src/model/site.ts'
import { within } from '../../src/model/site.ts'
import { SECOND } from '../../src/model/time.ts'
import { ESTATE, type Layout, type Post } from '../estate.ts'
import type { Setting } from '../setting.ts'
import { createRoutes } from './routes.ts'
import { createSightings, type Walker } from './walker.ts'

export interface Crew {
  readonly layout: Layout
  /** Which shift of the estate is at work. */
  onDuty: number
  /** Persons of a shift's posts, with the first reader of each. */
  shift(number: number): readonly { readonly person: string; readonly post: Post }[]
  /** In by the gate with lamp and card, then to a post; without a card nobody is seen after the gate. */
  enter(person: string, post?: Post): void
  /** Home: to the shaft, up, and out by the gate. */
  leave(person: string): void
  /** From where they are to a post. */
  send(person: string, post: Post): void
  /** The card hangs on a nail; its holder goes on without it. */
  hang(person: string): void
  /** The holder takes it again and works on. */
  take(person: string): void
  /** Who is in an area or its sub-areas and counts there; leaders and inspectors do not. */
  count(area: string): number
  inside(person: string): boolean
}

/** Metres a second: incidents reckon with it. */
const VISITORS_GAIT = 1.3

/** Nobody is on site where the estate does not know it. */
export function createCrew(setting: Setting): Crew | undefined {
  const { site, timeline, gateway, random, opening } = setting
  const layout = ESTATE[site.id]
  const gate = layout && site.points.get(layout.gate)
  if (!layout || !gate) return undefined
  const routes = createRoutes(site, layout)
  const sightings = createSightings(setting, routes)
  const walkers = new Map<string, Walker>()

  const walkerOf = (id: string): Walker => {
    let walker = walkers.get(id)
    if (!walker) {
      const person = site.people.get(id)
      if (!person) throw new RangeError(`${site.id} has no person ${id}`)
      walker = sightings.walker(person, layout.visitors.includes(id) ? VISITORS_GAIT : undefined)
      walkers.set(id, walker)
    }
    return walker
  }
  const pass = ({ id, cards }: Person, direction: 'in' | 'out') =>
    gateway.say(gate, { direction, person: id, ...(cards[0] !== undefined && { card: cards[0] }), method: 'face' })

  function shift(number: number): { person: string; post: Post }[] {
    const posts = layout!.duty[number % layout!.duty.length] ?? []
    return posts.flatMap((post) => {
      const who = typeof post.who === 'string' ? teamOf(post.who) : post.who
      return who.flatMap((person, i) => {
        const known = site.people.get(person)
        if (!known || (post.at.length > 0 && known.cards.length === 0)) return []
        // Who shares a post spreads over its readers.
        const turn = post.at.length > 0 && post.manner !== 'tour' ? i % post.at.length : 0
        return [{ person, post: { ...post, at: [...post.at.slice(turn), ...post.at.slice(0, turn)] } }]
      })
    })
  }

  function teamOf(team: string): string[] {
    return [...site.people.values()].filter((person) => person.team === team).map(({ id }) => id)
  }

  // The shift that is on duty when the story begins is at its posts; the yard's people come by the gate.
  const begin = [...shift(0), ...layout.visitors.map((person) => ({ person, post: waitingPost(layout) }))]
  for (const [i, { person, post }] of begin.entries()) {
    const walker = walkerOf(person)
    if (post.at.length === 0) timeline.after(opening + (i + 1) * 2 * SECOND, () => pass(walker.person, 'in'))
    else {
      walker.at = post.at[0]!
      timeline.after(random.between(0, 2 * SECOND), () => sightings.work(walker, post))
      if (opening > 0) timeline.after(opening + random.between(0, 2 * SECOND), () => sightings.report(walker))
    }
  }

  return {
    layout,
    onDuty: 0,
    shift,
    enter(id, post) {
      const walker = walkerOf(id)
      const { person } = walker
      if (layout.lamp !== undefined && person.cards.length > 0) {
        walker.at = layout.lamp
        sightings.see(walker, { distance: 4, moving: true })
      }
      // The card is read before the gate opens.
      timeline.after(SECOND, () => pass(person, 'in'))
      if (post && person.cards.length > 0) {
        timeline.after(random.between(20, 40) * SECOND, () => sightings.walk(walker, post))
      }
    },
    leave(id) {
      const walker = walkerOf(id)
      const out = () => {
        delete walker.at
        pass(walker.person, 'out')
      }
      if (layout.lamp === undefined || walker.at === undefined) {
        sightings.stop(walker)
        out()
      } else sightings.walk(walker, { who: [id], at: [layout.lamp] }, out)
    },
    send: (id, post) => sightings.walk(walkerOf(id), post),
    hang: (id) => sightings.hang(walkerOf(id)),
    take: (id) => sightings.takeUp(walkerOf(id)),
    count(area) {
      const face = site.areas.get(area)
      if (!face) throw new RangeError(`${site.id} has no area ${area}`)
      return [...walkers.values()].filter(
        ({ at, person }) =>
          at !== undefined &&
          person.role !== 'leader' &&
          person.role !== 'inspector' &&
          within(site.points.get(at)?.area, face),
      ).length
    },
    inside: (id) => walkerOf(id).at !== undefined,
  }
}

/** At the reader where crews wait for their face, and visitors mend the belt. */
export function waitingPost({ waiting, visitors }: Layout): Post {
  return { who: visitors, at: waiting === undefined ? [] : [waiting] }
}
