/** Hashes of normalised content: comments, quoting and the order of keys do not count. */
import { createHash } from 'node:crypto'

/** SHA-256, hex, over JSON with sorted keys. */
export function hashOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content, sortedKeys)).digest('hex')
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const record = value as Record<string, unknown>
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, record[key]]),
  )
}
