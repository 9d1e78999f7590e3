/** When a transition may be told at the earliest, and together with what. */
import type { Cause, Severity, Transition } from '../../model/alarm.ts'
import { shiftAt } from '../../model/shift.ts'
import { type Duration, type Instant, MINUTE } from '../../model/time.ts'
import { timeOfDay } from '../config/site.ts'
import type { NotifySettings } from './settings.ts'

/** The one severity that can wait for the morning. */
const LOWEST: Severity = 'notice'

/** How long what comes and goes is gathered: people are not to hear each turn of it. */
const CHATTER: Duration = 10 * MINUTE

const TURNS: readonly Cause[] = ['raised', 'cleared']

/** Critical: at once and alone, each rise of it also where it chatters. Chattering: gathered by alarm. In quiet hours the lowest waits for their end. The rest shares a window
 *  with the others of its flood or its rule item. */
export function dueOf(
  transition: Transition,
  { now, window, quiet }: { now: Instant; window: Duration; quiet: NotifySettings['quiet'] },
): { readonly due: Instant; readonly group: string } {
  const { id, alarm, cause, severity, site, instance, chattering, group } = transition
  const rises = severity === 'critical' && cause === 'raised'
  if (chattering && TURNS.includes(cause) && !rises)
    return { due: now + Math.max(window, CHATTER), group: `chatter ${alarm}` }
  if (severity === 'critical') return { due: now, group: id }
  const end = severity === LOWEST && quiet ? quietUntil(now, quiet) : undefined
  if (end !== undefined) return { due: end, group: `quiet ${end}` }
  return { due: now + window, group: group ?? `${site}/${instance}` }
}

/** The end of the quiet hours that hold at an instant. */
function quietUntil(now: Instant, { from, to, timezone }: NonNullable<NotifySettings['quiet']>): Instant | undefined {
  const hours = { id: 'quiet', from: timeOfDay(from), to: timeOfDay(to), work: 'quiet' }
  return shiftAt(now, { shifts: [hours], zone: timezone })?.end
}
