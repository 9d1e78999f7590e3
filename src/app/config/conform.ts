/** Brings data to a TypeBox schema: defaults at every depth, durations to milliseconds, every misfit found at once, in words. */
import type { TSchema } from 'typebox'
import { parseDuration } from '../../model/time.ts'
import type { Path } from './document.ts'
import { didYouMean, nearest } from './nearest.ts'
import { checkNumber, checkString, describe, expected } from './scalar.ts'
import type { Shape } from './shape.ts'
import { fullWidthHint } from './yaml-words.ts'

/** One misfit between a value and its schema. */
export interface Finding {
  readonly path: Path
  /** Whether the key or the value is at fault. */
  readonly at: 'key' | 'value'
  readonly message: string
}

/** What a schema made of a value. */
export interface Conformed {
  /** Complete and right only where there are no findings. */
  readonly value: unknown
  readonly findings: readonly Finding[]
}

/** Unknown keys are findings unless the schema says `additionalProperties: true`; then only near-misses of known keys are. */
export function conform(value: unknown, schema: TSchema): Conformed {
  const findings: Finding[] = []
  const result = visit(value, schema as Shape, { path: [], findings })
  return { value: result, findings }
}

interface Visit {
  readonly path: Path
  readonly findings: Finding[]
}

function visit(given: unknown, schema: Shape, context: Visit): unknown {
  let value = given
  if (value === undefined || (value === null && isContainer(schema))) {
    value = schema.default === undefined ? undefined : structuredClone(schema.default)
  }
  if (schema.allOf) return visit(value, merged(schema.allOf), context)
  if (schema.anyOf || schema.enum || 'const' in schema) return choose(value, schema, context)
  switch (schema.type) {
    case 'object':
      return visitObject(value, schema, context)
    case 'array':
      return visitArray(value, schema, context)
    case 'string':
      if (schema.format === 'duration') return visitDuration(value, context)
      return say(checkString(value, schema), value, context)
    case 'number':
    case 'integer':
      return say(checkNumber(value, schema), value, context)
    case 'boolean':
      return say(typeof value === 'boolean' ? undefined : expected('true or false', value), value, context)
    case 'null':
      return say(value === null ? undefined : expected('nothing', value), value, context)
    default:
      return value
  }
}

function say(message: string | undefined, value: unknown, { path, findings }: Visit): unknown {
  if (message !== undefined) findings.push({ path, at: 'value', message })
  return value
}

function visitDuration(value: unknown, context: Visit): unknown {
  const duration = parseDuration(value)
  return say(
    duration === undefined ? expected('a duration such as 90s, 10m or 8h', value) : undefined,
    duration,
    context,
  )
}

function visitArray(value: unknown, schema: Shape, context: Visit): unknown {
  const tuple = Array.isArray(schema.items) ? (schema.items as readonly Shape[]) : undefined
  if (!Array.isArray(value)) return say(expected(schema.expects ?? 'a list', value), value, context)
  const { path, findings } = context
  if (tuple && value.length !== tuple.length)
    return say(
      `expected ${schema.expects ?? `${tuple.length} values`}, found a list of ${value.length}`,
      value,
      context,
    )
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    return say(
      `expected at least ${schema.minItems} ${schema.minItems === 1 ? 'item' : 'items'}, found ${value.length}`,
      value,
      context,
    )
  }
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    return say(`expected at most ${schema.maxItems} items, found ${value.length}`, value, context)
  }
  const seen = new Set<string>()
  return value.map((item, i) => {
    const key = JSON.stringify(item)
    if (schema.uniqueItems && seen.has(key))
      findings.push({ path: [...path, i], at: 'value', message: `${key} is listed twice` })
    seen.add(key)
    const shape = tuple ? tuple[i] : (schema.items as Shape | undefined)
    return shape ? visit(item, shape, { path: [...path, i], findings }) : item
  })
}

function visitObject(given: unknown, schema: Shape, context: Visit): unknown {
  const { path, findings } = context
  let value = given
  if (value === undefined) {
    // An object nobody wrote is there all the same if its own defaults can fill it.
    const trial: Finding[] = []
    const filled = visitObject({}, schema, { path, findings: trial })
    if (trial.length === 0) return filled
    value = undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return say(expected('keys and values', value), value, context)
  }
  const properties = schema.properties ?? {}
  const required = new Set(schema.required)
  const record = value as Record<string, unknown>
  const result: Record<string, unknown> = {}
  const unknown = Object.keys(record).filter((name) => !Object.hasOwn(properties, name))
  // A key that is there under another name is not missing as well.
  const meant = new Set(unknown.map((name) => nearest(name, Object.keys(properties))))
  const lacking = new Set<string>()
  for (const [name, shape] of Object.entries(properties)) {
    const child = record[name]
    const missing = child === undefined || (child === null && isContainer(shape))
    if (missing && shape.default === undefined) {
      if (!required.has(name)) continue
      if (meant.has(name)) {
        lacking.add(name)
        continue
      }
      if (shape.type !== 'object') {
        findings.push({ path, at: 'value', message: `"${name}" is missing` })
        continue
      }
    }
    result[name] = visit(child, shape, { path: [...path, name], findings })
  }
  for (const name of unknown) {
    // Assigning it would change what the object is, not what it holds.
    const shape = name === '__proto__' ? false : extraShape(name, schema)
    const near = nearest(name, Object.keys(properties))
    const takes = typeof shape === 'object' && !(near !== undefined && lacking.has(near))
    if (takes) result[name] = visit(record[name], shape, { path: [...path, name], findings })
    else if (shape === true && near === undefined) result[name] = record[name]
    else findings.push({ path: [...path, name], at: 'key', message: unknownKey(name, Object.keys(properties)) })
  }
  return result
}

function extraShape(name: string, schema: Shape): boolean | Shape {
  for (const [pattern, shape] of Object.entries(schema.patternProperties ?? {})) {
    if (new RegExp(pattern, 'u').test(name)) return shape
  }
  return schema.additionalProperties ?? false
}

/** `unknown key "knd"; did you mean "kind"?` */
export function unknownKey(name: string, known: readonly string[]): string {
  return `unknown key "${name}"${fullWidthHint(name) || didYouMean(name, known) || (known.length > 0 ? `; known: ${known.join(', ')}` : '')}`
}

function choose(value: unknown, schema: Shape, context: Visit): unknown {
  const branches = schema.anyOf ?? []
  const words = schema.enum ?? ('const' in schema ? [schema.const] : branches.map((branch) => branch.const))
  if (schema.anyOf === undefined || branches.every((branch) => 'const' in branch)) {
    if (words.includes(value)) return value
    const hint = typeof value === 'string' ? didYouMean(value, words.map(String)) : ''
    // A hint says more than a long list.
    const wanted =
      hint && words.length > 6 ? `unknown ${describe(value)}` : expected(schema.expects ?? oneOf(words), value)
    return say(wanted + hint, value, context)
  }
  let best: { readonly value: unknown; readonly findings: readonly Finding[] } | undefined
  for (const branch of branches) {
    const findings: Finding[] = []
    const result = visit(value, branch, { path: context.path, findings })
    if (findings.length === 0) return result
    if (!best || depth(findings) > depth(best.findings)) best = { value: result, findings }
  }
  const shallow = best?.findings.every(({ path }) => path.length === context.path.length)
  if (shallow && schema.expects) return say(expected(schema.expects, value), value, context)
  context.findings.push(...(best?.findings ?? []))
  return best?.value
}

/** The branch whose faults lie deepest is the one that was meant. */
function depth(findings: readonly Finding[]): number {
  return Math.max(...findings.map(({ path }) => path.length))
}

function oneOf(words: readonly unknown[]): string {
  return words.length === 1 ? String(words[0]) : `one of ${words.join(', ')}`
}

function merged(parts: readonly Shape[]): Shape {
  return {
    type: 'object',
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: parts.flatMap(({ required }) => required ?? []),
    additionalProperties: parts.some(({ additionalProperties }) => additionalProperties === true),
  }
}

function isContainer(schema: Shape): boolean {
  return schema.type === 'object' || schema.type === 'array'
}
