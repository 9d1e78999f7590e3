/** Snapshots of `weld-off-platform`, by names, so that they outlive a change of the configuration. */
import type { Json } from '../../model/json.ts'
import type { Scope } from '../../model/rule.ts'
import type { Instant } from '../../model/time.ts'
import { loadRef, saveRef } from '../evidence.ts'
import { loadStatement, saveStatement } from '../statement.ts'
import { loadSession, saveSession } from '../welding.ts'
import type { WeldParams } from './params.ts'
import { type State, start, type WeldChange } from './state.ts'

interface Saved {
  readonly machines: readonly {
    readonly id: string
    readonly session: Json
    readonly burning: readonly Json[]
    readonly heard: readonly (readonly [string, boolean])[]
    readonly judged: Instant
    readonly statement: Json
  }[]
  readonly open: readonly (readonly [Instant, string, WeldChange['type'], string | boolean, Json])[]
}

export function saveState({ machines, open }: State): Json {
  const saved: Saved = {
    machines: [...machines.values()].map(({ id, session, burning, heard, judged, statement }) => ({
      id,
      session: saveSession(session),
      burning: [...burning.values()].map(saveRef),
      heard: [...heard],
      judged,
      statement: saveStatement(statement),
    })),
    open: open.map((c) => [c.ts, c.machine.id, c.type, c.type === 'arc' ? c.on : c.event, saveRef(c.ref)]),
  }
  return saved as unknown as Json
}

export function loadState(json: Json, scope: Scope<WeldParams>): State {
  const saved = json as unknown as Saved
  const state = start(scope)
  for (const { id, session, burning, heard, statement, ...rest } of saved.machines) {
    const machine = state.machines.get(id)
    if (!machine) continue
    Object.assign(machine, rest)
    machine.session = loadSession(session, scope.site)
    machine.burning = new Map(burning.map((ref) => loadRef(ref, scope.site)!).map((ref) => [ref.point.id, ref]))
    machine.heard = new Map(heard)
    machine.statement = loadStatement(statement)
  }
  for (const [ts, id, type, what, ref] of saved.open) {
    const machine = state.machines.get(id)
    const read = loadRef(ref, scope.site)!
    const told = { ts, machine, ref: read, subject: read.point.id, type }
    if (machine) state.open.push({ ...told, ...(type === 'arc' ? { on: what } : { event: what }) } as WeldChange)
  }
  return state
}
