/** What `weld-uncertified` remembers of a site, and its snapshots. */
import type { EntryRef } from '../../model/entry.ts'
import type { Json } from '../../model/json.ts'
import type { WeldStep } from '../../model/reading.ts'
import type { Scope } from '../../model/rule.ts'
import type { Area } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import type { Session } from '../../model/welding.ts'
import { loadRef, saveRef } from '../evidence.ts'
import { loadStatement, type Statement, saveStatement, silence } from '../statement.ts'
import type { Change } from '../timeline.ts'
import { ground, loadSession, machinesOf, saveSession } from '../welding.ts'

export interface Machine {
  readonly id: string
  readonly area: Area | undefined
  session: Session
  /** Event time up to which it has been judged. */
  judged: Instant
  statement: Statement
}

/** A step that waits for the site's news to be complete. */
export interface StepChange extends Change {
  readonly machine: Machine
  readonly step: WeldStep
  readonly good: boolean
  readonly ref: EntryRef
}

export interface State {
  readonly scope: Scope<{ readonly certificates: string[] }>
  readonly machines: ReadonlyMap<string, Machine>
  readonly open: StepChange[]
}

/** Sessions are what the site knows of them. */
export function start(scope: State['scope']): State {
  const machines = new Map<string, Machine>()
  for (const [id, points] of machinesOf(scope.points)) {
    const session = { ...(scope.welding.machine(id)?.session ?? ground()) }
    machines.set(id, { id, area: points[0]!.area, session, judged: 0, statement: silence() })
  }
  return { scope, machines, open: [] }
}

type SavedMachine = readonly [id: string, session: Json, judged: Instant, statement: Json]
type SavedChange = readonly [ts: Instant, subject: string, machine: string, step: WeldStep, good: boolean, ref: Json]

export function saveState({ machines, open }: State): Json {
  return {
    machines: [...machines.values()].map(({ id, session, judged, statement }) => [
      id,
      saveSession(session),
      judged,
      saveStatement(statement),
    ]),
    open: open.map(({ ts, subject, machine, step, good, ref }) => [ts, subject, machine.id, step, good, saveRef(ref)]),
  } as unknown as Json
}

export function loadState(json: Json, scope: State['scope']): State {
  const saved = json as unknown as { readonly machines: readonly SavedMachine[]; readonly open: readonly SavedChange[] }
  const state = start(scope)
  for (const [id, session, judged, statement] of saved.machines) {
    const machine = state.machines.get(id)
    if (!machine) continue
    machine.session = loadSession(session, scope.site)
    machine.judged = judged
    machine.statement = loadStatement(statement)
  }
  for (const [ts, subject, id, step, good, ref] of saved.open) {
    const machine = state.machines.get(id)
    if (machine) state.open.push({ ts, subject, machine, step, good, ref: loadRef(ref, scope.site)! })
  }
  return state
}
