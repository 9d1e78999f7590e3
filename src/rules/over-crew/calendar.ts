/** Which crew limit holds when: shifts, kinds of work, and the relaxed limit around a handover (交接班). */
import type { RuleInstance } from '../../model/rule.ts'
import { nextShiftChange, type ShiftTurn, shiftAt } from '../../model/shift.ts'
import type { Site } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import type { OverCrewParams } from './params.ts'

/** What holds at an instant. */
export interface Regime {
  /** Absent between shifts. */
  readonly turn: ShiftTurn | undefined
  /** Absent where the item does not apply: outside its `work`, or, for `count: shift`, between shifts. */
  readonly limit: number | undefined
  /** The relaxed limit holds, because a shift begins or ends within `around`. */
  readonly handover: boolean
}

interface Where {
  readonly site: Site
  readonly instance: RuleInstance<OverCrewParams>
}

/** The regime at `at`. The page asks too, to show the limit beside the count. */
export function regimeAt(at: Instant, { site, instance }: Where): Regime {
  const { params, work } = instance
  const calendar = { shifts: site.shifts, zone: site.timezone }
  const turn = shiftAt(at, calendar)
  const applies =
    (work === undefined || turn?.shift.work === work) && (params.count === 'present' || turn !== undefined)
  const around = params.handover?.around ?? 0
  const handover = params.handover !== undefined && nextShiftChange(at - around, calendar) - around <= at
  const limit = handover ? params.handover!.limit : params.limit
  return { turn, limit: applies ? limit : undefined, handover }
}

/** The first instant after `at` at which the regime may change. */
export function nextRegime(at: Instant, { site, instance }: Where): Instant {
  const calendar = { shifts: site.shifts, zone: site.timezone }
  const { handover } = instance.params
  const change = nextShiftChange(at, calendar)
  if (!handover) return change
  const { around } = handover
  return Math.min(
    change,
    nextShiftChange(at + around, calendar) - around,
    nextShiftChange(at - around, calendar) + around,
  )
}

/** The smallest count that is at least `factor` times the limit: 10 for 1.2 × 8, 30 for 1.2 × 25, whatever binary fractions say. */
export function escalatedFrom(limit: number, factor: number): number {
  return Math.ceil(Number((limit * factor).toPrecision(12)))
}
