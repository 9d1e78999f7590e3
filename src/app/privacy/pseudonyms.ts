/** Pseudonyms (假名) of persons and cards: the same for ever within an installation, and nobody can undo them without its secret. */
import { createHmac, randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DavyError } from '../../model/errors.ts'

/** What a pseudonym begins with. */
export const SIGN = '~'

/** A person's or card's number at a site → `~` and eight characters. */
export type Pseudonym = (site: string, number: string) => string

const BYTES = 32
/** 48 bits: among the ten thousand people of the largest mine two share one once in five million. */
const LENGTH = 8
/** Enough for the people and cards of many mines: looking for the alarm behind a pseudonym tries all of a rule item's. */
const REMEMBERED = 100_000

/** Reads the secret from the data folder; the first run draws it, mode 600. Throws `data-unusable` where it is damaged: drawing
 *  another would change every pseudonym that viewers have noted. */
export function openPseudonyms({ data }: { data: string }): Pseudonym {
  const file = join(data, 'pseudonyms.key')
  const secret = existsSync(file) ? readFileSync(file) : draw(data, file)
  if (secret.byteLength !== BYTES) {
    throw new DavyError('data-unusable', {
      message: `the secret of the pseudonyms has ${secret.byteLength} bytes, not ${BYTES}`,
      where: file,
      remedy: 'restore it from a back-up, or delete it: then persons and cards get other pseudonyms',
    })
  }
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

/** Whole or not at all: a crash leaves no half a secret under the name. */
function draw(data: string, file: string): Buffer {
  mkdirSync(data, { recursive: true })
  const secret = randomBytes(BYTES)
  const draft = `${file}.new`
  const handle = openSync(draft, 'w', 0o600)
  try {
    writeSync(handle, secret)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(draft, file)
  return secret
}
