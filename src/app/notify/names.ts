/** People in what is sent: the service finds them as it does for viewers, and cuts their numbers, cards and names to stars instead of pseudonyms. */
import type { Transition } from '../../model/alarm.ts'
import type { Installation } from '../../model/site.ts'
import { createMasking } from '../privacy/masking.ts'
import { maskNumber } from '../privacy/stars.ts'

/** A transition as it may be told; its ids are masked as well. */
export type Hide = (transition: Transition) => Transition

export function createHide(installation: () => Installation): Hide {
  const pseudonym = (_site: string, number: string) => maskNumber(number)
  // Stars lead back to nobody: no alarm is looked up by them.
  const { transition } = createMasking({ pseudonym, installation, alarms: { beginning: async () => [] } })
  return transition
}
