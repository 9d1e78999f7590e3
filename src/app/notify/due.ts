/** When a transition may be told at the earliest, and together with what. */
import type { Severity, Transition } from '../../model/alarm.ts'
import { shiftAt } from '../../model/shift.ts'
import { DAY, type Duration, HOUR, type Instant, MINUTE } from '../../model/time.ts'
import type { NotifySettings } from './settings.ts'

/** The one severity that can wait for the morning. */
const LOWEST: Severity = 'notice'

/** Critical: at once and alone. In quiet hours the lowest waits for their end. The rest shares a window with its rule item's others. */
export function dueOf(
  transition: Transition,
  { now, window, quiet }: { now: Instant; window: Duration; quiet: NotifySettings['quiet'] },
): { readonly due: Instant; readonly group: string } {
  const { id, severity, site, instance } = transition
  if (severity === 'critical') return { due: now, group: id }
  const end = severity === LOWEST && quiet ? quietUntil(now, quiet) : undefined
  if (end !== undefined) return { due: end, group: `quiet ${end}` }
  return { due: now + window, group: `${site}/${instance}` }
}

/** The end of the quiet hours that hold at an instant. */
function quietUntil(now: Instant, { from, to, timezone }: NonNullable<NotifySettings['quiet']>): Instant | undefined {
  const hours = { id: 'quiet', from: timeOfDay(from), to: timeOfDay(to), work: 'quiet' }
  return shiftAt(now, { shifts: [hours], zone: timezone })?.end
}

function timeOfDay(text: string): Duration {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return (hours * HOUR + minutes * MINUTE) % DAY
}
