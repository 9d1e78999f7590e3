/** Which names of hosts stay on this machine. */

/** Whether only this machine is reached by that name. */
export function loopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\./.test(host)
}
