/** Hot-work permits (动火作业票) as `weld-permit` keeps them: where and when they hold. */
import type { PermitCommand, PermitGrade } from '../../model/command.ts'
import { type Area, type Site, within } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import type { PermitParams } from './params.ts'

/** As the last commands left it; `area` by its id, so that a snapshot is the thing itself. */
export interface Permit {
  readonly id: string
  readonly area?: string
  readonly machine?: string
  readonly from: Instant
  readonly until?: Instant
  readonly tested?: Instant
  readonly limit?: number
  readonly grade?: PermitGrade
}

/** What a permit is held against. */
export interface Work {
  readonly id: string
  readonly area: Area | undefined
  /** The permit that the running session names. */
  readonly named: string | undefined
}

/** A further command says only what changes. A permit that says no beginning holds from its first command on. */
export function amended(before: Permit | undefined, command: PermitCommand): Permit {
  const { permit: id, area, machine, from, until, tested, limit, grade } = command
  return {
    ...before,
    id,
    from: from ?? before?.from ?? command.ts,
    ...(area !== undefined && { area }),
    ...(machine !== undefined && { machine }),
    ...(until !== undefined && { until }),
    ...(tested !== undefined && { tested }),
    ...(limit !== undefined && { limit }),
    ...(grade !== undefined && { grade }),
  }
}

/** A permit that names no place holds for the session that names it. */
export function isFor({ id, area, machine }: Permit, { work, site }: { work: Work; site: Site }): boolean {
  if (area === undefined && machine === undefined) return work.named === id
  if (machine !== undefined && machine !== work.id) return false
  if (area === undefined) return true
  const place = site.areas.get(area)
  return place !== undefined && within(work.area, place)
}

/** The first instant at which it no longer holds. */
export function endOf(permit: Permit, params: PermitParams): Instant {
  const longest = permit.from + (isStrict(permit) ? params.strict : params).validity
  return Math.min(permit.until ?? longest, longest)
}

export function holds(permit: Permit, { at, params }: { at: Instant; params: PermitParams }): boolean {
  return permit.from <= at && at < endOf(permit, params)
}

/** Special and first grade. */
export function isStrict({ grade }: Permit): boolean {
  return grade === 'special' || grade === 'first'
}
