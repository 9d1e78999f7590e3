/** Fifth stage of the door: what the source says of a reading beside its value. */
import type { Quality } from '../model/reading.ts'
import { describe, type Refusal, refuse } from './refusal.ts'
import { LONGEST } from './shape.ts'

/** The claimed quality; none claimed is `good`. */
export function grade(raw: unknown): Quality | Refusal {
  if (raw === undefined || raw === null) return 'good'
  if (raw === 'good' || raw === 'uncertain' || raw === 'bad') return raw
  return refuse('quality-unknown', `quality ${describe(raw)}`)
}

/** A short text or none. An empty one says nothing: as a `ref` it would make every reading the same one. */
export function label(raw: unknown, field: 'status' | 'ref' | 'unit'): string | undefined | Refusal {
  if (raw === undefined || raw === null || raw === '') return undefined
  if (typeof raw === 'string' && raw.length <= LONGEST) return raw
  return refuse('field-type', `${field} ${describe(raw)}`)
}
