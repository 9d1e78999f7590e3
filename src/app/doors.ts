/** The doors of the service as a change of the configuration finds them: the embedded broker's and the API's. */
import type { Settings } from './config/settings-schema.ts'
import { listed } from './fingerprint.ts'

/** What the broker and the API prove themselves by, and whom the broker lets in; alike where nothing of it changed. */
export function doorsOf({ mqtt, listen }: Settings, begun: Settings) {
  const door = { users: mqtt.users, ...withTls(mqtt.tls, begun.mqtt.tls) }
  return { mqtt: listed('mqtt', door), listen: listed('listen', withTls(listen.tls, begun.listen.tls)) }
}

/** Certificates as they may change: whether there are any, and whether clients need one, was settled at the start. */
function withTls(next: Settings['listen']['tls'], begun: Settings['listen']['tls']) {
  if (!begun || !next) return begun ? { tls: begun } : {}
  const { ca = begun.ca, ...own } = next
  return { tls: { ...own, ...(begun.ca !== undefined && ca !== undefined && { ca }) } }
}
