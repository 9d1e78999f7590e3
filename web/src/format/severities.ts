/** How grave the alarms of a rule item are. */
import { type RuleBody, SEVERITIES } from '../api/types.ts'

type Severity = RuleBody['severity']

/** The worst first. Where the item has levels it is they who raise alarms, each at its own severity or else the item's. */
export function severitiesOf({ params, severity }: Pick<RuleBody, 'params' | 'severity'>): readonly Severity[] {
  const { levels } = (params ?? {}) as { levels?: readonly { severity?: Severity }[] }
  const raised = new Set(levels?.length ? levels.map((level) => level.severity ?? severity) : [severity])
  return SEVERITIES.filter((one) => raised.has(one))
}
