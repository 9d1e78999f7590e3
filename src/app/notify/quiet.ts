/** Quiet hours (静默时段): when a notice may be told. */
import type { Transition } from '../../model/alarm.ts'
import type { Duty } from '../../model/duty.ts'
import { type Shift, shiftAt } from '../../model/shift.ts'
import type { Instant } from '../../model/time.ts'
import { timeOfDay } from '../config/site.ts'
import type { NotifySettings } from './settings.ts'

/** What decides when somebody may be woken. */
export interface Hours {
  readonly quiet: NotifySettings['quiet']
  /** Desks whose own hours hold beside them. */
  readonly desks: readonly string[]
  readonly duty: Duty | undefined
}

/** The end of the quiet hours that hold at an instant, of notifications or of a desk, the latest one; `undefined` where none do, and for
 *  whatever is graver than a notice. */
export function quietUntil(
  { severity }: Transition,
  { now, quiet, desks, duty }: Hours & { now: Instant },
): Instant | undefined {
  if (severity !== 'notice') return undefined
  const hours: { readonly shift: Shift; readonly zone: string }[] = []
  if (quiet) {
    const { from, to, timezone } = quiet
    hours.push({ shift: { id: 'quiet', from: timeOfDay(from), to: timeOfDay(to), work: 'quiet' }, zone: timezone })
  }
  for (const { id, quiet: own, timezone } of duty?.desks ?? []) {
    if (own && desks.includes(id)) hours.push({ shift: own, zone: timezone })
  }
  let end = now
  // Hours that follow each other are one night; where they leave no gap at all, each once is enough.
  for (const _ of hours) {
    const ends = hours.map(({ shift, zone }) => shiftAt(end, { shifts: [shift], zone })?.end ?? end)
    const last = Math.max(end, ...ends)
    if (last === end) break
    end = last
  }
  return end > now ? end : undefined
}
