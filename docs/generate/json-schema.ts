/** The configuration's TypeBox schemas as JSON Schema for editors: our durations as a pattern, unknown keys refused. */
import type { TSchema } from 'typebox'
import type { Shape } from '../../src/app/config/shape.ts'

const DURATION = '^\\d+(\\.\\d+)?(ms|s|m|h|d)$'

/** Formats of our own: to an editor they are text. */
const PATHS = new Set(['file', 'folder'])

/** What of a schema is ours alone, or says the same in another way here. */
const OURS = new Set([
  'expects',
  'format',
  'properties',
  'required',
  'items',
  'additionalItems',
  'anyOf',
  'allOf',
  'patternProperties',
  'additionalProperties',
])

/** A schema as an editor understands it (draft 2020-12). */
export function jsonSchema(schema: TSchema): Record<string, unknown> {
  return convert(schema as Shape)
}

function convert(shape: Shape): Record<string, unknown> {
  const result: Record<string, unknown> = Object.fromEntries(Object.entries(shape).filter(([key]) => !OURS.has(key)))
  if (shape.format === 'duration') result.pattern = DURATION
  else if (shape.format && !PATHS.has(shape.format)) result.format = shape.format
  if (shape.anyOf) result.anyOf = shape.anyOf.map(convert)
  if (shape.allOf) result.allOf = shape.allOf.map(convert)
  if (Array.isArray(shape.items)) Object.assign(result, { prefixItems: shape.items.map(convert), items: false })
  else if (shape.items) result.items = convert(shape.items as Shape)
  if (shape.type === 'object') {
    const properties = shape.properties ?? {}
    const required = (shape.required ?? []).filter((name) => !hasDefault(properties[name]))
    result.properties = Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, convert(part)]))
    if (required.length > 0) result.required = required
    if (shape.patternProperties) {
      result.patternProperties = Object.fromEntries(
        Object.entries(shape.patternProperties).map(([pattern, part]) => [pattern, convert(part)]),
      )
    }
    const more = shape.additionalProperties ?? false
    result.additionalProperties = typeof more === 'object' ? convert(more) : more
  }
  return result
}

/** Whether a key may be left out: it has a default, or all within it have. */
export function hasDefault(shape: Shape | undefined): boolean {
  if (!shape) return false
  if (shape.default !== undefined) return true
  if (shape.type !== 'object') return false
  return (shape.required ?? []).every((name) => hasDefault(shape.properties?.[name]))
}
