/** What a trace keeps of each key that the rule spoke of. */
import type { RuleInstance, Stated } from '../../model/rule.ts'

/** One key of one item at one site. */
export interface Followed {
  readonly site: string
  readonly zone: string
  readonly instance: RuleInstance
  readonly key: string
  /** What the rule said last. */
  last: Stated | undefined
  /** What was last shown to be pending, so that it is shown once. */
  pending: string
}
