/** Brings transitions to people and peers: first into the alarm store, then to listeners and sinks. */
import { SEVERITIES, type Transition } from '../model/alarm.ts'
import type { AlarmRecord, AlarmSink, AlarmStore, StreamedTransition } from '../model/ports.ts'
import { createExpress } from './express.ts'
import type { Log } from './log.ts'

export interface Publisher {
  /** Queues transitions; resolves with the new ones once they are stored, with those that the store did not take before.
   *  Rejects where the store does not take them: they are kept, and stored with the next ones. Sinks follow on their own. */
  publish(transitions: readonly Transition[]): Promise<readonly StreamedTransition[]>
  onTransitions(listener: (batch: readonly StreamedTransition[]) => void): () => void
  /** Alarms that are active or not yet acknowledged, worst first, then newest. */
  standing(site?: string): readonly AlarmRecord[]
  published(): number
  /** Reads anew from the store what stands, where it was changed there. */
  reload(): Promise<void>
  /** Resolves when everything is stored and every sink has had its turn; rejects where the store still takes nothing. */
  drain(): Promise<void>
}

/** Reads the alarms that stood when the store was last written, and tells sinks of them again: a broker that was restarted
 *  retains nothing. Sinks wait for `open`, which must resolve: transitions are published before their peers listen. */
export async function createPublisher(options: {
  readonly alarms: AlarmStore
  readonly sinks: readonly AlarmSink[]
  readonly open: Promise<void>
  readonly log: Log
}): Promise<Publisher> {
  const { alarms, sinks, open, log } = options
  const listeners = new Set<(batch: readonly StreamedTransition[]) => void>()
  const standing = new Map<string, AlarmRecord>()
  const turns = new Map<AlarmSink, Promise<void>>()
  let published = 0
  /** What the store refused, oldest first. */
  let unstored: readonly Transition[] = []

  /** What stood when the store was last read. */
  let stood: readonly Transition[] = []

  async function reload(): Promise<void> {
    standing.clear()
    for (const record of await listStanding(alarms)) {
      const known = standing.get(record.alarm)
      if (!known || known.episode < record.episode) standing.set(record.alarm, record)
    }
    stood = [...standing.values()].map(({ last }) => last).sort((a, b) => a.offset - b.offset)
  }
  await reload()

  function note(transition: Transition): void {
    if (transition.to === 'normal') {
      standing.delete(transition.alarm)
      return
    }
    const before = standing.get(transition.alarm)
    const raised = before?.episode === transition.episode ? before.raised : transition.at
    const cleared =
      transition.cause === 'cleared'
        ? transition.at
        : before?.episode === transition.episode
          ? before.cleared
          : undefined
    standing.set(transition.alarm, {
      alarm: transition.alarm,
      episode: transition.episode,
      state: transition.to,
      severity: transition.severity,
      raised,
      ...(cleared !== undefined && { cleared }),
      last: transition,
    })
  }

  /** At its turn, what a sink is to be told then. */
  function send(sink: AlarmSink, told: () => readonly Transition[]): void {
    const turn = (turns.get(sink) ?? open).then(async () => {
      const batch = told()
      if (batch.length === 0) return
      await sink.publish(batch).catch((error: unknown) => {
        log.error(`${sink.name}: ${batch.length} transitions not published: ${String(error)}`)
      })
    })
    turns.set(sink, turn)
  }

  /** A sink knows one episode of an alarm: what is withdrawn does not end another one that stands. */
  const concerns = ({ cause, alarm }: Transition) => cause !== 'withdrawn' || !standing.has(alarm)

  async function put(transitions: readonly Transition[]): Promise<readonly StreamedTransition[]> {
    const batch = unstored.length > 0 ? [...unstored, ...transitions] : transitions
    // Until the store says otherwise they are not in it.
    unstored = batch
    const fresh = await alarms.put(batch)
    unstored = []
    published += fresh.length
    for (const { transition } of fresh) note(transition)
    for (const listener of listeners) {
      try {
        listener(fresh)
      } catch (error) {
        log.error(`a listener to transitions: ${String(error)}`)
      }
    }
    // Sinks get all of them: what was stored before a crash may not have reached them, and ids make it harmless.
    for (const sink of sinks) send(sink, () => batch.filter(concerns))
    return fresh
  }

  const { push: store, idle } = createExpress(put, (error) => log.error(`alarm store: ${String(error)}`))

  // As it is known at their turn.
  for (const sink of sinks) send(sink, () => stood)

  return {
    publish: store,
    onTransitions(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    standing: (site) =>
      [...standing.values()]
        .filter((record) => site === undefined || record.last.site === site)
        .sort((a, b) => rank(a) - rank(b) || b.raised - a.raised || (a.alarm < b.alarm ? -1 : 1)),
    published: () => published,
    reload,
    async drain() {
      await idle()
      if (unstored.length > 0) await store([])
      await Promise.all(turns.values())
    },
  }
}

/** Every episode that stands, as the store has it. */
export async function listStanding(alarms: Pick<AlarmStore, 'list'>): Promise<readonly AlarmRecord[]> {
  const found: AlarmRecord[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await alarms.list({
      state: ['unacked', 'acked', 'rtn-unacked'],
      limit: 1_000,
      ...(cursor !== undefined && { cursor }),
    })
    found.push(...page.items)
    cursor = page.next
    if (cursor === undefined) return found
  }
}

const rank = ({ severity }: AlarmRecord) => SEVERITIES.indexOf(severity)
