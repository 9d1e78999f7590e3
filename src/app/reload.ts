/** Puts a changed configuration in force while the service runs: sites and rules between two entries of the journal, and of davy.yaml each
 *  item that changed, and no other. */
import type { ForwardSettings } from '../adapters/forward/settings.ts'
import type { Broker } from '../adapters/mqtt/broker.ts'
import type { AuditEntry } from './auth/audit.ts'
import type { Clock } from './clock.ts'
import type { Settings, SourceSettings } from './config/settings-schema.ts'
import type { Configuration } from './configuration.ts'
import type { ConfigurationView } from './configuration-state.ts'
import { doorsOf } from './doors.ts'
import type { Export } from './exports/export.ts'
import { listExports } from './exports/exports.ts'
import type { ExportSettings } from './exports/settings.ts'
import { listed } from './fingerprint.ts'
import type { Forward } from './forward.ts'
import { frozenChanges } from './frozen.ts'
import type { Log } from './log.ts'
import type { LiveNotifications } from './notify/notifications-port.ts'
import type { Changes, Listed, Roster } from './roster.ts'
import type { RunningSource } from './sources.ts'

export type Applicable = Pick<Configuration, 'installation' | 'settings' | 'files'>

/** What runs item by item. */
export interface Rosters {
  readonly sources: Roster<SourceSettings, RunningSource>
  readonly forwards: Roster<ForwardSettings, Forward>
  readonly exports: Roster<ExportSettings, Export>
}

export interface ReloadParts {
  /** In force since the start. */
  readonly begun: Applicable
  readonly rosters: Rosters
  /** What could not be begun at the start, for want of a file. */
  readonly waiting?: Readonly<Record<keyof Rosters, Changes['refused']>>
  readonly notifications: Pick<LiveNotifications, 'apply'>
  readonly broker: Pick<Broker, 'admit'> | undefined
  /** Serves the API by the certificates that stand in these files now. Throws where it cannot. */
  readonly renewTls: (tls: Settings['listen']['tls']) => void
  /** Changes sites and rules between two entries of the journal. Rejects where it cannot, and leaves the old ones in force. */
  readonly swap: (next: Applicable) => Promise<void>
  readonly audit: { append(entry: AuditEntry): Promise<unknown> }
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

export interface Reload {
  /** Puts in force what changed. Rejects, and leaves everything as it was, where sites and rules cannot be; an item that cannot be goes on
   *  as it was, and is named. What is in force and cannot be put on record stays so, and is named as well. One after another. */
  apply(next: Applicable): Promise<void>
  /** What stands in the files is broken, a line a problem: the old configuration goes on. */
  refuse(problems: readonly string[]): void
  view(): ConfigurationView
  /** Resolves once no change is under way; what waits is not made any more. */
  close(): Promise<void>
}

/** What came of one change, in words. */
interface Outcome {
  readonly did: string[]
  readonly problems: string[]
}

/** Problems kept for the page. */
const MOST = 100
const KINDS = { sources: 'source', forwards: 'way up', exports: 'export' } as const

export function listsOf({ sources, forward, exports }: Settings) {
  return {
    sources: sources.map((source) => listed(source.name, source)),
    forwards: forward.map((own) => listed(own.name, own)),
    exports: listExports(exports),
  } satisfies { readonly [K in keyof Rosters]: readonly Listed<unknown>[] }
}

export function createReload(parts: ReloadParts): Reload {
  const { begun, rosters, notifications, broker, clock, log } = parts
  let { installation, settings } = begun
  let doors = doorsOf(settings, settings)
  let notify = listed('notify', settings.notify).fingerprint
  let since = clock.now()
  let refused: ConfigurationView['refused']
  let restart: readonly string[] = []
  /** Changes in force that the audit log does not hold yet, and why. */
  const owed: AuditEntry[] = []
  let unrecorded: string | undefined
  let turn: Promise<void> = Promise.resolve()
  let closed = false
  const absent = Object.entries(parts.waiting ?? {}).flatMap(([kind, items]) =>
    items.map(({ name, error }) => `${KINDS[kind as keyof Rosters]} ${name} not begun: ${reasonOf(error)}`),
  )
  if (absent.length > 0) tell(absent, 'begun without what waits for its files')

  function attempt(what: string, { problems, call }: Pick<Outcome, 'problems'> & { call: () => void }): boolean {
    try {
      call()
      return true
    } catch (error) {
      problems.push(`${what} not changed: ${reasonOf(error)}`)
      return false
    }
  }

  function note(kind: string, { started, restarted, ended, refused: not }: Changes, { did, problems }: Outcome): void {
    did.push(
      ...ended.map((name) => `${kind} ${name} ended`),
      ...started.map((name) => `${kind} ${name} begun`),
      ...restarted.map((name) => `${kind} ${name} begun anew`),
    )
    problems.push(...not.map(({ name, error }) => `${kind} ${name} not changed: ${reasonOf(error)}`))
  }

  function changeDoors(next: Settings, { did, problems }: Outcome): void {
    const wanted = doorsOf(next, begun.settings)
    const change = (door: keyof typeof doors, what: string, call: () => void) => {
      const { fingerprint } = wanted[door]
      if (fingerprint === doors[door].fingerprint || !attempt(what, { problems, call })) return
      doors = { ...doors, [door]: wanted[door] }
      did.push(`${what} changed`)
    }
    const { mqtt, listen } = wanted
    change('mqtt', 'users and certificates of the MQTT broker', () => broker?.admit(mqtt.settings))
    change('listen', 'certificates of the API', () => parts.renewTls(listen.settings.tls))
  }

  async function changeItems(next: Settings, outcome: Outcome): Promise<void> {
    const lists = listsOf(next)
    // Sources last: what they bring may go up by ways that are new, too.
    const [forwards, exports] = await Promise.all([
      rosters.forwards.apply(lists.forwards),
      rosters.exports.apply(lists.exports),
      changeNotify(next, outcome),
    ])
    note(KINDS.forwards, forwards, outcome)
    note(KINDS.exports, exports, outcome)
    note(KINDS.sources, await rosters.sources.apply(lists.sources), outcome)
  }

  async function changeNotify(next: Settings, outcome: Outcome): Promise<void> {
    const { fingerprint } = listed('notify', next.notify)
    if (fingerprint === notify) return
    try {
      const changes = await notifications.apply(next.notify)
      note('channel', changes, outcome)
      outcome.did.push('notifications changed')
      if (changes.refused.length === 0) notify = fingerprint
    } catch (error) {
      outcome.problems.push(`notifications not changed: ${reasonOf(error)}`)
    }
  }

  async function retire(next: Settings): Promise<string[]> {
    const lists = listsOf(next)
    const gone = await Promise.all([
      rosters.sources.retire(lists.sources),
      rosters.forwards.retire(lists.forwards),
      rosters.exports.retire(lists.exports),
    ])
    const kinds = [KINDS.sources, KINDS.forwards, KINDS.exports]
    return gone.flatMap((names, i) => names.map((name) => `${kinds[i]} ${name} ended`))
  }

  async function change(next: Applicable): Promise<void> {
    // What goes is gone before its points may be: nothing of it is refused for a point that was just taken away with it.
    const outcome: Outcome = { did: await retire(next.settings), problems: [] }
    const before = installation.hash
    if (next.installation.hash !== before) {
      try {
        await parts.swap(next)
      } catch (error) {
        const back: Outcome = { did: [], problems: [] }
        await changeItems(settings, back)
        // Whoever refused it is told of the rest: this would be missed.
        if (back.problems.length > 0) log.error(`what had ended is not as it was: ${back.problems.join('\n')}`)
        throw error
      }
    }
    ;({ installation, settings } = next)
    changeDoors(settings, outcome)
    await changeItems(settings, outcome)
    report(outcome, before)
    if (outcome.did.length > 0 || installation.hash !== before) {
      since = clock.now()
      const { hash, sites, rules } = installation
      const detail = { before, sites: sites.size, rules: rules.length, changed: outcome.did }
      owed.push({ who: 'system', action: 'configuration-reloaded', object: hash, detail })
    }
    await record()
  }

  /** What is in force is not undone for want of a record: it is owed, and written with the next change or look at the files. */
  async function record(): Promise<void> {
    try {
      for (let entry = owed[0]; entry; entry = owed[0]) {
        await parts.audit.append(entry)
        owed.shift()
      }
      unrecorded = undefined
    } catch (error) {
      unrecorded = reasonOf(error)
      log.error(`the configuration is in force, but not on record in the audit log: ${unrecorded}`)
    }
  }

  function report({ did, problems }: Outcome, before: string): void {
    const { hash, sites, rules } = installation
    if (did.length > 0 || hash !== before) {
      log.info([`configuration reloaded: ${sites.size} sites, ${rules.length} rules`, ...did].join('; '), { hash })
    }
    if (problems.length > 0) tell(problems, 'configuration not reloaded as a whole')
    else if (refused) {
      refused = undefined
      log.info('the configuration is in order again: nothing of its files is refused')
    }
    const waiting = frozenChanges(begun.settings, settings)
    if (waiting.length > 0 && waiting.join() !== restart.join()) {
      log.warn(`these settings come into force with a restart only: ${waiting.join(', ')}`)
    }
    restart = waiting
  }

  function tell(problems: readonly string[], what: string): void {
    refused = { at: clock.now(), problems: problems.slice(0, MOST) }
    log.error(`${what}: ${problems.join('\n')}`)
  }

  return {
    apply(next) {
      const done = turn.then(() => (closed ? undefined : change(next)))
      turn = done.catch(() => {})
      return done
    },
    refuse: (problems) => tell(problems, 'configuration not reloaded, the old one goes on'),
    view: () => ({
      hash: installation.hash,
      since,
      ...(refused && { refused }),
      ...(unrecorded !== undefined && { unrecorded }),
      restart,
    }),
    async close() {
      closed = true
      await turn
    },
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
