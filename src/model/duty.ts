/** The duty tree (值班体系): which desk hears of a site's alarms first, whom it hands them on to, and how long each may take. */
import type { Severity } from './alarm.ts'
import type { Shift } from './shift.ts'
import type { Text } from './text.ts'
import { type Duration, HOUR, MINUTE } from './time.ts'

/** From the bottom up. */
export const DUTY_LEVELS = ['mine', 'county', 'city', 'province'] as const
export type DutyLevel = (typeof DUTY_LEVELS)[number]

/** A duty desk (值班台). */
export interface DutyDesk {
  readonly id: string
  readonly name: Text
  readonly level: DutyLevel
  /** Whose alarms it hears first: these sites, or every site of the region that no other desk hears first. */
  readonly sites?: readonly string[]
  readonly region?: string
  /** Whom it hands on to. */
  readonly parent?: string
  /** Who sits there: names of recipients, told by routes that ask for the contacts. */
  readonly contacts: readonly string[]
  /** Hours of the day at which a notice neither sounds nor runs against a clock. Nothing but notices keeps quiet. */
  readonly quiet?: Shift
  readonly timezone: string
}

/** Response clock (响应时限): from the rise, by the arrival clock. */
export interface ResponseClock {
  /** Acknowledged within so long, by each desk in turn. */
  readonly ack: Duration
  /** Disposed of (处置) within so long. */
  readonly clear: Duration
}

export interface Duty {
  readonly desks: readonly DutyDesk[]
  readonly clocks: Readonly<Record<Severity, ResponseClock>>
}

/** No regulation's numbers: a beginning, to be replaced by those of one's own plan. */
export const CLOCKS: Duty['clocks'] = {
  critical: { ack: 2 * MINUTE, clear: 30 * MINUTE },
  major: { ack: 5 * MINUTE, clear: 2 * HOUR },
  minor: { ack: 15 * MINUTE, clear: 8 * HOUR },
  notice: { ack: HOUR, clear: 24 * HOUR },
}

/** The desk that hears of a site's alarms first: the one that names it, or that of the narrowest region it lies in. */
export function firstDesk(duty: Duty, site: { readonly id: string; readonly region?: string }): DutyDesk | undefined {
  const named = duty.desks.find(({ sites }) => sites?.includes(site.id))
  if (named) return named
  let found: DutyDesk | undefined
  for (const desk of duty.desks) {
    const { region } = desk
    const holds = region !== undefined && `${site.region}/`.startsWith(`${region}/`)
    if (holds && region.length > (found?.region?.length ?? -1)) found = desk
  }
  return found
}

/** A desk and those above it, from the bottom up. */
export function* chainOf(duty: Duty, desk: DutyDesk | undefined): Generator<DutyDesk> {
  const seen = new Set<DutyDesk>()
  for (let one = desk; one && !seen.has(one); ) {
    yield one
    seen.add(one)
    const { parent } = one
    one = duty.desks.find(({ id }) => id === parent)
  }
}
