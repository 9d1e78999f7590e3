/** Which rule item an alarm belongs to, by the alarm's name. */
import type { RuleInstance } from '../model/rule.ts'
import type { Installation } from '../model/site.ts'

/** `{site}/{item}/{key}`: items and keys have slashes in them, so the longest item that fits is the one. */
export function instanceOf(
  { sites, rules }: Pick<Installation, 'sites' | 'rules'>,
  alarm: string,
): RuleInstance | undefined {
  let found: RuleInstance | undefined
  const site = [...sites.keys()].find((id) => alarm.startsWith(`${id}/`))
  if (site === undefined) return undefined
  for (const instance of rules) {
    const longer = instance.id.length > (found?.id.length ?? -1)
    if (longer && alarm.startsWith(`${site}/${instance.id}/`)) found = instance
  }
  return found
}
