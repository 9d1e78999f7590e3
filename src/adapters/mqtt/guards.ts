/** What is looked at before the broker listens: that not anybody may forge readings, and that its files can be read. */
import { readFileSync } from 'node:fs'
import { DavyError } from '../../model/errors.ts'
import type { AdapterContext } from '../../model/ports.ts'
import { type Certificates, readCertificates, tryCertificates } from './certificates.ts'
import type { MqttSettings } from './settings.ts'

type Named = AdapterContext & { readonly name: string }

/** Throws `mqtt-open-listener` where a listener beyond loopback has no users. */
export function refuseOpenListener({ host, users, insecure, tls }: MqttSettings, { name, log }: Named): void {
  const loopback = host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
  if (loopback) return
  if (users.length === 0 && !insecure) {
    throw new DavyError('mqtt-open-listener', {
      message: `the broker would take readings from anybody who reaches ${host}`,
      where: `${name}: host`,
      remedy: 'configure `users`, or listen on 127.0.0.1, or say `insecure: true` if you mean it',
    })
  }
  if (users.length === 0)
    log('warn', `anybody who reaches ${host} may forge readings (insecure: true)`, { source: name })
  else if (!tls) log('warn', 'MQTT passwords cross the network in clear: configure `tls`', { source: name })
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
