/** People in what is sent: the service finds them as it does for viewers. People read stars; systems get pseudonyms, which keep ids apart. */
import type { Transition } from '../../model/alarm.ts'
import type { Installation } from '../../model/site.ts'
import type { Disguise } from '../privacy/disguise.ts'
import { createMasking } from '../privacy/masking.ts'
import type { Pseudonym } from '../privacy/pseudonyms.ts'
import { maskNumber } from '../privacy/stars.ts'

/** A transition as it may be told; its ids are masked as well. */
export type Hide = (transition: Transition) => Transition

export interface Names {
  /** Numbers, cards and names cut to stars. */
  readonly stars: Hide
  /** As viewers get them from the API: the same person is the same pseudonym. */
  readonly pseudonyms: Hide
  /** What a link holds in place of the alarm's id: the id where it is nobody's, otherwise a reference, also for whoever is told names. */
  link(transition: Transition): string
}

export function createNames({
  installation,
  disguise: { pseudonym, references },
}: {
  readonly installation: () => Installation
  readonly disguise: Pick<Disguise, 'pseudonym' | 'references'>
}): Names {
  // No alarm is looked up by what leaves here.
  const alarms = { beginning: async () => [] }
  const by = (each: Pseudonym) => createMasking({ pseudonym: each, installation, alarms }).transition
  const [stars, pseudonyms] = [by((_site, number) => maskNumber(number)), by(pseudonym)]
  return {
    stars,
    pseudonyms,
    link(transition) {
      const { alarm } = transition
      return stars(transition).alarm === alarm ? alarm : references.of(alarm)
    },
  }
}
