/** Who may come in: first run, login with back-off, sessions, users and sources' tokens. Everything of note goes to the audit log. */
import { DavyError } from '../../model/errors.ts'
import { isLongEnough, SHORTEST_PASSWORD } from '../../model/password.ts'
import { HOUR, type Instant, MINUTE } from '../../model/time.ts'
import { type Account, Accounts } from './accounts.ts'
import { type Audit, auditFile, openAudit } from './audit.ts'
import { BackOff } from './back-off.ts'
import { drawPassword, drawToken, hashPassword, hashToken, passwordFits } from './passwords.ts'
import type { Role } from './permissions.ts'

/** A session ends this long after its last use. */
export const IDLE = 12 * HOUR

/** Who a request speaks for. */
export interface Principal {
  readonly user: string
  readonly role: Role
  /** `source` only: the site it may send for. */
  readonly site?: string
  /** Absent: a source's token. */
  readonly expires?: Instant
  /** SHA-256 of the token. */
  readonly session: string
}

export type LoginOutcome =
  | { readonly token: string; readonly principal: Principal }
  | { readonly refused: 'credentials-wrong' }
  /** Milliseconds. */
  | { readonly refused: 'login-too-soon'; readonly wait: number }

export interface Auth {
  readonly audit: Audit
  login(attempt: { user: string; password: string; address: string }): Promise<LoginOutcome>
  /** Slides the session's end. */
  authenticate(token: string): Principal | undefined
  /** Whether the session still stands, without sliding it: for streams that stay open. */
  stands(principal: Principal): boolean
  logout(principal: Principal): void
  users(): readonly Account[]
  /** False where the name is taken. */
  addUser(user: { user: string; password: string; role: Role }): Promise<boolean>
  /** A source's token, shown this once; `undefined` where the name is taken. */
  addToken(token: { user: string; site: string }): string | undefined
  /** Ends the user's sessions too. */
  removeUser(user: string): 'removed' | 'unknown' | 'last-admin'
  close(): Promise<void>
}

/** Opens users and audit log in the data folder. On the first run it makes `admin`, with `password` (DAVY_PASSWORD) or,
 *  without one, a random one that is handed back, to be printed once. */
export async function createAuth({
  data,
  now,
  password,
}: {
  data: string
  now: () => Instant
  password?: string | undefined
}): Promise<{ auth: Auth; firstPassword?: string }> {
  const accounts = new Accounts(data)
  const audit = await openAudit({ file: auditFile(data), now })
  const auth = build({ accounts, audit, now })
  if (auth.users().some((account) => account.role === 'admin')) return { auth }
  if (password && !isLongEnough(password)) {
    throw new DavyError('password-short', {
      message: `DAVY_PASSWORD has fewer than ${SHORTEST_PASSWORD} characters`,
      remedy: 'choose a longer one, or leave it out: then one is drawn and shown once',
    })
  }
  const first = password || drawPassword()
  await auth.addUser({ user: 'admin', password: first, role: 'admin' })
  await audit.append({ who: 'system', action: 'user-added', object: 'admin', detail: { role: 'admin' } })
  return password ? { auth } : { auth, firstPassword: first }
}

function build({ accounts, audit, now }: { accounts: Accounts; audit: Audit; now: () => Instant }): Auth {
  const backOff = new BackOff()

  function principalOf(hash: string): Principal | undefined {
    const session = accounts.session(hash)
    if (!session || (session.expires !== undefined && session.expires <= now())) return undefined
    const account = accounts.get(session.user)
    if (!account) return undefined
    const { user, role, site } = account
    return {
      user,
      role,
      ...(site !== undefined && { site }),
      ...(session.expires !== undefined && { expires: session.expires }),
      session: hash,
    }
  }

  return {
    audit,

    async login({ user, password, address }) {
      const key = `${user}\n${address}`
      const wait = backOff.attempt(key, now())
      if (wait > 0) return { refused: 'login-too-soon', wait }
      const account = accounts.get(user)
      if (!(await passwordFits(password, account?.password)) || !account) {
        await audit.append({ who: user.slice(0, 100), action: 'login-refused', address })
        return { refused: 'credentials-wrong' }
      }
      backOff.succeeded(key)
      await audit.append({ who: user, action: 'login', address })
      const token = drawToken()
      const [hash, expires] = [hashToken(token), now() + IDLE]
      accounts.purge(now())
      accounts.putSession({ hash, user, expires })
      return { token, principal: { user, role: account.role, expires, session: hash } }
    },

    authenticate(token) {
      const principal = principalOf(hashToken(token))
      if (principal?.expires === undefined) return principal
      const expires = now() + IDLE
      // One write a minute keeps the disk out of every request.
      if (expires - principal.expires < MINUTE) return principal
      accounts.putSession({ hash: principal.session, user: principal.user, expires })
      return { ...principal, expires }
    },

    stands: (principal) => principalOf(principal.session) !== undefined,
    logout: (principal) => accounts.removeSession(principal.session),
    users: () => accounts.list(),

    async addUser({ user, password, role }) {
      return accounts.add({ user, role, password: await hashPassword(password), created: now() })
    },

    addToken({ user, site }) {
      if (!accounts.add({ user, role: 'source', site, created: now() })) return undefined
      const token = drawToken()
      accounts.putSession({ hash: hashToken(token), user })
      return token
    },

    removeUser(user) {
      const account = accounts.get(user)
      if (!account) return 'unknown'
      const admins = accounts.list().filter((other) => other.role === 'admin')
      if (account.role === 'admin' && admins.length === 1) return 'last-admin'
      accounts.remove(user)
      return 'removed'
    },

    async close() {
      accounts.close()
      await audit.close()
    },
  }
}
