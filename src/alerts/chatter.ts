/** Chattering (抖动): an alarm that comes and goes faster than anybody can act is marked, not dropped. */
import type { Chatter } from '../model/handling.ts'
import type { Instant } from '../model/time.ts'
import type { AlarmNode } from './alarm-node.ts'

/** Counts in a rise or a return at that event time; to be called before it is told. */
export function count(node: AlarmNode, at: Instant, { transitions, within }: Chatter): void {
  const moves = [...(node.moves ?? []), at].filter((one) => one > at - within).slice(-transitions)
  node.moves = moves
  if (moves.length >= transitions) node.chattering = true
  else delete node.chattering
}
