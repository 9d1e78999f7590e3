/** What `weld-permit` remembers of a site. */
import type { PermitCommand } from '../../model/command.ts'
import type { EntryRef } from '../../model/entry.ts'
import type { Point } from '../../model/point.ts'
import type { Scope } from '../../model/rule.ts'
import { type Area, within } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import type { Permit } from '../../model/welding.ts'
import { type Statement, silence } from '../statement.ts'
import type { Change } from '../timeline.ts'
import { machineOf, machinesOf } from '../welding.ts'
import type { PermitParams } from './params.ts'
import { testedFor, type Work } from './permits.ts'

/** One machine, as it was at `judged`. */
export interface Machine extends Work {
  readonly area: Area | undefined
  named: string | undefined
  /** Gas points of its area and sub-areas, and of the areas around it. */
  readonly gases: readonly Gas[]
  /** Points whose arc burns, with the reading that said so first. */
  burning: Map<string, EntryRef>
  /** What each current point last said, in the order of arrival; absent where it cannot be told. */
  heard: Map<string, boolean>
  /** When the last arc ended. */
  ended: Instant | undefined
  /** Permits whose gas test was good when the present work began. */
  accepted: Set<string>
  judged: Instant
  statement: Statement
}

/** A gas point and its last value; a doubtful one counts only where it is higher. */
export interface Gas {
  readonly point: Point
  /** The machines it is near to. */
  readonly machines: Machine[]
  last: EntryRef | undefined
}

/** An arc that began, ended or can no longer be told; a session that names its permit, or none; a command. */
export type PermitChange = Change &
  (
    | { readonly type: 'arc'; readonly machine: Machine; readonly on: boolean | 'unknown'; readonly ref: EntryRef }
    | { readonly type: 'session'; readonly machine: Machine; readonly named: string | null }
    | { readonly type: 'gas'; readonly gas: Gas; readonly ref: EntryRef; readonly good: boolean }
    | { readonly type: 'permit'; readonly command: PermitCommand }
  )

export interface State {
  readonly scope: Scope<PermitParams>
  readonly machines: ReadonlyMap<string, Machine>
  readonly gases: ReadonlyMap<string, Gas>
  /** Open permits, and those that ended within the last day. */
  permits: Map<string, Permit>
  /** Event time up to which beginnings and ends of permits have been looked at. */
  folded: Instant
  readonly open: PermitChange[]
}

/** Only machines with a current point are watched. What the site knows of its sessions, permits and work is where it begins. */
export function start(scope: Scope<PermitParams>): State {
  const { site, params } = scope
  const currents = scope.points.filter(({ kind }) => kind === 'weld.current')
  const gases = new Map<string, Gas>()
  const machines = new Map<string, Machine>()
  const permits = [...scope.welding.permits()]
  for (const [id, points] of machinesOf(currents)) {
    const { area } = points[0]!
    const near = [...site.points.values()].filter(
      (point) =>
        params.gases.includes(point.kind) &&
        area !== undefined &&
        point.area !== undefined &&
        (within(point.area, area) || within(area, point.area)),
    )
    for (const point of near) if (!gases.has(point.id)) gases.set(point.id, { point, machines: [], last: undefined })
    const facts = scope.welding.machine(id)
    const machine: Machine = {
      id,
      area,
      named: facts?.session.permit,
      gases: near.map((point) => gases.get(point.id)!),
      burning: new Map(),
      heard: new Map(),
      ended: facts?.work?.last,
      accepted: new Set(permits.filter((permit) => testedFor(permit, facts?.work?.from, params)).map(({ id }) => id)),
      judged: 0,
      statement: silence(),
    }
    machines.set(id, machine)
    for (const gas of machine.gases) gas.machines.push(machine)
  }
  return { scope, machines, gases, permits: new Map(permits.map((permit) => [permit.id, permit])), folded: 0, open: [] }
}

/** The machine of a point, if it is watched. */
export function machineAt({ machines }: State, point: Point): Machine | undefined {
  return machines.get(machineOf(point))
}
