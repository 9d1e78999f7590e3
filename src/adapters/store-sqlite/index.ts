/** Snapshots, dead letters, the alarm store and the list of hazards in one SQLite file, written with `synchronous=FULL` by a thread of its own. */

import type { AlarmState, Severity, Transition } from '../../model/alarm.ts'
import type { AlarmKpis } from '../../model/alarm-kpi.ts'
import type { EntryRef } from '../../model/entry.ts'
import type { HazardStore } from '../../model/hazard-store.ts'
import type { AlarmStore, DeadLetters, Snapshots } from '../../model/ports.ts'
import { parseBody } from '../sqlite/damage.ts'
import { openThread, type Thread } from '../sqlite/thread.ts'
import { hazardsOf } from './hazards.ts'
import { kpisOf } from './kpis.ts'
import type { StoreHandlers } from './worker.ts'

export interface Store {
  readonly snapshots: Snapshots
  readonly letters: DeadLetters
  readonly alarms: AlarmStore
  readonly hazards: HazardStore
  readonly kpis: AlarmKpis
  /** Closes all of them. */
  close(): Promise<void>
}

export interface StoreOptions {
  readonly file: string
  /** Dead letters kept; default 100 000. */
  readonly letters?: number
  /** Bytes of their payloads kept; default 1 GiB. */
  readonly letterBytes?: number
  /** Told when a damaged snapshot was passed over. */
  readonly warn?: (message: string) => void
}

/** Opens or creates the store; `data-in-use` where it is open already, `data-newer` where its format is newer. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { file, letters = 100_000, letterBytes = 2 ** 30, warn = () => {} } = options
  const bounds = { letters, bytes: letterBytes }
  const { thread } = await openThread<StoreHandlers>(new URL('./worker.ts', import.meta.url), { file, bounds })
  const kpis = kpisOf(file, { warn })
  return {
    kpis,
    snapshots: snapshotsOf(thread, warn),
    letters: lettersOf(thread),
    alarms: alarmsOf(thread, file),
    hazards: hazardsOf(thread, file),
    async close() {
      await kpis.close()
      await thread.close()
    },
  }
}

function snapshotsOf(thread: Thread<StoreHandlers>, warn: (message: string) => void): Snapshots {
  return {
    save: ({ offset, hash, state }) =>
      thread.call('saveSnapshot', { argument: { offset, hash, state: JSON.stringify(state) } }),
    async latest() {
      const { found, damage } = await thread.call('latestSnapshot')
      for (const message of damage) warn(message)
      return found && { ...found, state: JSON.parse(found.state) }
    },
  }
}

function lettersOf(thread: Thread<StoreHandlers>): DeadLetters {
  return {
    // A payload may be a window on a socket's buffer, all of which would cross to the thread.
    put: (letters) =>
      thread.call('putLetters', {
        argument: letters.map((letter) => ({ ...letter, payload: new Uint8Array(letter.payload) })),
      }),
    list: (query) => thread.call('listLetters', { argument: query }),
    get: (id) => thread.call('getLetter', { argument: id }),
    markReplayed: (id) => thread.call('markReplayed', { argument: id }),
    counts: () => thread.call('countLetters'),
  }
}

function alarmsOf(thread: Thread<StoreHandlers>, file: string): AlarmStore {
  const parse = (body: string) => parseBody<Transition>(body, { file, kind: 'store' })
  return {
    async put(transitions) {
      if (!transitions.length) return []
      const plain = transitions.map(plainTransition)
      const rows = plain.map((transition) => {
        const { id, alarm, episode, revision, at, offset, site, rule, key, from, to, cause, severity, desk } =
          transition
        const body = JSON.stringify(transition)
        return { id, alarm, episode, revision, at, offset, site, rule, key, from, to, cause, severity, desk, body }
      })
      const { first, fresh } = await thread.call('putAlarms', { argument: rows })
      return fresh.map((index, i) => ({ seq: first + i, transition: plain[index]! }))
    },
    async list(query) {
      const { rows, next } = await thread.call('listAlarms', { argument: query })
      const items = rows.map(({ alarm, episode, state, severity, raised, cleared, withdrawn, body }) => ({
        alarm,
        episode,
        state: state as AlarmState,
        severity: severity as Severity,
        raised,
        ...(cleared === null ? {} : { cleared }),
        ...(withdrawn !== null && { withdrawn: true as const }),
        last: parse(body),
      }))
      return next === undefined ? { items } : { items, next }
    },
    timeline: async (alarm) => (await thread.call('timeline', { argument: alarm })).map(parse),
    beginning: (prefix) => thread.call('beginning', { argument: prefix }),
    since: async (seq, limit) =>
      (await thread.call('since', { argument: { seq, limit } })).map(({ seq, body }) => ({
        seq,
        transition: parse(body),
      })),
    // Plain fields of what may be whole nodes of the fold.
    reconcile: ({ known, since }) =>
      thread.call('reconcileAlarms', {
        argument: { known: known.map(({ alarm, episode, revision }) => ({ alarm, episode, revision })), since },
      }),
    async retell(ids) {
      const { first, bodies } = await thread.call('retellAlarms', { argument: ids })
      return bodies.map((body, i) => ({ seq: first + i, transition: parse(body) }))
    },
    last: () => thread.call('lastAlarm'),
    offset: () => thread.call('alarmOffset'),
    close: () => thread.close(),
  }
}

/** Without the configuration that hangs on its points: evidence names them only. */
function plainTransition(transition: Transition): Transition {
  return { ...transition, evidence: transition.evidence.map(plainEvidence) }
}

function plainEvidence({ point: { siteId, id }, ts, value, ref }: EntryRef): EntryRef {
  const point = { siteId, id }
  return ref === undefined ? { point, ts, value } : { point, ts, value, ref }
}
