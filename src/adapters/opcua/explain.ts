/** Why a session could not be had, in the library's words and with what to do: who does not trust whom is not to be seen from them alone. */
import type { SessionRequest } from './protocol.ts'

type Files = Pick<SessionRequest, 'certificates' | 'user'> & {
  /** Our own certificate. */
  readonly own: string
}

/** One line for the operator. */
export function explain(error: unknown, files: Files): string {
  const message = error instanceof Error ? error.message.split('\n')[0]!.replace(/[ ,.]+$/, '') : String(error)
  const remedy = remedyOf(message, files)
  return remedy === undefined ? message : `${message}; ${remedy}`
}

function remedyOf(message: string, { certificates, user, own }: Files): string | undefined {
  const code = /Bad\w+/.exec(message)?.[0]
  if (code?.startsWith('BadIdentityToken') || code === 'BadUserAccessDenied') {
    return user === undefined
      ? 'it may not take anonymous clients: set `user` and `passwordFile`'
      : `it does not take user ${JSON.stringify(user)} with the password in \`passwordFile\``
  }
  if (certificates === undefined) return undefined
  if (/rejected by server/i.test(message)) {
    return code === 'BadSecurityChecksFailed' || code?.startsWith('BadCertificate')
      ? `the server does not trust our certificate: have its administrator trust ${own}`
      : undefined
  }
  if (!/certificate/i.test(message)) return undefined
  switch (code) {
    case 'BadCertificateTimeInvalid':
    case 'BadCertificateIssuerTimeInvalid':
      return "the server's certificate has expired, or one of the two clocks is wrong: renew it at the server, or set the clock"
    case 'BadCertificateRevoked':
    case 'BadCertificateIssuerRevoked':
      return "the server's certificate was revoked: have its administrator make a new one"
    default:
      return `if the server's certificate in ${certificates}/rejected is the right one, move it to ${certificates}/trusted/certs`
  }
}
