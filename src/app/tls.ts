/** The certificates by which the API proves itself, and how they are renewed while it serves. */
import { readFileSync } from 'node:fs'
import type { Settings } from './config/settings-schema.ts'

type Files = Settings['listen']['tls']

/** The files were seen when the configuration was checked; what they hold is the TLS library's to judge. */
export function readTls(files: Files): { cert: string; key: string; ca?: string } | undefined {
  if (!files) return undefined
  const { cert, key, ca } = files
  const read = (path: string) => readFileSync(path, 'utf8')
  return { cert: read(cert), key: read(key), ...(ca !== undefined && { ca: read(ca) }) }
}

/** For connections to come; those that are there go on. Throws, and leaves the old ones, where the new ones cannot be used. Nothing where
 *  the server began without. */
export function renewTls(server: object, files: Files): void {
  const certificates = readTls(files)
  const secure = server as { setSecureContext?(options: object): void }
  if (certificates) secure.setSecureContext?.(certificates)
}
