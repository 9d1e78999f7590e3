/** Whose an alarm is now (报警归属): the duty desks it stands on. */
import type { Transition } from '../model/alarm.ts'
import { chainOf, firstDesk } from '../model/duty.ts'
import type { Installation } from '../model/site.ts'

/** Whether an alarm, by its last transition, stands on a desk: on the one that hears of its site first, on the one it was handed on
 *  to, or on one between them. Once it is acknowledged it is back with the first. */
export function standsOn(
  { desk, last }: { readonly desk: string; readonly last: Pick<Transition, 'site' | 'desk'> },
  { duty, sites }: Pick<Installation, 'duty' | 'sites'>,
): boolean {
  const site = sites.get(last.site)
  const first = duty && site && firstDesk(duty, site)
  const called = last.desk ?? first?.id
  if (!first) return called === desk
  for (const { id } of chainOf(duty, first)) {
    if (id === desk) return true
    if (id === called) return false
  }
  return called === desk
}
