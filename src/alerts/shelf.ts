/** A shelf (搁置) is granted for what was known: it ends at the return it waits for, and by itself when the alarm becomes graver. */
import { OUTGROWN, SEVERITIES, type Severity, type Transition } from '../model/alarm.ts'
import type { Text } from '../model/text.ts'
import type { Instant } from '../model/time.ts'
import { type AlarmNode, type Stamp, standingOf, transit } from './alarm-node.ts'

const RETURNED = { zh: '已恢复正常', en: 'it returned to normal' }

/** Whether an alarm that was shelved at one severity is kept back no longer at another. What eased and is as grave again is known. */
export function outgrows(severity: Severity, shelvedAt: Severity): boolean {
  return SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(shelvedAt)
}

/** Tells a step that may have made the alarm graver. Where it outgrew its shelf, people hear of that step, and the next one says why. */
export function tell(node: AlarmNode, step: Parameters<typeof transit>[1]): readonly Transition[] {
  const shelvedAt = node.shelved?.severity
  if (shelvedAt === undefined || !outgrows(node.severity, shelvedAt)) return [transit(node, step)]
  delete node.shelved
  const { at, stamp } = step
  return [transit(node, step), unshelve(node, { at, stamp, reason: OUTGROWN })]
}

/** After a return to normal: a shelf until then has served. */
export function returned(node: AlarmNode, when: Pick<Ended, 'at' | 'stamp'>): readonly Transition[] {
  return node.shelved?.once ? [unshelve(node, { ...when, reason: RETURNED })] : []
}

function unshelve(node: AlarmNode, { at, stamp, reason }: Ended): Transition {
  delete node.shelved
  return transit(node, { ...standingOf(node), cause: 'unshelved', at, stamp, reason })
}

interface Ended {
  readonly at: Instant
  readonly stamp: Stamp
  readonly reason: Text
}
