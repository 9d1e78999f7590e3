/** Whether an item of davy.yaml is still the same: its settings, and what stands in the files they name. */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { hashOf } from './config/hash.ts'
import type { Listed } from './roster.ts'

/** Settings that name a file whose content is a part of them. */
const FILES: ReadonlySet<string> = new Set(['passwordFile', 'caFile', 'ca', 'cert', 'key'])
/** Passwords and certificates are small; what is larger is something else. */
const LARGEST = 1024 * 1024

/** Every file that settings name for a password or a certificate, absolute. */
export function filesOf(settings: unknown): readonly string[] {
  if (typeof settings !== 'object' || settings === null) return []
  return Object.entries(settings).flatMap(([key, value]) =>
    typeof value === 'string' ? (FILES.has(key) ? [resolve(value)] : []) : filesOf(value),
  )
}

/** An item with its fingerprint: hashes only, so that no secret is kept by it. */
export function listed<S>(name: string, settings: S): Listed<S> {
  const files = filesOf(settings).map((path) => ({ path, content: contentOf(path) }))
  const missing = files.find(({ content }) => content === undefined)?.path
  return { name, settings, fingerprint: hashOf({ settings, files }), ...(missing !== undefined && { missing }) }
}

/** The hash of what stands in a file; `undefined` where it cannot be read. */
function contentOf(path: string): string | undefined {
  try {
    if (!statSync(path).isFile() || statSync(path).size > LARGEST) return undefined
    return createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch {
    return undefined
  }
}
