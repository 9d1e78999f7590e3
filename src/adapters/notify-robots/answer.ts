/** What group robots answer: status 200, and whether they took it in the body. */
import type { Delivery, Lack } from '../../model/notification.ts'
import type { Duration } from '../../model/time.ts'
import { type Reply, said } from '../notify-http/post.ts'

/** What a code means for what comes: when it may be tried again, and what has to be mended before. */
export interface Passing {
  readonly after?: Duration
  readonly lacks?: Lack
}

/** Reads the code under the first of `keys` that is there: 0 is taken, `passing` ones may go better later, the others never will. */
export function judgeCode(
  reply: Reply,
  { keys, passing }: { keys: readonly string[]; passing: ReadonlyMap<number, Passing> },
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
  const later = passing.get(code)
  return later ? { outcome: 'failed', answer, ...later } : { outcome: 'refused', answer }
}
