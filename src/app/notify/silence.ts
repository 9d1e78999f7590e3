/** Where no channel is configured, and none ever was. */
import type { LiveNotifications } from './notifications-port.ts'

/** Nobody is told anything. */
export function silence(): LiveNotifications {
  return {
    channels: async () => [],
    counts: () => [],
    list: async () => [],
    get: async () => undefined,
    deliveries: async () => [],
    resend: async () => undefined,
    test: async () => 'channel-unknown',
    apply: async () => ({ started: [], restarted: [], ended: [], refused: [] }),
    async anew() {},
    async stop() {},
  }
}
