/** The contacts (联系人) of a duty desk as recipients, and for which transitions they are the ones to be told. */
import { RESPONSE } from '../../alerts/escalate.ts'
import type { Transition } from '../../model/alarm.ts'
import { chainOf, type DutyDesk, firstDesk } from '../../model/duty.ts'
import type { Recipient } from '../../model/notification.ts'
import type { Installation } from '../../model/site.ts'

/** Those of the recipients whom the desk names; nobody without a desk. */
export function contactsOf<R extends Recipient>(
  desk: Pick<DutyDesk, 'contacts'> | undefined,
  recipients: readonly R[],
): readonly R[] {
  return recipients.filter(({ name }) => desk?.contacts.includes(name))
}

/** The desk whose contacts a transition calls: the one the alarm stands at, which on handing on is the next one already. The alarm
 *  of a response clock says the same of the same desk, and calls nobody but where there is no desk above. */
export function calledDesk(transition: Transition, { duty, sites }: Installation): DutyDesk | undefined {
  const { desk, rule, site: id, value } = transition
  if (!duty || desk === undefined) return undefined
  if (rule === RESPONSE) {
    const site = sites.get(id)
    const ladder = site ? [...chainOf(duty, firstDesk(duty, site))] : []
    // Its value is how often the alarm was handed on, or would have been.
    if (value === undefined || value < ladder.length) return undefined
  }
  return duty.desks.find((one) => one.id === desk)
}

/** The desks whose quiet hours hold for those of a target: the ones they sit at, and for whoever sits at none that at which the alarm
 *  stands. */
export function desksOf(
  { recipients }: { readonly recipients: readonly Recipient[] },
  { desk, duty }: { readonly desk: string | undefined; readonly duty: Installation['duty'] },
): readonly string[] {
  const own = (duty?.desks ?? []).filter((each) => contactsOf(each, recipients).length > 0).map(({ id }) => id)
  return own.length === 0 && desk !== undefined ? [desk] : own
}
