/** What `weld-off-platform` remembers of a site. */
import type { EntryRef } from '../../model/entry.ts'
import type { WeldStep } from '../../model/reading.ts'
import type { Scope } from '../../model/rule.ts'
import type { Area } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import type { Session } from '../../model/welding.ts'
import { type Statement, silence } from '../statement.ts'
import type { Change } from '../timeline.ts'
import { ground, machineOf, machinesOf } from '../welding.ts'
import type { WeldParams } from './params.ts'

/** One machine, as it was at `judged`. */
export interface Machine {
  readonly id: string
  readonly area: Area | undefined
  session: Session
  /** Points whose arc burns, with the reading that said so first. */
  burning: Map<string, EntryRef>
  /** What each current point last said, in the order of arrival; absent where it cannot be told. */
  heard: Map<string, boolean>
  /** Event time up to which it has been judged. */
  judged: Instant
  statement: Statement
}

interface Told extends Change {
  readonly machine: Machine
  readonly ref: EntryRef
}

/** A step of a session, or an arc that began, ended, or can no longer be told. */
export type WeldChange =
  | (Told & { readonly type: 'session'; readonly event: WeldStep['event'] })
  | (Told & { readonly type: 'arc'; readonly on: boolean | 'unknown' })

export interface State {
  readonly scope: Scope<WeldParams>
  readonly machines: ReadonlyMap<string, Machine>
  /** By index of the point, less `base`. */
  readonly slots: readonly (Machine | undefined)[]
  readonly base: number
  /** Changes that wait: for the site's news to be complete, or for `grace`. */
  readonly open: WeldChange[]
}

/** Only machines with a current point are watched; their sessions are heard wherever they are declared, and are what the site knows of them. */
export function start(scope: Scope<WeldParams>): State {
  const currents = scope.points.filter(({ kind }) => kind === 'weld.current')
  const machines = new Map<string, Machine>()
  for (const [id, points] of machinesOf(currents)) {
    machines.set(id, {
      id,
      area: points[0]!.area,
      session: { ...(scope.welding.machine(id)?.session ?? ground()) },
      burning: new Map(),
      heard: new Map(),
      judged: 0,
      statement: silence(),
    })
  }
  const matched = new Set(currents)
  const told = [...scope.site.points.values()].filter(
    (point) => matched.has(point) || (point.kind === 'weld.session' && machines.has(machineOf(point))),
  )
  const base = told.reduce((least, { index }) => Math.min(least, index), Number.POSITIVE_INFINITY)
  const slots: (Machine | undefined)[] = []
  for (const point of told) slots[point.index - base] = machines.get(machineOf(point))
  return { scope, machines, slots: Array.from(slots), base, open: [] }
}
