/** Passwords of MQTT users: scrypt hashes or clear text, compared in constant time. */
import { createHash, createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { MqttUser } from './settings.ts'

const derive = promisify<string | Buffer, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
)

/** What is verified against where the user is unknown or has no password: nobody knows it, and it takes as long as a clear one. */
const NOBODY = { password: randomBytes(16).toString('hex') }

/** Makes `scrypt$N$r$p$salt$hash` for davy.yaml. */
export async function hashPassword(password: string): Promise<string> {
  const [N, r, p] = [16_384, 8, 1]
  const salt = randomBytes(16)
  const hash = await derive(password, salt, 32, { N, r, p, maxmem: memory(N, r) })
  return `scrypt$${N}$${r}$${p}$${salt.toString('base64')}$${hash.toString('base64')}`
}

/** Verifies passwords; a pair that was right once is known again by its keyed digest, so reconnecting costs no scrypt. */
export class Passwords {
  #users: ReadonlyMap<string, MqttUser>
  readonly #secret = randomBytes(32)
  readonly #right = new Map<string, Buffer>()

  constructor(users: readonly MqttUser[]) {
    this.#users = new Map(users.map((user) => [user.user, user]))
  }

  /** Nobody is named: nobody has to say who they are. */
  get open(): boolean {
    return this.#users.size === 0
  }

  /** Whether a user who came in is still configured as then. */
  holds(user: MqttUser): boolean {
    return this.#users.get(user.user) === user
  }

  /** Other users from now on. Who is as before stays the same, and what was right is still known. */
  change(users: readonly MqttUser[]): void {
    const before = this.#users
    this.#users = new Map(
      users.map((user) => {
        const known = before.get(user.user)
        return [user.user, known && isSame(known, user) ? known : user]
      }),
    )
    for (const name of this.#right.keys()) if (before.get(name) !== this.#users.get(name)) this.#right.delete(name)
  }

  /** The user whose name and password these are, where the pair was right before: at no cost. */
  recall(name: string, password: Buffer): MqttUser | undefined {
    const known = this.#right.get(name)
    return known && timingSafeEqual(known, this.#digest(name, password)) ? this.#users.get(name) : undefined
  }

  #digest(name: string, password: Buffer): Buffer {
    return createHmac('sha256', this.#secret).update(name).update('\0').update(password).digest()
  }

  /** The user whose name and password these are, or `undefined`. */
  async verify(name: string, password: Buffer): Promise<MqttUser | undefined> {
    const known = this.recall(name, password)
    if (known) return known
    const user = this.#users.get(name)
    const right = await matches((user?.hash ?? user?.password) ? user! : NOBODY, password)
    // Removed or changed while it was computed.
    if (!user || !right || !this.holds(user)) return undefined
    this.#right.set(name, this.#digest(name, password))
    return user
  }
}

function isSame(a: MqttUser, b: MqttUser): boolean {
  return a.password === b.password && a.hash === b.hash && a.site === b.site
}

async function matches(expected: Pick<MqttUser, 'password' | 'hash'>, password: Buffer): Promise<boolean> {
  if (expected.hash === undefined) return timingSafeEqual(digestOf(expected.password ?? ''), digestOf(password))
  const [, cost, block, parallel, salt, hash] = expected.hash.split('$')
  const [N, r, p] = [Number(cost), Number(block), Number(parallel)]
  const wanted = Buffer.from(hash!, 'base64')
  const got = await derive(password, Buffer.from(salt!, 'base64'), wanted.length, { N, r, p, maxmem: memory(N, r) })
  return timingSafeEqual(wanted, got)
}

function digestOf(password: string | Buffer): Buffer {
  return createHash('sha256').update(password).digest()
}

/** scrypt needs 128·N·r bytes; Node's default ceiling refuses the stronger parameters. */
function memory(N: number, r: number): number {
  return 256 * N * r
}
