/** Which hosts are this machine: what listens there is reached by nobody else, and what is sent there crosses no network. */

/** A byte, as addresses write it. */
const BYTE = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const LOOPBACK = new RegExp(`^(localhost|::1|\\[::1\\]|127\\.${BYTE}\\.${BYTE}\\.${BYTE})$`, 'i')

/** Whether a host, as a setting, an address or a URL names it, is this machine. A name is only if it is `localhost`: where others lead
 *  is not ours to say. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host)
}
