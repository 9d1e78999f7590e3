/** Where no channel is configured, and none ever was. */
import type { Notifications } from './notifications-port.ts'

/** Nobody is told anything. */
export function silence(): Notifications {
  return {
    channels: async () => [],
    counts: () => [],
    list: async () => [],
    get: async () => undefined,
    deliveries: async () => [],
    resend: async () => undefined,
    test: async () => 'channel-unknown',
    async anew() {},
    async stop() {},
  }
}
