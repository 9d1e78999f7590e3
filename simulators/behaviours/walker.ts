/** One person on foot and the readers that see the card: passing, working with small moves, resting, hanging on a nail. */
import type { Sighting } from '../../src/model/reading.ts'
import type { Person } from '../../src/model/site.ts'
import { type Duration, MINUTE, SECOND } from '../../src/model/time.ts'
import type { Post } from '../estate.ts'
import type { Random } from '../random.ts'
import { type Setting, shown } from '../setting.ts'
import type { Routes } from './routes.ts'

export interface Walker {
  readonly person: Person
  readonly random: Random
  /** Metres a second. */
  readonly gait: number
  /** The reader last passed; absent: not on the site. */
  at?: string
  post?: Post
  distance: number
  /** `walking`: between two readers, and seen by none. */
  state: 'working' | 'lying' | 'walking'
  /** Counts orders: what an older one still has under way is dropped. */
  order: number
}

export interface Sightings {
  /** Gait in metres a second; without it, their own. */
  walker(person: Person, gait?: number): Walker
  /** The reader where they are sees them. */
  see(walker: Walker, sighting: Omit<Sighting, 'card'>): void
  /** The reader where they are says that it has them, if one has. */
  report(walker: Walker): void
  /** At the reader where they are, until told otherwise. */
  work(walker: Walker, post: Post): void
  /** To the first reader of a post, past those between; then work there, or what `then` says. */
  walk(walker: Walker, post: Post, then?: () => void): void
  hang(walker: Walker): void
  takeUp(walker: Walker): void
  stop(walker: Walker): void
}

/** Nobody rests longer than this part of the time after which a card counts as left. */
const REST = 1 / 3
const LONGEST_REST = 20 * MINUTE

export function createSightings(setting: Setting, routes: Routes): Sightings {
  const { site, timeline, gateway, delays } = setting
  const opens = timeline.now + setting.opening
  const rest = Math.min(LONGEST_REST, delays.still * REST)

  function see(walker: Walker, sighting: Omit<Sighting, 'card'>): void {
    const point = walker.at === undefined ? undefined : site.points.get(walker.at)
    const [card] = walker.person.cards
    if (!point || card === undefined) return
    walker.distance = sighting.distance ?? walker.distance
    gateway.say(point, { card, ...sighting, distance: shown(walker.distance, 1) })
  }

  /** Runs `call` later unless another order has come by then. */
  function later(walker: Walker, delay: Duration, call: () => void): void {
    const { order } = walker
    timeline.after(delay, () => {
      if (walker.order === order) call()
    })
  }

  const between = ({ random }: Walker) => random.between(8, 13) * SECOND

  function work(walker: Walker, post: Post): void {
    walker.order += 1
    walker.post = post
    if (post.manner === 'sit') lie(walker, 0.6)
    else if (post.manner === 'tour' && post.at.length > 1) tour(walker)
    else labour(walker)
  }

  function labour(walker: Walker): void {
    const { random, post } = walker
    walker.state = 'working'
    const step = random.between(2.5, 6) * (random.chance(0.5) ? 1 : -1)
    const distance = walker.distance + step
    see(walker, { distance: distance < 1 || distance > 32 ? walker.distance - step : distance, moving: true })
    // Until somebody listens everybody stays where a reader sees them.
    if (post && post.at.length > 1 && random.chance(0.02) && timeline.now >= opens) {
      const elsewhere = post.at.filter((reader) => reader !== walker.at)
      walk(walker, { ...post, at: [random.pick(elsewhere), ...post.at.filter((reader) => reader !== walker.at)] }, () =>
        work(walker, post),
      )
    } else if (random.chance(0.015)) pause(walker, timeline.now + random.between(0.3, 1) * rest)
    else later(walker, between(walker), () => labour(walker))
  }

  /** Sits down for a while. */
  function pause(walker: Walker, until: number): void {
    const { random } = walker
    walker.state = 'lying'
    const wait = Math.min(between(walker), Math.max(SECOND, until - timeline.now))
    later(walker, wait, () => {
      if (timeline.now >= until) return labour(walker)
      see(walker, { distance: walker.distance + random.between(-0.1, 0.1), moving: false })
      pause(walker, until)
    })
  }

  function tour(walker: Walker): void {
    const [here, ...others] = walker.post!.at
    const post = { ...walker.post!, at: [...others, here!] }
    const stay = walker.random.between(2, 5) * MINUTE
    const end = timeline.now + stay
    walker.state = 'working'
    const look = () => {
      if (timeline.now >= end) return walk(walker, post)
      see(walker, { distance: walker.random.between(1, 15), moving: true })
      later(walker, between(walker), look)
    }
    look()
  }

  /** The card does not move: about where it was, within so many metres. */
  function lie(walker: Walker, jitter: number): void {
    const centre = Math.max(1, Math.abs(walker.distance))
    walker.state = 'lying'
    const again = () => {
      see(walker, { distance: centre + walker.random.between(-jitter / 2, jitter / 2), moving: false })
      later(walker, between(walker), again)
    }
    again()
  }

  function walk(walker: Walker, post: Post, then: () => void = () => work(walker, post)): void {
    const goal = post.at[0]
    if (walker.at === undefined || goal === undefined) return
    walker.order += 1
    walker.post = post
    walker.state = 'walking'
    const path = [...routes.between(walker.at, goal)]
    const step = () => {
      const next = path.shift()
      if (next === undefined) return then()
      later(walker, routes.time(walker.at!, next, walker.gait), () => {
        walker.at = next
        see(walker, { distance: walker.random.between(1, 4), moving: true })
        step()
      })
    }
    step()
  }

  return {
    walker(person, gait) {
      const random = setting.random.fork(person.id)
      const own = random.between(1.1, 1.5)
      return { person, random, gait: gait ?? own, distance: random.between(3, 25), state: 'working', order: 0 }
    },
    see,
    report(walker) {
      if (walker.state !== 'walking') see(walker, { distance: walker.distance, moving: walker.state === 'working' })
    },
    work,
    walk,
    hang(walker) {
      walker.order += 1
      walker.distance = 3
      lie(walker, 0.4)
    },
    takeUp(walker) {
      if (walker.post) work(walker, walker.post)
    },
    stop(walker) {
      walker.order += 1
    },
  }
}
