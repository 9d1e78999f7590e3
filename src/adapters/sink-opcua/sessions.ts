/** Who is behind a session: Davylamp's own accounts, asked of the main thread; never the word of the client alone. */
import { type ISessionContext, type OPCUAServer, type ServerSession, UserNameIdentityToken } from 'node-opcua'
import type { Attempt, FromWorker } from './protocol.ts'

/** Longer ones are nobody's. */
const LONGEST = 1_000

export interface Sessions {
  /** For `OPCUAServer`: asks whether these are the credentials of an account. */
  isValidUserAsync(
    this: ServerSession,
    user: string,
    password: string,
    callback: (error: Error | null, ok?: boolean) => void,
  ): void
  /** Whose session a method is called in; undefined for who did not log in. */
  of(
    context: ISessionContext,
  ): { readonly session: string; readonly user: string; readonly address: string } | undefined
  /** Ends the session. */
  dismiss(server: OPCUAServer, session: string): void
  /** A session has ended. */
  forget(session: ServerSession): void
}

export function createSessions({
  ask,
  say,
}: {
  readonly ask: (question: { session: string; attempt: Attempt }) => Promise<string>
  readonly say: (message: FromWorker) => void
}): Sessions {
  const users = new Map<string, { readonly session: ServerSession; readonly user: string }>()
  const idOf = (session: ServerSession) => session.nodeId.toString()

  return {
    isValidUserAsync(user, password, callback) {
      if (user.length > LONGEST || password.length > LONGEST) return callback(null, false)
      const id = idOf(this)
      const address = this.channel?.remoteAddress ?? ''
      ask({ session: id, attempt: { user, password, address } }).then(
        (status) => {
          if (status === 'Good') users.set(id, { session: this, user })
          callback(null, status === 'Good')
        },
        () => callback(null, false),
      )
    },
    of({ session }) {
      const own = session as ServerSession | undefined
      const known = own && users.get(idOf(own))
      const token = own?.userIdentityToken
      // The session may have been taken over by another identity since.
      if (!known || !(token instanceof UserNameIdentityToken) || token.userName !== known.user) return undefined
      return { session: idOf(own), user: known.user, address: own.channel?.remoteAddress ?? '' }
    },
    dismiss(server, id) {
      const known = users.get(id)
      users.delete(id)
      if (known) server.engine.closeSession(known.session.authenticationToken, true, 'Terminated')
    },
    forget(session) {
      const id = idOf(session)
      users.delete(id)
      say({ type: 'logout', session: id })
    },
  }
}
