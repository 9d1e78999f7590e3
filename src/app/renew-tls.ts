/** Certificates of the API that change while it serves. */
import type { Settings } from './config/settings-schema.ts'
import { readTls } from './read-tls.ts'

/** For connections to come; those that are there go on. Throws, and leaves the old ones, where the new ones cannot be used. Nothing where
 *  the server began without. */
export function renewTls(server: object, files: Settings['listen']['tls']): void {
  const certificates = readTls(files)
  const secure = server as { setSecureContext?(options: object): void }
  if (certificates) secure.setSecureContext?.(certificates)
}
