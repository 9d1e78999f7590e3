/** `duty.yaml`: what the duty desks hold to. */
import type { Practice } from '../../model/handling.ts'
import { conform } from './conform.ts'
import type { YamlFile } from './document.ts'
import { type DutyDeclared, DutySchema } from './duty-schema.ts'
import type { Problems } from './problem.ts'
import { report } from './site.ts'

/** Nothing where anything in the file is broken. */
export function buildDuty(yaml: YamlFile, problems: Problems): Practice | undefined {
  const { value, findings } = conform(yaml.value ?? {}, DutySchema)
  report(findings, { yaml, problems })
  if (findings.length > 0) return undefined
  const { chatter, firstUp, flood } = value as DutyDeclared
  if (flood.until > flood.from) {
    problems.error(
      yaml.place(['flood', 'until']),
      `a flood ends below ${flood.until} alarms, which is not below its ${flood.from}`,
    )
    return undefined
  }
  return { chatter, firstUp, flood }
}
