/** The start of the embedded broker, as the service waits for it. */
import { DavyError } from '../model/errors.ts'
import type { Source } from '../model/ports.ts'

/** Resolves when the broker listens, so that its address is known, or after ten seconds. Throws `listen-failed` where its port is in use. */
export async function brokerUp(broker: Source, clock: { wait(delay: number): Promise<void> }): Promise<void> {
  for (let i = 0; i < 400 && broker.link().state !== 'up'; i++) {
    const { state, reason } = broker.link()
    if (state === 'down' && reason?.includes('EADDRINUSE')) {
      const remedy = 'choose another --mqtt-port, or 0 for a free one'
      throw new DavyError('listen-failed', { message: `the MQTT broker cannot listen: ${reason}`, remedy })
    }
    await clock.wait(25)
  }
}
