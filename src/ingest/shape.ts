/** Third stage of the door: a value of the form that its point's kind asks for. */
import { DEVICE_STATES, type Point, type ValueShape } from '../model/point.ts'
import type { Value } from '../model/reading.ts'
import { describe, type Refusal, refuse } from './refusal.ts'

/** Longest text taken in any field. */
export const LONGEST = 200

interface Field {
  readonly name: string
  /** A type, or the words allowed. */
  readonly type: 'string' | 'number' | 'boolean' | readonly string[]
  readonly required?: true
}

/** Every field of the values that are objects, in the order in which they are kept. */
export const FIELDS: Readonly<Partial<Record<ValueShape, readonly Field[]>>> = {
  sighting: [
    { name: 'card', type: 'string', required: true },
    { name: 'distance', type: 'number' },
    { name: 'moving', type: 'boolean' },
    { name: 'sos', type: 'boolean' },
    { name: 'battery', type: 'number' },
    { name: 'gone', type: 'boolean' },
  ],
  passage: [
    { name: 'direction', type: ['in', 'out'], required: true },
    { name: 'person', type: 'string' },
    { name: 'card', type: 'string' },
    { name: 'method', type: 'string' },
  ],
  session: [
    { name: 'event', type: ['scan', 'unlock', 'start', 'stop', 'lock'], required: true },
    { name: 'person', type: 'string' },
    { name: 'permit', type: 'string' },
  ],
}

/** Takes `null` and a number too large to be one as "no value"; drops fields that the kind does not have. */
export function shape(raw: unknown, point: Point): Value | null | Refusal {
  if (raw === null) return null
  if (raw === undefined) return refuse('value-missing', `no value for ${point.id}`)
  switch (point.shape) {
    case 'number':
      if (typeof raw !== 'number') return misfit(raw, `${point.id} takes a number`)
      // Adding 0 turns -0, which no journal keeps, into 0.
      return Number.isFinite(raw) ? raw + 0 : null
    case 'boolean':
      return typeof raw === 'boolean' ? raw : misfit(raw, `${point.id} takes true or false`)
    case 'state':
      return (
        DEVICE_STATES.find((state) => state === raw) ?? misfit(raw, `${point.id} takes ${DEVICE_STATES.join(', ')}`)
      )
    default:
      if (typeof raw !== 'object' || Array.isArray(raw)) return misfit(raw, `${point.id} takes an object`)
      return fill(raw as Record<string, unknown>, FIELDS[point.shape]!)
  }
}

function fill(raw: Readonly<Record<string, unknown>>, fields: readonly Field[]): Value | Refusal {
  const value: Record<string, unknown> = {}
  for (const field of fields) {
    const given = raw[field.name]
    if (given === undefined || given === null) {
      if (field.required) return refuse('value-type', `value.${field.name} is missing`)
    } else if (!fits(given, field)) {
      return misfit(given, `value.${field.name} takes ${wanted(field)}`)
    } else if (typeof given !== 'number') {
      value[field.name] = given
    } else if (Number.isFinite(given)) {
      value[field.name] = given + 0
    }
  }
  return value as unknown as Value
}

function fits(given: unknown, { type, required }: Field): boolean {
  if (typeof type !== 'string') return type.includes(given as string)
  if (typeof given !== type) return false
  return typeof given !== 'string' || (given.length <= LONGEST && !(required && given === ''))
}

function wanted({ type }: Field): string {
  if (typeof type !== 'string') return type.join(', ')
  return type === 'string' ? `a string of 1 to ${LONGEST} characters` : `a ${type}`
}

function misfit(raw: unknown, expected: string): Refusal {
  return refuse('value-type', `value ${describe(raw)}: ${expected}`)
}
