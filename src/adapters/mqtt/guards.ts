/** What is looked at before the broker listens: that not anybody may forge readings, and that its files can be read. */
import { readFileSync } from 'node:fs'
import { DavyError } from '../../model/errors.ts'
import { isLoopback } from '../../model/loopback.ts'
import type { AdapterContext } from '../../model/ports.ts'
import { type Certificates, readCertificates, tryCertificates } from './certificates.ts'
import type { MqttSettings } from './settings.ts'

/** One way in which a listener is open, and the setting that closes it. */
export interface Opening {
  readonly danger: string
  readonly needs: 'users' | 'tls'
}

type Named = AdapterContext & { readonly name: string }

/** What a listener beyond loopback lacks, each in words; none where it lacks nothing. */
export function openings({
  host,
  users,
  tls,
}: Pick<MqttSettings, 'host' | 'users'> & { readonly tls?: MqttSettings['tls'] | undefined }): readonly Opening[] {
  if (isLoopback(host)) return []
  return [
    ...(users.length === 0 ? [{ danger: 'anybody who reaches it may forge readings', needs: 'users' } as const] : []),
    ...(tls ? [] : [{ danger: 'passwords and readings cross the network in the clear', needs: 'tls' } as const]),
  ]
}

/** Throws `mqtt-open-listener` where a listener beyond loopback lacks users or TLS and nobody said that it may; where somebody did, the log says what that means. */
export function refuseOpenListener(settings: MqttSettings, { name, log }: Named): void {
  const { host, insecure } = settings
  const found = openings(settings)
  if (found.length === 0) return
  const dangers = found.map(({ danger }) => danger).join(', and ')
  if (insecure) {
    log('warn', `the broker listens on ${host}: ${dangers} (insecure: true)`, { source: name })
    return
  }
  throw new DavyError('mqtt-open-listener', {
    message: `the broker would listen on ${host}: ${dangers}`,
    where: `${name}: host`,
    remedy: `give ${found.map(({ needs }) => `\`${needs}\``).join(' and ')}, or listen on 127.0.0.1, or say \`insecure: true\` where that network is trusted`,
  })
}

/** The certificates, as they stand in their files now. Throws `mqtt-tls-unreadable` where they cannot be read or used. */
export function usableCertificates({ tls }: Pick<MqttSettings, 'tls'>, { name }: Named): Certificates | undefined {
  if (!tls) return undefined
  for (const [key, file] of Object.entries(tls)) {
    try {
      readFileSync(file)
    } catch (cause) {
      throw unusable(`cannot read ${file}`, { where: `${name}: tls.${key}`, cause })
    }
  }
  const certificates = readCertificates(tls)
  try {
    tryCertificates(certificates)
  } catch (cause) {
    throw unusable((cause as Error).message, { where: `${name}: tls`, cause })
  }
  return certificates
}

function unusable(message: string, place: { readonly where: string; readonly cause: unknown }): DavyError {
  const remedy = 'give a PEM certificate, the key that belongs to it, and files the service may read'
  return new DavyError('mqtt-tls-unreadable', { message, ...place, remedy })
}
