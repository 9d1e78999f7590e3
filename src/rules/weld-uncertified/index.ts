/** `weld-uncertified`: a session by a person whose certificate is missing, of another kind, or expired (无证作业). */
import Type, { type Static } from 'typebox'
import type { EntryRef } from '../../model/entry.ts'
import type { Json } from '../../model/json.ts'
import type { Reading, WeldStep } from '../../model/reading.ts'
import { entryRef, type Out, type Rule, type Scope } from '../../model/rule.ts'
import type { Area } from '../../model/site.ts'
import { HOUR, type Instant } from '../../model/time.ts'
import { loadRef, sameRef, saveRef } from '../evidence.ts'
import { loadStatement, note, type Statement, saveStatement, silence } from '../statement.ts'
import { machineName, machineOf, machinesOf } from '../welding.ts'
import { CERTIFICATES, type Standing, standingOf } from './certificate.ts'

const Params = Type.Object({
  certificates: Type.Array(Type.String({ minLength: 1 }), {
    default: [...CERTIFICATES],
    minItems: 1,
    uniqueItems: true,
    description: 'Certificates that allow welding, as `certificate` of the people file names them.',
  }),
})

type Params = Static<typeof Params>

interface Machine {
  readonly id: string
  readonly area: Area | undefined
  /** Who last scanned, for an unlock that names nobody, and the scan. */
  scanned: string | undefined
  scan: EntryRef | undefined
  /** The running session's unlock or start; absent when locked. */
  session: EntryRef | undefined
  person: string | undefined
  /** Where the person was named: the session's entry itself, or a scan or unlock before it. */
  named: EntryRef | undefined
  /** Event time up to which it has been judged. */
  judged: Instant
  statement: Statement
}

interface State {
  readonly scope: Scope<Params>
  readonly machines: ReadonlyMap<string, Machine>
}

export const weldUncertified: Rule<Params, State> = {
  name: 'weld-uncertified',
  title: { zh: '无证焊接', en: 'Welding without a certificate' },
  key: 'machine',
  watches: ['weld.session'],
  matches: 'points',
  partition: 'site',
  defaults: { raiseAfter: 0, clearAfter: 0, severity: 'major' },
  params: Params,

  begin: (scope) => start(scope),

  reading(state, reading, out) {
    if (reading.quality === 'bad' || reading.value === null) return
    const machine = state.machines.get(machineOf(reading.point))!
    const { event, person } = reading.value as WeldStep
    if (event === 'scan') {
      machine.scanned = person
      machine.scan = person === undefined ? undefined : entryRef(reading)
    } else if (event === 'unlock' || event === 'start') open(state, machine, { reading, out })
    // Only a good word ends a session that should not be.
    else if (event === 'lock' && reading.quality === 'good') close(state, machine, { reading, out })
  },

  /** A certificate ends while its holder works; or a new people file says something else of him. */
  wake(state, out) {
    for (const machine of state.machines.values()) {
      if (!machine.session) continue
      const standing = standingNow(state, machine, out.settled)
      if (standing.certified !== machine.statement.active) continue
      const since = standing.certified ? out.settled : (standing.since ?? out.settled)
      judge(state, machine, { standing, at: Math.max(since, machine.judged), out })
    }
    wish(state, out)
  },

  save: ({ machines }) =>
    [...machines.values()].map(({ id, scanned, session, person, judged, statement, scan, named }) => [
      id,
      scanned ?? null,
      saveRef(session),
      person ?? null,
      judged,
      saveStatement(statement),
      saveRef(scan),
      saveRef(named),
    ]),

  load(saved, scope) {
    const state = start(scope)
    type Row = readonly [string, string | null, Json, string | null, Instant, Json, Json?, Json?]
    for (const [id, scanned, session, person, judged, statement, scan, named] of saved as unknown as readonly Row[]) {
      const machine = state.machines.get(id)
      if (!machine) continue
      machine.scanned = scanned ?? undefined
      machine.session = loadRef(session, scope.site)
      machine.person = person ?? undefined
      machine.judged = judged
      machine.statement = loadStatement(statement)
      machine.scan = loadRef(scan, scope.site)
      machine.named = loadRef(named, scope.site)
    }
    return state
  },
}

function start(scope: Scope<Params>): State {
  const machines = new Map<string, Machine>()
  for (const [id, points] of machinesOf(scope.points)) {
    const { area } = points[0]!
    const empty = {
      scanned: undefined,
      scan: undefined,
      session: undefined,
      person: undefined,
      named: undefined,
      judged: 0,
    }
    machines.set(id, { id, area, ...empty, statement: silence() })
  }
  return { scope, machines }
}

interface Heard {
  readonly reading: Reading
  readonly out: Out
}

function open(state: State, machine: Machine, { reading, out }: Heard): void {
  const { event, person: named } = reading.value as WeldStep
  const running = event === 'start' && machine.session ? machine.person : undefined
  const before = { session: machine.session, person: machine.person, named: machine.named }
  machine.session = entryRef(reading)
  if (named !== undefined) machine.named = machine.session
  else if (running === undefined) machine.named = machine.scan
  machine.person = named ?? running ?? machine.scanned
  const standing = standingNow(state, machine, reading.ts)
  // A doubtful word may show that somebody should not weld, but not that all is well again.
  if (reading.quality !== 'good' && standing.certified && machine.statement.active) Object.assign(machine, before)
  else judge(state, machine, { standing, at: reading.ts, out })
  wish(state, out)
}

function close({ scope }: State, machine: Machine, { reading, out }: Heard): void {
  machine.session = undefined
  machine.person = undefined
  machine.named = undefined
  machine.scanned = undefined
  machine.scan = undefined
  machine.judged = reading.ts
  const { clearAfter } = scope.instance
  if (!note(machine.statement, { active: false, at: reading.ts, clearAfter })) return
  const { zh, en } = machineName(machine.id, machine.area)
  const text = { zh: `${zh} 已锁定`, en: `${en} is locked` }
  out.condition({ key: machine.id, truth: 'inactive', at: reading.ts, text, evidence: [entryRef(reading)] })
}

function standingNow({ scope }: State, { person }: Machine, at: Instant): Standing {
  return standingOf(person, { site: scope.site, certificates: scope.params.certificates, at })
}

function judge(
  { scope }: State,
  machine: Machine,
  { standing, at, out }: { standing: Standing; at: Instant; out: Out },
): void {
  machine.judged = at
  const active = !standing.certified
  if (!note(machine.statement, { active, at, clearAfter: scope.instance.clearAfter })) return
  const { zh, en } = machineName(machine.id, machine.area)
  const why = standing.certified ? { zh: '作业人员证书有效', en: 'who works has a valid certificate' } : standing.why
  out.condition({
    key: machine.id,
    truth: active ? 'active' : 'inactive',
    at,
    text: { zh: `${zh}：${why.zh}`, en: `${en}: ${why.en}` },
    evidence: evidenceOf(machine),
  })
}

/** Who works, and that they do. */
function evidenceOf({ named, session }: Machine): EntryRef[] {
  if (!session) return []
  return named && !sameRef(named, session) ? [named, session] : [session]
}

/** While a session runs: when the first certificate ends, and now and then for what a new people file brings. */
function wish(state: State, out: Out): void {
  for (const machine of state.machines.values()) {
    if (!machine.session) continue
    const standing = standingNow(state, machine, machine.judged)
    const end = standing.certified ? standing.until : Number.POSITIVE_INFINITY
    out.wakeAt(Math.max(Math.min(end, out.now + HOUR), out.now + 1))
  }
}
