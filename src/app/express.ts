/** The way to the alarm store has two lanes: what is critical, and all else of its alarms, overtakes what waits; within an alarm nothing overtakes. */
import type { Transition } from '../model/alarm.ts'
import type { StreamedTransition } from '../model/ports.ts'

export interface Express {
  /** Resolves with what was new among them once all of them are stored; rejects where some were refused. */
  push(transitions: readonly Transition[]): Promise<readonly StreamedTransition[]>
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>
}

/** One storing at most: a critical alarm waits for no more than this. */
const CHUNK = 1_000

interface Call {
  left: number
  readonly fresh: StreamedTransition[]
  readonly done: (fresh: readonly StreamedTransition[]) => void
  readonly failed: (error: unknown) => void
}

interface Entry {
  readonly transition: Transition
  readonly call: Call
}

/** `put` is called by one at a time. What it gives beyond what it was given goes to the first who asked. */
export function createExpress(
  put: (transitions: readonly Transition[]) => Promise<readonly StreamedTransition[]>,
  onError: (error: unknown) => void,
): Express {
  const express: Entry[] = []
  let ordinary: Entry[] = []
  /** Calls without transitions of their own. */
  const empty: Call[] = []
  /** How many transitions of each alarm wait, and in which lane. */
  const waiting = new Map<string, { count: number; urgent: boolean }>()
  let running: Promise<void> | undefined

  /** Moves an alarm into the fast lane, with what of it waits already. */
  function hurry(alarm: string): void {
    const known = waiting.get(alarm)
    if (known && !known.urgent) {
      express.push(...ordinary.filter(({ transition }) => transition.alarm === alarm))
      ordinary = ordinary.filter(({ transition }) => transition.alarm !== alarm)
    }
    waiting.set(alarm, { count: known?.count ?? 0, urgent: true })
  }

  function enter(transition: Transition, call: Call): void {
    const { alarm, severity } = transition
    if (severity === 'critical' && !waiting.get(alarm)?.urgent) hurry(alarm)
    const known = waiting.get(alarm) ?? { count: 0, urgent: false }
    known.count += 1
    waiting.set(alarm, known)
    ;(known.urgent ? express : ordinary).push({ transition, call })
  }

  /** The next to be stored: of the slow lane only what one caller gave, so that batches stay as they came. */
  function take(): readonly Entry[] {
    const lane = express.length > 0 ? express : ordinary
    const first = lane[0]?.call
    let size = 0
    while (size < CHUNK && size < lane.length && (lane === express || lane[size]!.call === first)) size++
    const taken = lane.splice(0, size)
    for (const { transition } of taken) {
      const known = waiting.get(transition.alarm)!
      known.count -= 1
      if (known.count === 0) waiting.delete(transition.alarm)
    }
    return taken
  }

  async function turn(): Promise<void> {
    const entries = take()
    const calls = entries.length > 0 ? [...new Set(entries.map(({ call }) => call))] : empty.splice(0, 1)
    try {
      const fresh = await put(entries.map(({ transition }) => transition))
      const callOf = new Map(entries.map(({ transition, call }) => [transition.id, call]))
      for (const one of fresh) (callOf.get(one.transition.id) ?? calls[0]!).fresh.push(one)
      for (const { call } of entries) call.left -= 1
      for (const call of calls) if (call.left === 0) call.done(call.fresh.sort((a, b) => a.seq - b.seq))
    } catch (error) {
      onError(error)
      for (const { call } of entries) call.left -= 1
      for (const call of calls) call.failed(error)
    }
  }

  async function run(): Promise<void> {
    while (express.length > 0 || ordinary.length > 0 || empty.length > 0) await turn()
    running = undefined
  }

  return {
    push(transitions) {
      return new Promise((done, failed) => {
        const call: Call = { left: transitions.length, fresh: [], done, failed }
        for (const transition of transitions) enter(transition, call)
        if (transitions.length === 0) empty.push(call)
        running ??= run()
      })
    },
    async idle() {
      while (running) await running
    },
  }
}
