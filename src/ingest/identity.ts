/** What makes two values the same one: a primitive that is equal exactly where the contents are. */
import type { ValueShape } from '../model/point.ts'
import type { Value } from '../model/reading.ts'
import { FIELDS } from './shape.ts'

export type Identity = number | boolean | string | null

/** Objects are written field by field in one order, each text with its length before it, so that no two contents read alike. */
export function identityOf(value: Value | null, shape: ValueShape): Identity {
  if (value === null || typeof value !== 'object') return value
  const content = value as unknown as Readonly<Record<string, unknown>>
  let identity = ''
  for (const { name } of FIELDS[shape] ?? []) {
    const field = content[name]
    identity += typeof field === 'string' ? `${field.length}:${field}` : `${field};`
  }
  return identity
}
