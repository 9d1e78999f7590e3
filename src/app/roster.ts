/** Items of one kind that run side by side (sources, ways up, channels, exports): a change of settings touches those it is about, and
 *  no other. */
import type { Duration } from '../model/time.ts'
import type { Clock } from './clock.ts'
import { within } from './within.ts'

/** An item as the configuration names it. */
export interface Listed<S> {
  /** Unique among its kind. */
  readonly name: string
  readonly settings: S
  /** The same for as long as the item is to be left alone. */
  readonly fingerprint: string
  /** A file of it that is not there: what runs goes on as it was. */
  readonly missing?: string
}

/** What became of a change, by names. */
export interface Changes {
  readonly started: readonly string[]
  /** Ended, and begun again under other settings. */
  readonly restarted: readonly string[]
  readonly ended: readonly string[]
  /** Could not be begun: where it ran before, it goes on as it was. */
  readonly refused: readonly { readonly name: string; readonly error: unknown }[]
}

export interface Roster<S, R> {
  /** What runs, in the order of the configuration; one that is being replaced is the old one until the new one has begun. */
  running(): readonly R[]
  /** Ends what is named no more. */
  retire(next: readonly Listed<S>[]): Promise<readonly string[]>
  /** Ends, begins anew and begins what has to be, side by side: one that is slow to end delays no other, but what is new begins only when
   *  what is gone has ended, whose place it may have. One change at a time; never rejects. */
  apply(next: readonly Listed<S>[]): Promise<Changes>
  stop(): Promise<void>
}

export interface RosterOptions<S, R> {
  /** Makes an item ready without opening anything, and gives what begins it. Either may throw. */
  readonly prepare: (settings: S, name: string) => Promise<() => R | Promise<R>>
  /** Resolves once it has let go of its peer. */
  readonly end: (running: R) => Promise<void>
  /** One that does not end within it is left behind, and `onStuck` told why. */
  readonly bound: Duration
  readonly clock: Clock
  readonly onStuck: (name: string, reason: string) => void
}

interface Slot<S, R> {
  listed: Listed<S>
  running: R
}

interface Change {
  readonly name: string
  readonly did: 'started' | 'restarted' | 'refused'
  readonly error?: unknown
}

export function createRoster<S, R>({ prepare, end, bound, clock, onStuck }: RosterOptions<S, R>): Roster<S, R> {
  let slots: readonly Slot<S, R>[] = []

  async function finish({ listed: { name }, running }: Slot<S, R>): Promise<void> {
    try {
      if (!(await within(end(running), { clock, bound }))) onStuck(name, `it did not end within ${bound} ms`)
    } catch (error) {
      onStuck(name, String(error))
    }
  }

  function leave(gone: readonly Slot<S, R>[]): void {
    slots = slots.filter((slot) => !gone.includes(slot))
  }

  async function begin(listed: Listed<S>): Promise<void> {
    const start = await prepare(listed.settings, listed.name)
    const running = await start()
    slots = [...slots, { listed, running }]
  }

  /** The old one ends only once the new one is ready; where that cannot be begun all the same, the old one is begun again. */
  async function replace(slot: Slot<S, R>, listed: Listed<S>): Promise<void> {
    if (listed.missing !== undefined) throw new Error(`there is no file ${listed.missing}`)
    const start = await prepare(listed.settings, listed.name)
    await finish(slot)
    try {
      slot.running = await start()
      slot.listed = listed
    } catch (error) {
      await resume(slot)
      throw error
    }
  }

  async function resume(slot: Slot<S, R>): Promise<void> {
    const { settings, name } = slot.listed
    try {
      slot.running = await (await prepare(settings, name))()
    } catch {
      leave([slot])
    }
  }

  async function retire(next: readonly Listed<S>[]): Promise<readonly string[]> {
    const wanted = new Set(next.map(({ name }) => name))
    const gone = slots.filter(({ listed }) => !wanted.has(listed.name))
    await Promise.all(gone.map(finish))
    leave(gone)
    return gone.map(({ listed }) => listed.name)
  }

  /** Nothing where it is as it was. */
  async function change(listed: Listed<S>, retiring: Promise<unknown>): Promise<Change | undefined> {
    const { name, fingerprint } = listed
    const slot = slots.find((known) => known.listed.name === name)
    if (slot?.listed.fingerprint === fingerprint) return undefined
    try {
      if (slot) await replace(slot, listed)
      else {
        await retiring
        await begin(listed)
      }
      return { name, did: slot ? 'restarted' : 'started' }
    } catch (error) {
      return { name, did: 'refused', error }
    }
  }

  return {
    running: () => slots.map(({ running }) => running),
    retire,
    async apply(next) {
      const retiring = retire(next)
      const changes = await Promise.all(next.map((listed) => change(listed, retiring)))
      const ended = await retiring
      const place = new Map(next.map(({ name }, i) => [name, i]))
      slots = [...slots].sort((a, b) => place.get(a.listed.name)! - place.get(b.listed.name)!)
      const named = (did: Change['did']) => changes.filter((each) => each?.did === did).map((each) => each!.name)
      const refused = changes.flatMap((each) => (each?.did === 'refused' ? { name: each.name, error: each.error } : []))
      return { started: named('started'), restarted: named('restarted'), ended, refused }
    },
    async stop() {
      await Promise.all(slots.map(finish))
    },
  }
}

/** Begins the items of a start, and gives those that wait for a file: they are begun by a change, once it is there. Throws what the first
 *  other one throws that cannot be begun. */
export async function beginAll<S, R>(roster: Roster<S, R>, list: readonly Listed<S>[]): Promise<Changes['refused']> {
  const { refused } = await roster.apply(list)
  const missing = new Set(list.filter((listed) => listed.missing !== undefined).map(({ name }) => name))
  const unfit = refused.find(({ name }) => !missing.has(name))
  if (unfit) throw unfit.error
  return refused
}
