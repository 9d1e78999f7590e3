/** The secret of an installation: what persons and cards are hidden by, wherever somebody may not see them. */
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DavyError } from '../../model/errors.ts'

const BYTES = 32

/** Reads the secret from the data folder; the first run draws it, mode 600. Throws `data-unusable` where it is damaged: drawing
 *  another would change every pseudonym that viewers have noted. */
export function openSecret({ data }: { data: string }): Uint8Array {
  const file = join(data, 'pseudonyms.key')
  const secret = existsSync(file) ? readFileSync(file) : draw(data, file)
  if (secret.byteLength !== BYTES) {
    throw new DavyError('data-unusable', {
      message: `the secret of the pseudonyms has ${secret.byteLength} bytes, not ${BYTES}`,
      where: file,
      remedy: 'restore it from a back-up, or delete it: then persons and cards get other pseudonyms',
    })
  }
  return secret
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
