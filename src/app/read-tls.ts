/** The certificate and key of the API's listener, from the files that the settings name. */
import { readFileSync } from 'node:fs'
import type { Settings } from './config/settings-schema.ts'

/** The files were seen when the configuration was checked; what they hold is the TLS library's to judge. */
export function readTls(files: Settings['listen']['tls']): { cert: string; key: string; ca?: string } | undefined {
  if (!files) return undefined
  const { cert, key, ca } = files
  const read = (path: string) => readFileSync(path, 'utf8')
  return { cert: read(cert), key: read(key), ...(ca !== undefined && { ca: read(ca) }) }
}
