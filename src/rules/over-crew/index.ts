/** `over-crew`: more persons in an area than the regulation allows (超员), counted in the order in which they moved. */
import type { Member } from '../../model/crew.ts'
import type { Json } from '../../model/json.ts'
import type { Out, Rule, Scope } from '../../model/rule.ts'
import { within } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import { loadRef, saveRef } from '../evidence.ts'
import { loadStatement, note, saveStatement, silence } from '../statement.ts'
import { place, takeInstant } from '../timeline.ts'
import { escalatedFrom, nextRegime, type Regime, regimeAt } from './calendar.ts'
import { type OverCrewParams, Params } from './params.ts'
import type { Delta, Face, State } from './state.ts'
import { evidenceOf, wording } from './wording.ts'

export const overCrew: Rule<OverCrewParams, State> = {
  name: 'over-crew',
  calendar: true,
  title: { zh: '超员', en: 'Over crew limit' },
  key: 'area',
  watches: [],
  matches: 'areas',
  partition: 'site',
  outlives: ['match', 'numbers'],
  defaults: { raiseAfter: 60_000, clearAfter: 60_000, severity: 'major' },
  params: Params,

  begin(scope, out) {
    const state = start(scope, out.now)
    for (const face of state.faces) judge(state, face, { at: out.now, out })
    wish(state, out)
    return state
  },

  move(state, { member, from, to, ts, evidence }, out) {
    if (!counts(state.scope, member)) return
    for (const [face, { area }] of state.faces.entries()) {
      const enters = within(to, area)
      if (enters !== within(from, area)) place(state.open, { ts, subject: member.id, face, enters, evidence })
    }
    advance(state, out)
  },

  wake: advance,

  redeclared(state, out) {
    for (const face of state.faces) recount(state, face)
    turn(state, out.settled)
    for (const face of state.faces) judge(state, face, { at: Math.max(out.settled, face.judged), out })
    advance(state, out)
  },

  save: ({ faces, open, turn, change }) => ({
    faces: faces.map((f) => [
      f.area.id,
      [...f.inside],
      [...f.counted],
      f.judged,
      saveRef(f.entered),
      saveRef(f.over),
      saveStatement(f.statement),
    ]),
    open: open.map((d) => [d.ts, d.subject, faces[d.face]!.area.id, d.enters, saveRef(d.evidence)]),
    turn,
    change: Number.isFinite(change) ? change : null,
  }),

  load(saved, scope) {
    const { faces, open, turn, change } = saved as unknown as Saved
    const state = start(scope, change ?? 0)
    state.turn = turn
    state.change = change ?? Number.POSITIVE_INFINITY
    const order = new Map(state.faces.map((face, i) => [face.area.id, i]))
    // Those that are watched only now are judged as of the change that brought them.
    for (const face of state.faces) face.judged = 0
    for (const [id, inside, counted, judged, entered, over, statement] of faces) {
      const face = state.faces[order.get(id) ?? -1]
      if (!face) continue
      face.inside = new Set(inside)
      face.counted = new Set(counted)
      face.judged = judged
      face.entered = loadRef(entered, scope.site)
      face.over = loadRef(over, scope.site)
      face.statement = loadStatement(statement)
    }
    for (const [ts, subject, id, enters, evidence] of open) {
      const face = order.get(id)
      if (face !== undefined) state.open.push({ ts, subject, face, enters, evidence: loadRef(evidence, scope.site)! })
    }
    return state
  },
}

interface Saved {
  readonly faces: readonly (readonly [string, string[], string[], Instant, Json, Json, Json])[]
  readonly open: readonly (readonly [Instant, string, string, boolean, Json])[]
  readonly turn: string
  readonly change: Instant | null
}

/** Whoever is there now is counted from now on. */
function start(scope: Scope<OverCrewParams>, now: Instant): State {
  const { areas, crew } = scope
  const faces = areas.map((area): Face => {
    const ids = crew
      .inside(area)
      .filter((member) => counts(scope, member))
      .map(({ id }) => id)
    return {
      area,
      inside: new Set(ids),
      counted: new Set(ids),
      judged: ids.length > 0 ? now : 0,
      entered: undefined,
      over: undefined,
      statement: silence(),
    }
  })
  return { scope, faces, open: [], turn: turnName(regimeAt(now, scope)), change: nextRegime(now, scope) }
}

function counts({ params }: Scope<OverCrewParams>, { person }: Member): boolean {
  return person?.role === undefined || !params.exclude.includes(person.role)
}

/** Folds moves and changes of regime in the order of event time, as far as the site's news is complete. */
function advance(state: State, out: Out): void {
  for (;;) {
    const at = Math.min(state.open[0]?.ts ?? Number.POSITIVE_INFINITY, state.change)
    if (at > out.settled) break
    const touched = new Set<Face>()
    if (state.open[0]?.ts === at) {
      for (const delta of takeInstant(state.open)) touched.add(apply(state, delta))
    }
    if (at === state.change) {
      turn(state, at)
      for (const face of state.faces) touched.add(face)
    }
    // News from before what was judged already counts from there: the past is not told anew.
    for (const face of touched) judge(state, face, { at: Math.max(at, face.judged), out })
  }
  wish(state, out)
}

function wish({ open, change }: State, out: Out): void {
  out.wakeAt(open.length > 0 ? out.now + 1 : Math.max(change, out.now + 1))
}

function apply(state: State, { subject, face: index, enters, evidence }: Delta): Face {
  const face = state.faces[index]!
  if (enters) {
    face.inside.add(subject)
    face.counted.add(subject)
    face.entered = evidence
  } else {
    face.inside.delete(subject)
  }
  return face
}

/** By the roles of today. Whose coming or going is still to be judged is counted when it is. */
function recount({ scope, open, faces }: State, face: Face): void {
  const { area, inside, counted } = face
  const moving = new Set(open.filter((delta) => faces[delta.face] === face).map(({ subject }) => subject))
  for (const member of scope.crew.inside(area)) {
    if (moving.has(member.id) || !counts(scope, member)) continue
    inside.add(member.id)
    counted.add(member.id)
  }
  for (const id of counted) {
    const member = scope.crew.member(id)
    if (!member || counts(scope, member)) continue
    inside.delete(id)
    counted.delete(id)
  }
}

/** At the beginning of a shift its count is of those who are still there. */
function turn(state: State, at: Instant): void {
  const name = turnName(regimeAt(at, state.scope))
  if (name !== state.turn) {
    for (const face of state.faces) face.counted = new Set(face.inside)
  }
  state.turn = name
  state.change = nextRegime(at, state.scope)
}

function turnName({ turn }: Regime): string {
  return turn ? `${turn.shift.id}@${turn.start}` : ''
}

function judge({ scope }: State, face: Face, { at, out }: { at: Instant; out: Out }): void {
  const { params, instance } = scope
  face.judged = at
  const regime = regimeAt(at, scope)
  const { limit } = regime
  const value = (params.count === 'shift' ? face.counted : face.inside).size
  const active = limit !== undefined && value > limit
  if (!active) face.over = undefined
  else if (!face.statement.active) face.over = face.entered
  face.entered = undefined
  if (!note(face.statement, { active, at, clearAfter: instance.clearAfter })) return
  const { escalate } = params
  const escalated = active && escalate !== undefined && value >= escalatedFrom(limit, escalate.factor)
  out.condition({
    key: face.area.id,
    truth: active ? 'active' : 'inactive',
    at,
    value,
    ...(limit !== undefined && { limit }),
    ...(escalated && { severity: escalate.severity }),
    text: wording(face, { value, regime, params }),
    evidence: evidenceOf(face, { scope, active }),
  })
}
