/** An alarm whose rule item changed and goes on: it takes from the new item what it had from the old one, and loses nothing that has begun. */
import type { RuleInstance } from '../model/rule.ts'
import type { Instant } from '../model/time.ts'
import { isActive } from './advance.ts'
import { type AlarmNode, clauseOf, type Grading, gradingOf } from './alarm-node.ts'

/** The item as it is now. */
export interface Heir {
  readonly item: RuleInstance
  /** Its limits and delays may be others. */
  readonly renumbered: boolean
}

/** What that makes of the severity of an alarm that is up, if anything. Called by the desk, which tells it. */
export function adopt(node: AlarmNode, { item, renumbered }: Heir, now: Instant): Grading | undefined {
  node.version = item.hash
  delete node.clause
  Object.assign(node, clauseOf(item))
  if (renumbered && node.pending) node.pending = { ...node.pending, anew: true }
  const { statutory, realarm } = item.handling ?? {}
  if (statutory) node.statutory = true
  else delete node.statutory
  if (realarm === undefined || !isActive(node)) delete node.realarmAt
  else node.realarmAt = Math.min(node.realarmAt ?? Number.POSITIVE_INFINITY, now + realarm)
  const { severity } = item
  if (node.saying && !node.saying.graded) node.saying = { ...node.saying, severity }
  // What is over keeps the severity it had, which is what people were told.
  if (node.graded || !isActive(node)) return undefined
  const grading = gradingOf(node.severity, severity)
  node.severity = severity
  return grading
}
