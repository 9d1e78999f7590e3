/** Snapshots of `weld-permit`, by names, so that they outlive a change of the configuration. */
import type { PermitCommand } from '../../model/command.ts'
import type { Json } from '../../model/json.ts'
import type { Scope } from '../../model/rule.ts'
import type { Instant } from '../../model/time.ts'
import type { Permit } from '../../model/welding.ts'
import { loadRef, saveRef } from '../evidence.ts'
import { loadStatement, saveStatement } from '../statement.ts'
import type { PermitParams } from './params.ts'
import { type PermitChange, type State, start } from './state.ts'

interface Saved {
  readonly machines: readonly {
    readonly id: string
    readonly named: string | null
    readonly burning: readonly Json[]
    readonly heard: readonly (readonly [string, boolean])[]
    readonly ended: Instant | null
    readonly accepted: readonly string[]
    readonly judged: Instant
    readonly statement: Json
  }[]
  readonly gases: readonly Json[]
  readonly permits: readonly Permit[]
  readonly folded: Instant
  readonly open: readonly (readonly [Instant, string, PermitChange['type'], string, Json, Json])[]
}

export function saveState({ machines, gases, permits, folded, open }: State): Json {
  const saved: Saved = {
    machines: [...machines.values()].map(({ id, named, burning, heard, ended, accepted, judged, statement }) => ({
      id,
      named: named ?? null,
      burning: [...burning.values()].map(saveRef),
      heard: [...heard],
      ended: ended ?? null,
      accepted: [...accepted],
      judged,
      statement: saveStatement(statement),
    })),
    gases: [...gases.values()].flatMap(({ last }) => (last ? [saveRef(last)] : [])),
    permits: [...permits.values()],
    folded,
    open: open.map((change) => [change.ts, change.subject, change.type, ...saveChange(change)]),
  }
  return saved as unknown as Json
}

function saveChange(change: PermitChange): readonly [of: string, what: Json, ref: Json] {
  switch (change.type) {
    case 'arc':
      return [change.machine.id, change.on, saveRef(change.ref)]
    case 'session':
      return [change.machine.id, change.named, null]
    case 'gas':
      return [change.gas.point.id, change.good, saveRef(change.ref)]
    case 'permit':
      return ['', change.command as unknown as Json, null]
  }
}

export function loadState(json: Json, scope: Scope<PermitParams>): State {
  const saved = json as unknown as Saved
  const { site } = scope
  const state = start(scope)
  for (const { id, named, burning, heard, ended, accepted, judged, statement } of saved.machines) {
    const machine = state.machines.get(id)
    if (!machine) continue
    machine.named = named ?? undefined
    machine.burning = new Map(burning.map((ref) => loadRef(ref, site)!).map((ref) => [ref.point.id, ref]))
    machine.heard = new Map(heard)
    machine.ended = ended ?? undefined
    machine.accepted = new Set(accepted)
    machine.judged = judged
    machine.statement = loadStatement(statement)
  }
  for (const one of saved.gases) {
    const ref = loadRef(one, site)!
    const gas = state.gases.get(ref.point.id)
    if (gas) gas.last = ref
  }
  state.permits = new Map(saved.permits.map((permit) => [permit.id, permit]))
  state.folded = saved.folded
  for (const [ts, subject, type, of, what, ref] of saved.open) {
    const machine = state.machines.get(of)
    const gas = state.gases.get(of)
    const common = { ts, subject }
    if (type === 'permit') state.open.push({ ...common, type, command: what as unknown as PermitCommand })
    else if (type === 'gas' && gas)
      state.open.push({ ...common, type, gas, good: what as boolean, ref: loadRef(ref, site)! })
    else if (type === 'session' && machine) state.open.push({ ...common, type, machine, named: what as string | null })
    else if (type === 'arc' && machine) {
      state.open.push({ ...common, type, machine, on: what as boolean | 'unknown', ref: loadRef(ref, site)! })
    }
  }
  return state
}
