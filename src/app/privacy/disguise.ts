/** All that stands in place of persons, cards and what is named after them, made of the installation's one secret. */
import { createHmac } from 'node:crypto'
import { createPseudonyms, type Pseudonym } from './pseudonyms.ts'
import { createReferences, type References } from './references.ts'
import { openSecret } from './secret.ts'

export interface Disguise {
  readonly pseudonym: Pseudonym
  readonly references: References
  /** A hash that nobody undoes by trying all cards: 32 hexadecimal digits. */
  digest(text: string): string
}

/** Throws `data-unusable` where the secret is damaged. */
export function openDisguise({ data }: { data: string }): Disguise {
  const secret = openSecret({ data })
  return {
    pseudonym: createPseudonyms(secret),
    references: createReferences(secret),
    digest: (text) => createHmac('sha256', secret).update(`digest\n${text}`).digest('hex').slice(0, 32),
  }
}
