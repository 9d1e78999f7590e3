/** What group robots answer: status 200, and whether they took it in the body. */
import type { Delivery } from '../../model/notification.ts'
import type { Duration } from '../../model/time.ts'
import { type Reply, said } from '../notify-http/post.ts'

/** Reads the code under the first of `keys` that is there: 0 is taken, `passing` ones may go better later, the others never will. */
export function judgeCode(
  reply: Reply,
  { keys, passing }: { keys: readonly string[]; passing: ReadonlyMap<number, Duration | undefined> },
): Delivery {
  const answer = said(reply)
  let body: Record<string, unknown>
  try {
    body = JSON.parse(reply.body) as Record<string, unknown>
  } catch {
    // A gateway in between answered, not the robot.
    return { outcome: 'failed', answer }
  }
  const code = keys.map((key) => body?.[key]).find((value) => typeof value === 'number')
  if (code === undefined) return { outcome: 'failed', answer }
  if (code === 0) return { outcome: 'sent', answer }
  if (!passing.has(code)) return { outcome: 'refused', answer }
  const after = passing.get(code)
  return { outcome: 'failed', answer, ...(after !== undefined && { after }) }
}
