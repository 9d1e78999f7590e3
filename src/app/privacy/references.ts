/** References to alarms that tell nothing of them: what a link holds that leaves the house. Only the installation that made one finds the
 *  alarm behind it. */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'

export interface References {
  /** The same for an alarm for ever; letters, digits, `-` and `_`. */
  of(alarm: string): string
  /** The alarm's id; `undefined` for whatever was not made here. */
  alarmOf(reference: string): string | undefined
}

const CIPHER = 'aes-256-cbc'
/** Bytes of the synthetic initialization vector, and of a block. */
const BLOCK = 16

/** Encrypted under a vector that is the seal of what is encrypted (SIV): the same id gives the same reference, one that was altered or
 *  guessed is none, and nothing has to be kept. */
export function createReferences(secret: Uint8Array): References {
  const derived = (of: string) => createHmac('sha256', secret).update(`reference, ${of}`).digest()
  const [sealing, hiding] = [derived('seal'), derived('cipher')]
  const sealOf = (alarm: string) => createHmac('sha256', sealing).update(alarm).digest().subarray(0, BLOCK)
  return {
    of(alarm) {
      const seal = sealOf(alarm)
      const cipher = createCipheriv(CIPHER, hiding, seal)
      return Buffer.concat([seal, cipher.update(alarm, 'utf8'), cipher.final()]).toString('base64url')
    },
    alarmOf(reference) {
      // An id of an alarm has slashes, and is none.
      if (!/^[\w-]+$/.test(reference)) return undefined
      const bytes = Buffer.from(reference, 'base64url')
      if (bytes.length < 2 * BLOCK || bytes.length % BLOCK !== 0) return undefined
      const seal = bytes.subarray(0, BLOCK)
      try {
        const decipher = createDecipheriv(CIPHER, hiding, seal)
        const alarm = Buffer.concat([decipher.update(bytes.subarray(BLOCK)), decipher.final()]).toString('utf8')
        return timingSafeEqual(sealOf(alarm), seal) ? alarm : undefined
      } catch {
        return undefined
      }
    },
  }
}
