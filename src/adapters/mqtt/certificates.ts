/** The broker's certificates as they stand in their files, on their way between the threads. */
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { MqttSettings } from './settings.ts'

type Tls = NonNullable<MqttSettings['tls']>

/** PEM. */
export interface Certificates {
  readonly cert: string
  readonly key: string
  readonly ca?: string
}

/** Throws where a file cannot be read. */
export function readCertificates({ cert, key, ca }: Tls): Certificates {
  const read = (file: string) => readFileSync(file, 'utf8')
  return { cert: read(cert), key: read(key), ...(ca !== undefined && { ca: read(ca) }) }
}

/** Throws what the TLS library has against them: no certificate, or a key that belongs to another. */
export function tryCertificates(certificates: Certificates): void {
  createSecureContext({ ...certificates })
}

/** What a TLS server is made with; with `ca`, only clients with a certificate of it come in. */
export function serverOptions(tls: Tls) {
  return { ...readCertificates(tls), ...(tls.ca !== undefined && { requestCert: true, rejectUnauthorized: true }) }
}
