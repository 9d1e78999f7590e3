/** Whose an alarm is now (报警归属): the duty desks it stands on. */
import type { Transition } from '../model/alarm.ts'
import { chainOf, firstDesk } from '../model/duty.ts'
import type { Installation } from '../model/site.ts'

/** Whether an alarm, by its last transition, stands on a desk: on the one that hears of its site first, on the one it was handed on
 *  to, and on those between them. Once it is acknowledged, or its desk is no more, it is back with the first. */
export function standsOn(
  { desk, last }: { readonly desk: string; readonly last: Pick<Transition, 'site' | 'desk'> },
  { duty, sites }: Pick<Installation, 'duty' | 'sites'>,
): boolean {
  const site = sites.get(last.site)
  if (!duty || !site) return false
  const chain = [...chainOf(duty, firstDesk(duty, site))].map(({ id }) => id)
  const called = chain.indexOf(last.desk ?? '')
  return chain.slice(0, Math.max(called, 0) + 1).includes(desk)
}
