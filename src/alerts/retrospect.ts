/** Alarms found in a backlog (事后研判): told once, to be acknowledged, never as if they were happening now. */
import type { Transition } from '../model/alarm.ts'
import { durationText } from '../model/text.ts'
import { formatDuration, formatInstant, type Instant, SECOND } from '../model/time.ts'
import { isActive } from './advance.ts'
import { type AlarmNode, describe, type Stamp, standingOf, transit } from './alarm-node.ts'

/** What hindsight found. */
export interface Lookback {
  /** The rise, as it would have been told in time. */
  readonly raised: Transition
  /** Event time at which it ended, as far as the backlog tells. */
  readonly until: Instant
  /** Hash of the rule instance that found it. */
  readonly version: string
  readonly lineage: string
  /** Live readings of the time before this are not remembered, so that it may have been worse. */
  readonly knownSince?: { readonly at: Instant; readonly timezone: string }
}

/** Whether the alarm was up, or had just been, at that instant: what was known then is no news now. */
export function knew(node: Readonly<AlarmNode>, at: Instant): boolean {
  if (node.episode === 0) return false
  if (isActive(node) && node.since <= at) return true
  return [spanOf(node), node.lived].some((span) => span && span[0] <= at && at <= span[1])
}

/** Event time at which the last episode began and ended. */
const spanOf = ({ since, ended = since }: Readonly<AlarmNode>): readonly [Instant, Instant] => [since, ended]

/** While the alarm is up, a note within its episode; otherwise an episode of its own that is over and waits for acknowledgement.
 *  `begun` is called with such an episode before it is told. */
export function lookBackOn(
  node: AlarmNode,
  { raised, until, version, lineage, knownSince }: Lookback,
  { stamp, begun }: { readonly stamp: Stamp; readonly begun: (node: AlarmNode) => void },
): Transition {
  const gap = Math.max(0, Math.round((stamp.now - raised.at) / SECOND) * SECOND)
  const from = knownSince && formatInstant(knownSince.at, knownSince.timezone).slice(0, 16).replace('T', ' ')
  const short = {
    zh: from ? `（实时读数仅回溯至 ${from}）` : '',
    en: from ? ` (live readings are remembered from ${from} on)` : '',
  }
  const after = durationText(gap)
  const text = {
    zh: `事后发现（滞后 ${after.zh}）：${raised.text.zh}${short.zh}`,
    en: `Found ${after.en} later: ${raised.text.en}${short.en}`,
  }
  // Whose word its severity was is not known any more: another severity of the item leaves it alone.
  const words = { ...raised, graded: true, text }
  const step = {
    cause: 'retrospective' as const,
    at: raised.at,
    stamp,
    reason: { zh: `发生 ${after.zh} 后才发现`, en: `found ${formatDuration(gap)} after it happened` },
  }
  // A latched alarm stands as an active one does: it is not replaced by what is over.
  if (isActive(node) || node.held === 'latched') {
    const { severity, graded, value, limit, evidence } = node
    const now = {
      severity,
      ...(graded && { graded }),
      text: node.text,
      evidence,
      ...(value !== undefined && { value }),
      ...(limit !== undefined && { limit }),
    }
    const { since } = node
    describe(node, words)
    node.since = raised.since ?? raised.at
    const told = transit(node, { ...step, ...standingOf(node) })
    // What is up now goes on being described by what is so now.
    describe(node, now)
    node.since = since
    return told
  }
  // The live one is what is known, whatever is found of the time before it.
  if (node.episode > 0) node.lived ??= spanOf(node)
  node.episode += 1
  node.revision = 0
  node.version = version
  node.lineage = lineage
  node.since = raised.since ?? raised.at
  node.raised = raised.at
  node.ended = until
  describe(node, words)
  begun(node)
  return transit(node, { ...step, state: 'rtn-unacked' })
}
