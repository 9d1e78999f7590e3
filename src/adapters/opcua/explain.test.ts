import { expect, test } from 'vitest'
import { explain } from './explain.ts'

const files = { certificates: '/pki', own: '/pki/own/certs/client.pem', user: 'davy' }

test.each([
  ['server Certificate verification failed with err BadCertificateUntrusted (0x801a0000)', /move it to \/pki\/trusted/],
  ['server Certificate verification failed with err BadCertificateTimeInvalid (0x80140000)', /expired, or one of the/],
  ['server Certificate verification failed with err BadCertificateRevoked (0x801d0000)', /revoked/],
  [
    'The connection has been rejected by server: BadSecurityChecksFailed (0x80130000)',
    /does not trust our certificate: have its administrator trust \/pki\/own\/certs\/client.pem$/,
  ],
  ['The connection has been rejected by server: BadTcpServerTooBusy (0x807d0000)', /0x807d0000\)$/],
  ['Error BadUserAccessDenied', /does not take user "davy" with the password in `passwordFile`/],
  ['connect ECONNREFUSED 127.0.0.1:4840', /4840$/],
])('%s', (message, said) => {
  expect(explain(new Error(message), files)).toMatch(said)
  expect(explain(new Error(message), files).startsWith(message)).toBe(true)
})

test('an anonymous client that is not taken is told to log in; without certificates there is nothing to move', () => {
  const plain = { certificates: undefined, own: '/tmp/x', user: undefined }
  expect(explain(new Error('Error BadIdentityTokenRejected'), plain)).toMatch(/set `user` and `passwordFile`/)
  expect(explain(new Error('the certificate is BadCertificateUntrusted'), plain)).toMatch(/BadCertificateUntrusted$/)
})
