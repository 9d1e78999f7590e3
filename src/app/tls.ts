/** The API's certificate, key and authority, read from their files. */
import { readFileSync } from 'node:fs'
import type { Settings } from './config/settings-schema.ts'

/** The files were seen when the configuration was checked; what they hold is the TLS library's to judge. Throws where one cannot be read. */
export function readTls(files: Settings['listen']['tls']): { cert: string; key: string; ca?: string } | undefined {
  if (!files) return undefined
  const { cert, key, ca } = files
  const read = (path: string) => readFileSync(path, 'utf8')
  return { cert: read(cert), key: read(key), ...(ca !== undefined && { ca: read(ca) }) }
}
