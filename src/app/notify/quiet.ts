/** Quiet hours (静默时段): when a notice may be told. */
import type { Transition } from '../../model/alarm.ts'
import type { Duty } from '../../model/duty.ts'
import { type Shift, shiftAt } from '../../model/shift.ts'
import type { Instant } from '../../model/time.ts'
import { timeOfDay } from '../config/site.ts'
import type { NotifySettings } from './settings.ts'

/** Hours of both that follow each other are one night; where they leave no gap at all, so much is enough. */
const MOST = 2

/** The end of the quiet hours that hold at an instant, of notifications or of the desk at which the alarm stands, the later one;
 *  `undefined` where none do, and for whatever is graver than a notice. */
export function quietUntil(
  { severity, desk }: Transition,
  { now, quiet, duty }: { now: Instant; quiet: NotifySettings['quiet']; duty: Duty | undefined },
): Instant | undefined {
  if (severity !== 'notice') return undefined
  const called = duty?.desks.find(({ id }) => id === desk)
  const hours: { readonly shift: Shift; readonly zone: string }[] = []
  if (quiet) {
    const { from, to, timezone } = quiet
    hours.push({ shift: { id: 'quiet', from: timeOfDay(from), to: timeOfDay(to), work: 'quiet' }, zone: timezone })
  }
  if (called?.quiet) hours.push({ shift: called.quiet, zone: called.timezone })
  let end = now
  for (let i = 0; i < MOST; i++) {
    const ends = hours.map(({ shift, zone }) => shiftAt(end, { shifts: [shift], zone })?.end ?? end)
    const last = Math.max(end, ...ends)
    if (last === end) break
    end = last
  }
  return end > now ? end : undefined
}
