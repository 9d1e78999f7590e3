/** A deadline that has passed is an alarm (整改超期): how the ledger speaks to the desk. */
import type { Condition, Severity } from '../../model/alarm.ts'
import type { Hazard } from '../../model/hazard.ts'
import { BUILT_IN, type RuleInstance } from '../../model/rule.ts'
import type { Site } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'

/** What overdue hazards are filed under; no pack declares it and none can turn it off. */
export const OVERDUE_INSTANCE: RuleInstance = {
  index: -1,
  id: 'hazard-overdue',
  rule: 'hazard-overdue',
  regulation: { id: 'davylamp', title: { zh: '隐患闭环管理', en: 'Hazard ledger' } },
  match: {},
  severity: 'minor',
  raiseAfter: 0,
  clearAfter: 0,
  params: {},
  hash: BUILT_IN,
  lineage: BUILT_IN,
}

/** More severe for a major hazard, and again while it is supervised. */
export function overdueSeverity({ grade, supervision }: Pick<Hazard, 'grade' | 'supervision'>): Severity {
  if (supervision && (grade === 'major' || supervision.level === 'province')) return 'critical'
  return grade === 'major' || supervision ? 'major' : 'minor'
}

/** What is said of a hazard's deadline to the desk. */
export function overdueCondition(hazard: Hazard, { site, at }: { site: Site; at: Instant }): Condition {
  const { overdue, text, owner } = hazard
  const who = { zh: owner ? `，责任人 ${owner}` : '', en: owner ? `, given to ${owner}` : '' }
  return {
    site,
    instance: OVERDUE_INSTANCE,
    key: hazard.hazard,
    truth: overdue ? 'active' : 'inactive',
    at,
    severity: overdueSeverity(hazard),
    elapsed: true,
    evidence: [],
    text: overdue
      ? {
          zh: `隐患 ${hazard.hazard} 超期未整改：${text.zh}${who.zh}`,
          en: `Hazard ${hazard.hazard} is overdue: ${text.en}${who.en}`,
        }
      : {
          zh: `隐患 ${hazard.hazard} 不再超期：${text.zh}`,
          en: `Hazard ${hazard.hazard} is no longer overdue: ${text.en}`,
        },
  }
}
