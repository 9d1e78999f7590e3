/** The checks of single values, and the words for what was found instead. */
import type { Shape } from './shape.ts'
import { fullWidthHint } from './yaml-words.ts'

/** Why a value is not that string; `undefined` where it is. */
export function checkString(value: unknown, schema: Shape): string | undefined {
  if (schema.writeOnly) {
    const { writeOnly: _, expects = 'text, in quotes', ...open } = schema
    const message = checkString(value, open)
    // What is secret is in no message: they are logged.
    return message?.includes('found') ? `expected ${expects}` : message
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    return `expected text, found ${describe(value)}; write it in quotes`
  }
  if (typeof value !== 'string') return expected(schema.expects ?? 'text', value)
  const length = [...value].length
  if (length < (schema.minLength ?? 0))
    return value === '' ? 'must not be empty' : `must have at least ${schema.minLength} characters`
  if (length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) return `must have at most ${schema.maxLength} characters`
  if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value)) {
    return expected(schema.expects ?? 'text of another form', value)
  }
  return undefined
}

/** Why a value is not that number; `undefined` where it is. */
export function checkNumber(value: unknown, schema: Shape): string | undefined {
  const noun = schema.type === 'integer' ? 'a whole number' : 'a number'
  if (typeof value !== 'number' || !Number.isFinite(value)) return expected(noun, value)
  if (schema.type === 'integer' && !Number.isInteger(value)) return expected(noun, value)
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  if (minimum !== undefined && value < minimum) return `must be at least ${minimum}, found ${value}`
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum)
    return `must be more than ${exclusiveMinimum}, found ${value}`
  if (maximum !== undefined && value > maximum) return `must be at most ${maximum}, found ${value}`
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum)
    return `must be less than ${exclusiveMaximum}, found ${value}`
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf))
    return `must be a multiple of ${multipleOf}, found ${value}`
  return undefined
}

/** The usual sentence of a misfit. */
export function expected(noun: string, value: unknown): string {
  return `expected ${noun}, found ${describe(value)}${typeof value === 'string' ? fullWidthHint(value) : ''}`
}

/** What was found, short enough for one line. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'keys and values'
  if (typeof value === 'string') {
    // An address may hold a password where none belongs.
    const open = value.replace(/:\/\/[^/@\s]*@/, '://…@')
    return JSON.stringify(open.length > 60 ? `${open.slice(0, 60)}…` : open)
  }
  return `${typeof value === 'number' ? 'the number ' : ''}${String(value)}`
}
