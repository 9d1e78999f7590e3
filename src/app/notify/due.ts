/** When a transition may be told at the earliest, and together with what. */
import type { Cause, Transition } from '../../model/alarm.ts'
import { type Duration, type Instant, MINUTE } from '../../model/time.ts'
import { type Hours, quietUntil } from './quiet.ts'

/** How long what comes and goes is gathered: people are not to hear each turn of it. */
const CHATTER: Duration = 10 * MINUTE

const TURNS: readonly Cause[] = ['raised', 'cleared']

/** Critical: at once and alone, each rise of it also where it chatters. In quiet hours a notice waits for their end, also where it
 *  chatters. Chattering: gathered by alarm. The rest shares a window with the others of its flood or its rule item. */
export function dueOf(
  transition: Transition,
  { now, window, ...hours }: Hours & { now: Instant; window: Duration },
): { readonly due: Instant; readonly group: string } {
  const { id, alarm, cause, severity, site, instance, chattering, group } = transition
  const end = quietUntil(transition, { now, ...hours })
  if (end !== undefined) return { due: end, group: `quiet ${end}` }
  const rises = severity === 'critical' && cause === 'raised'
  if (chattering && TURNS.includes(cause) && !rises)
    return { due: now + Math.max(window, CHATTER), group: `chatter ${alarm}` }
  if (severity === 'critical') return { due: now, group: id }
  return { due: now + window, group: group ?? `${site}/${instance}` }
}
