/** Passwords and tokens: scrypt for what people type, SHA-256 for what we drew ourselves. */
import { createHash, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

const COST = { logN: 15, r: 8, p: 3 }
const LENGTH = 32

/** A hash that carries its own cost, salt and result: `scrypt$15$8$3$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, COST)
  return ['scrypt', COST.logN, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** Takes equally long whether the user exists (pass `undefined` where not) and whatever differs. */
export async function passwordFits(password: string, stored: string | undefined): Promise<boolean> {
  const [, logN, r, p, salt, hash] = (stored ?? NOBODY).split('$')
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) }
  const given = await derive(password, Buffer.from(salt ?? '', 'base64url'), cost)
  const wanted = Buffer.from(hash ?? '', 'base64url')
  return wanted.length === given.length && timingSafeEqual(wanted, given) && stored !== undefined
}

/** 256 bits of chance. */
export function drawToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is kept of a token: a stolen file opens no session. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** A first password that can be read out over the phone: 20 characters without look-alikes, about 98 bits. */
export function drawPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  let password = ''
  while (password.length < 20) {
    const byte = randomBytes(1)[0]!
    // The tail of the byte's range would favour the first letters.
    if (byte < 256 - (256 % letters.length)) password += letters[byte % letters.length]
  }
  return password
}

const NOBODY = `scrypt$${COST.logN}$${COST.r}$${COST.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`

function derive(password: string, salt: Buffer, { logN, r, p }: typeof COST): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** logN, r, p, maxmem: 256 * 2 ** logN * r }
  return new Promise((resolve, reject) =>
    scrypt(password.normalize('NFKC'), salt, LENGTH, options, (error, key) => (error ? reject(error) : resolve(key))),
  )
}
