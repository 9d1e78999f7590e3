/** Hot-work permits (动火作业票) as `weld-permit` keeps them: where and when they hold. */
import { type Area, type Site, within } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import { type Permit, permitEnd } from '../../model/welding.ts'
import type { PermitParams } from './params.ts'

/** What a permit is held against. */
export interface Work {
  readonly id: string
  readonly area: Area | undefined
  /** The permit that the running session names. */
  readonly named: string | undefined
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
  return Math.min(permitEnd(permit), permit.from + (isStrict(permit) ? params.strict : params).validity)
}

export function holds(permit: Permit, { at, params }: { at: Instant; params: PermitParams }): boolean {
  return permit.from <= at && at < endOf(permit, params)
}

/** Special and first grade. */
export function isStrict({ grade }: Permit): boolean {
  return grade === 'special' || grade === 'first'
}

/** Whether the gas had been tested, and lately enough, when work began. */
export function testedFor({ tested }: Permit, work: Instant | undefined, { test }: PermitParams): boolean {
  return tested !== undefined && work !== undefined && tested <= work && work - tested <= test
}
