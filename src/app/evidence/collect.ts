/** Collects the evidence of an alarm from a data folder: folds the journal as it was folded live and keeps what one episode rests on. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Transition } from '../../model/alarm.ts'
import type { Entry, Offset } from '../../model/entry.ts'
import { DavyError } from '../../model/errors.ts'
import type { Json } from '../../model/json.ts'
import { BUILT_IN, type Rule } from '../../model/rule.ts'
import type { Installation } from '../../model/site.ts'
import { formatInstant, type Instant, MINUTE } from '../../model/time.ts'
import { type AuditRecord, auditFile, parseRecord } from '../auth/audit.ts'
import { serialiseTransition } from '../wire.ts'
import {
  type Bundle,
  type BundledConfiguration,
  type BundledEntry,
  type BundledReading,
  FORMAT,
  seal,
} from './bundle.ts'
import { createRefold } from './refold.ts'
import { stateOf } from './state.ts'

export interface CollectOptions {
  readonly journal: { read(from: Offset): AsyncIterable<readonly Entry[]>; last(): Offset }
  readonly data: string
  readonly rules: ReadonlyMap<string, Rule>
  readonly configurationOf: (hash: string) => Promise<Installation | undefined>
  readonly alarm: string
  /** Default: the latest. */
  readonly episode?: number | undefined
  /** What was told of the alarm, as the alarm store has it. What it does not have (any more, or yet) is taken as the journal gives it. */
  readonly told?: readonly Transition[]
  /** Entries in a bundle. Default: a shift of a busy mine. */
  readonly most?: number
  readonly onProgress?: (done: Offset, of: Offset) => void
}

const LONGEST = 200_000
/** Entries before the condition began: what was calm is part of the proof. */
const LEAD = 5 * MINUTE

/** Throws `alarm-unknown`, and `configuration-lost` where the rules of that time were not kept. */
export async function collect(options: CollectOptions): Promise<Bundle> {
  const { journal, data, rules, configurationOf, alarm, most = LONGEST, onProgress } = options
  const found = await locate(options)
  const { episode, since, raised, last } = found
  const site = found.transitions[0]!.site
  const refold = createRefold({ rules, configurationOf })
  const entries: BundledEntry[] = []
  const again: Transition[] = []
  let before: Json | undefined
  let instance: Installation['rules'][number] | undefined
  const hashes = new Set<string>()
  const readings = new Map<string, BundledReading>()
  const wanted = new Set(
    found.transitions.flatMap(({ evidence }) => evidence.map(({ point, ts }) => `${point.id}|${ts}`)),
  )
  let cut = false
  // Where much comes in, the lead gives way: a bundle without the rise would prove nothing. What was before is in the state.
  const begins = (entry: Entry) => entry.at >= since - LEAD && entry.offset > raised - most / 2

  scan: for await (const batch of journal.read(1)) {
    for (const entry of batch) {
      if (entry.offset > last) break scan
      const transitions: Transition[] = []
      if (before === undefined && begins(entry) && refold.fold()) {
        before = stateOf(refold.fold()!, { alarm, site })
        hashes.add(refold.fold()!.installation.hash)
      }
      const applied = await refold.apply(entry, transitions)
      if (entry.offset === raised)
        instance = refold.fold()!.installation.rules.find(({ id }) => id === found.transitions[0]!.instance)
      for (const transition of transitions)
        if (transition.alarm === alarm && transition.episode === episode) again.push(transition)
      if (before === undefined) continue
      const bundled = bundle(entry, { site, alarm })
      if (bundled && entries.length < most) {
        entries.push(bundled)
        if (bundled.type === 'config') hashes.add(bundled.hash)
      } else if (bundled) {
        cut = true
      }
      const reading = applied?.reading
      if (reading && reading.point.siteId === site && wanted.has(`${reading.point.id}|${reading.ts}`)) {
        const zone = reading.point.site.timezone
        readings.set(`${reading.point.id}|${reading.ts}`, {
          offset: entry.offset,
          point: reading.point.id,
          ts: formatInstant(reading.ts, zone),
          received: formatInstant(reading.received, zone),
          value: reading.value as Json,
          quality: reading.quality,
          ...(reading.status !== undefined && { status: reading.status }),
          ...(reading.ref !== undefined && { ref: reading.ref }),
        })
      }
    }
    onProgress?.(batch.at(-1)?.offset ?? 0, journal.last())
  }

  const fold = refold.fold()!
  const { installation } = fold
  const transitions = asTold(again, { told: options.told ?? [], episode })
  const first = transitions[0]!
  const { regulation, clause, params, raiseAfter, clearAfter, hash, rule } = instance ?? fallback(first)
  return seal({
    format: FORMAT,
    alarm,
    episode,
    site,
    rule: {
      id: first.instance,
      rule,
      version: hash,
      ...(clause !== undefined && { clause }),
      regulation,
      params: params as Json,
      raiseAfter,
      clearAfter,
    },
    decision: { zh: first.text.zh, en: first.text.en },
    transitions: transitions.map((transition) => serialiseTransition(transition, installation)),
    before: before ?? null,
    after: stateOf(fold, { alarm, site }),
    readings: [...readings.values()],
    entries,
    ...(cut && { cut: true as const }),
    configurations: [...hashes].map((each) => configurationFiles(data, each)),
    audit: auditOf(data, alarm),
  })
}

/** What people and peers were told is what must come again, not what comes now: the program may be another one. */
function asTold(
  again: readonly Transition[],
  { told, episode }: { readonly told: readonly Transition[]; readonly episode: number },
): readonly Transition[] {
  const mine = told.filter((transition) => transition.episode === episode)
  const known = new Set(mine.map(({ id }) => id))
  const untold = again.filter(({ id }) => !known.has(id))
  return [...mine, ...untold].sort((a, b) => a.revision - b.revision)
}

interface Located {
  readonly episode: number
  readonly since: Instant
  readonly raised: Offset
  readonly last: Offset
  readonly transitions: readonly Transition[]
}

/** The first pass: where in the journal the episode stands. */
async function locate({
  journal,
  rules,
  configurationOf,
  alarm,
  episode,
  onProgress,
}: CollectOptions): Promise<Located> {
  const refold = createRefold({ rules, configurationOf })
  const mine: Transition[] = []
  for await (const batch of journal.read(1)) {
    for (const entry of batch) {
      const transitions: Transition[] = []
      await refold.apply(entry, transitions)
      for (const transition of transitions) if (transition.alarm === alarm) mine.push(transition)
    }
    onProgress?.(batch.at(-1)?.offset ?? 0, journal.last())
  }
  const wanted = episode ?? mine.at(-1)?.episode
  const transitions = mine.filter((transition) => transition.episode === wanted)
  const first = transitions[0]
  if (!first) {
    const which = episode === undefined ? '' : `, episode ${episode}`
    throw new DavyError('alarm-unknown', {
      message: `the journal gives no alarm ${alarm}${which}`,
      remedy: 'copy its id from the page or `GET /api/v1/alarms`',
    })
  }
  return {
    episode: first.episode,
    since: first.since ?? first.at,
    raised: first.offset,
    last: transitions.at(-1)!.offset,
    transitions,
  }
}

function bundle(entry: Entry, { site, alarm }: { site: string; alarm: string }): BundledEntry | undefined {
  const { offset, at } = entry
  switch (entry.type) {
    case 'reading': {
      const { point, ...measurement } = entry.reading
      return point.siteId === site ? { offset, at, type: 'reading', site, point: point.id, ...measurement } : undefined
    }
    case 'tick':
      return { offset, at, type: 'tick' }
    case 'command': {
      const { command } = entry
      const concerns = 'alarm' in command ? command.alarm === alarm : 'site' in command && command.site === site
      return concerns ? { offset, at, type: 'command', command } : undefined
    }
    case 'config':
      return { offset, at, type: 'config', hash: entry.hash }
  }
}

function fallback({ instance, rule }: Transition) {
  const title = { zh: '系统自检', en: 'Self-supervision' }
  return {
    id: instance,
    rule,
    hash: BUILT_IN,
    clause: undefined,
    regulation: { id: 'davylamp', title },
    params: {},
    raiseAfter: 0,
    clearAfter: 0,
  }
}

function configurationFiles(data: string, hash: string): BundledConfiguration {
  const root = join(data, 'configurations', hash)
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  return {
    hash,
    files: paths.map((path) => {
      const text = readFileSync(path, 'utf8')
      return { path: path.slice(root.length + 1), sha256: createHash('sha256').update(text).digest('hex'), text }
    }),
  }
}

/** What was done about the alarm, and the head of the chain. Throws `data-damaged` where that cannot be read. */
function auditOf(data: string, alarm: string): { records: AuditRecord[]; head?: AuditRecord } {
  let text: string
  try {
    text = readFileSync(auditFile(data), 'utf8')
  } catch {
    return { records: [] }
  }
  const read = (line: string, n: number) => {
    const record = parseRecord(line)
    if (record) return record
    throw new DavyError('data-damaged', {
      message: `line ${n} is no record`,
      where: auditFile(data),
      remedy: '`davy verify` names the first broken record; restore the file from a backup',
    })
  }
  const lines = text.split('\n').slice(0, -1)
  const records = lines.flatMap((line, i) => (line.includes(JSON.stringify(alarm)) ? [read(line, i + 1)] : []))
  const head = lines.at(-1)
  return {
    // Who looked at it is no part of what was done, and nothing to hand out with it.
    records: records.filter(({ object, action }) => object === alarm && action !== 'alarm-viewed'),
    ...(head !== undefined && { head: read(head, lines.length) }),
  }
}
