/** Whom a card or a passage speaks of: the member of the crew under whose name it is counted. */
import type { Passage, Sighting } from '../model/reading.ts'
import type { Person, Site } from '../model/site.ts'

export interface Holder {
  /** A person's id, a name that the people file does not know, or `card:…` for a card nobody is known to hold. */
  readonly id: string
  readonly person?: Person
}

/** The holder of the card, or who passed; `undefined` for a passage without person and card. */
export function holderOf(value: Sighting | Passage, site: Site): Holder | undefined {
  const { card } = value
  const name = 'direction' in value ? value.person : undefined
  const person =
    (name === undefined ? undefined : site.people.get(name)) ?? (card === undefined ? undefined : site.cards.get(card))
  const id = person?.id ?? name ?? (card === undefined ? undefined : `card:${card}`)
  return id === undefined ? undefined : { id, ...(person && { person }) }
}
