/** The moment at which the embedded broker takes connections, or is known not to. */
import { DavyError } from '../model/errors.ts'
import type { Source } from '../model/ports.ts'

/** Waits until the broker listens, so that its address is known; a port in use is said at once. */
export async function listening(
  broker: Pick<Source, 'link'>,
  clock: { wait(delay: number): Promise<void> },
): Promise<void> {
  for (let i = 0; i < 400 && broker.link().state !== 'up'; i++) {
    const { state, reason } = broker.link()
    if (state === 'down' && reason?.includes('EADDRINUSE')) {
      const remedy = 'choose another --mqtt-port, or 0 for a free one'
      throw new DavyError('listen-failed', { message: `the MQTT broker cannot listen: ${reason}`, remedy })
    }
    await clock.wait(25)
  }
}
