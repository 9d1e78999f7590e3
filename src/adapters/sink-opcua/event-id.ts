/** EventIds are made of transition ids: the same after a restart, so that what a client heard before it can still be acknowledged. */
import { createHash } from 'node:crypto'
import type { ConditionState } from './protocol.ts'

/** How far back in an episode an event may lie and still be named. */
const REVISIONS = 1_000

/** Of a transition, or of the `nth` event of its episode that no transition brought (a comment, another quality). */
export function eventIdOf(transition: string, nth = 0): Buffer {
  return createHash('sha256')
    .update(nth === 0 ? transition : `${transition}#${nth}`)
    .digest()
    .subarray(0, 16)
}

/** Whether a client means an event of the alarm's running episode: of one of its transitions, or one of the others told since. */
export function isEventOf(
  { alarm, episode, revision }: Pick<ConditionState, 'alarm' | 'episode' | 'revision'>,
  { eventId, others }: { eventId: Buffer | null; others: readonly Buffer[] },
): boolean {
  if (!eventId) return false
  if (others.some((other) => eventId.equals(other))) return true
  for (let r = revision; r >= 1 && r > revision - REVISIONS; r--) {
    if (eventId.equals(eventIdOf(`${alarm}/${episode}.${r}`))) return true
  }
  return false
}
