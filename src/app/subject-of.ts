/** What an alarm is about in the end: that of a response clock is about the alarm that nobody answered. */
import { RESPONSE } from '../alerts/escalate.ts'
import type { Transition } from '../model/alarm.ts'
import type { Installation } from '../model/site.ts'
import { instanceOf } from './instance-of.ts'

/** Rule and key of that alarm; its own where it is about itself, or about one of a rule item that is no more. */
export function subjectOf(
  { rule, site, key }: Pick<Transition, 'rule' | 'site' | 'key'>,
  installation: Pick<Installation, 'sites' | 'rules'>,
): { readonly rule: string; readonly key: string } {
  const item = rule === RESPONSE ? instanceOf(installation, key) : undefined
  return item ? { rule: item.rule, key: key.slice(`${site}/${item.id}/`.length) } : { rule, key }
}
