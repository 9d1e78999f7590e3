/** Whether an alarm is a hazard: a pack's criterion held against it. */
import type { Severity } from '../../model/alarm.ts'
import type { HazardCriterion } from '../../model/hazard.ts'
import type { Installation } from '../../model/site.ts'

/** What a criterion looks at of an alarm; transitions and the desk's alarms both have it. */
export interface Candidate {
  readonly alarm: string
  readonly site: string
  readonly rule: string
  readonly instance: string
  readonly key: string
  readonly severity: Severity
  readonly value?: number
  readonly limit?: number
}

/** Products such as 1.1 × 10 are a hair above what they say. */
const exact = (product: number) => Math.round(product * 1e9) / 1e9

/** Whether the alarm meets the criterion as it is now. */
export function meets(
  { match, when }: HazardCriterion,
  { alarm, installation }: { alarm: Candidate; installation: Installation },
): boolean {
  const site = installation.sites.get(alarm.site)
  const wants = (wanted: readonly string[] | undefined, is: string | undefined) =>
    wanted === undefined || (is !== undefined && wanted.includes(is))
  if (!wants(match.rule, alarm.rule) || !wants(match.instance, alarm.instance)) return false
  if (!wants(match.severity, alarm.severity) || !wants(match.site, alarm.site)) return false
  if (!wants(match.kind, site?.kind) || !wants(match.areaKind, site?.areas.get(alarm.key)?.kind)) return false
  if (!when) return true
  if (alarm.value === undefined || alarm.limit === undefined) return false
  const bound = exact(when.factor * alarm.limit)
  return when.inclusive ? alarm.value >= bound : alarm.value > bound
}
