/** Pseudonyms (假名) of persons and cards: the same for ever within an installation, and nobody can undo them without its secret. */
import { createHmac } from 'node:crypto'

/** What a pseudonym begins with. */
export const SIGN = '~'

/** A person's or card's number at a site → `~` and eight characters. */
export type Pseudonym = (site: string, number: string) => string

/** 48 bits: among the ten thousand people of the largest mine two share one once in five million. */
const LENGTH = 8
/** Enough for the people and cards of many mines: looking for the alarm behind a pseudonym tries all of a rule item's. */
const REMEMBERED = 100_000

export function createPseudonyms(secret: Uint8Array): Pseudonym {
  const known = new Map<string, string>()
  return (site, number) => {
    const named = `${site}\n${number}`
    const before = known.get(named)
    if (before !== undefined) return before
    const pseudonym = SIGN + createHmac('sha256', secret).update(named).digest('base64url').slice(0, LENGTH)
    if (known.size >= REMEMBERED) known.clear()
    known.set(named, pseudonym)
    return pseudonym
  }
}
