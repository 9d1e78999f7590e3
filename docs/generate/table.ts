/** Schemas as tables of Markdown: key, what it is, default, description. */
import type { TSchema } from 'typebox'
import type { Shape } from '../../src/app/config/shape.ts'
import { hasDefault } from './json-schema.ts'

/** One row a key; the keys within an object or a list of objects follow it. */
export function table(schema: TSchema): string {
  return ['| key | is | default | |', '|---|---|---|---|', ...rows(schema as Shape, '')].join('\n')
}

function* rows(shape: Shape, prefix: string): Generator<string> {
  for (const [name, part] of Object.entries(shape.properties ?? {})) {
    const path = prefix + name
    const { description = '' } = part as { description?: string }
    const optional = !shape.required?.includes(name)
    const fallback = part.default !== undefined ? code(part.default) : optional || hasDefault(part) ? '' : 'required'
    yield `| \`${path}\` | ${cell(typeOf(part))} | ${fallback} | ${cell(description)} |`
    const item = part.type === 'array' && !Array.isArray(part.items) ? (part.items as Shape) : undefined
    if (item?.type === 'object') yield* rows(item, `${path}[].`)
    else if (part.type === 'object') yield* rows(part, `${path}.`)
  }
}

function typeOf(shape: Shape): string {
  const words =
    shape.enum ?? (shape.anyOf?.every((part) => 'const' in part) ? shape.anyOf.map((part) => part.const) : undefined)
  if (words) return words.length > 8 ? 'a word' : words.map((word) => `\`${String(word)}\``).join(', ')
  if ('const' in shape) return `\`${String(shape.const)}\``
  if (shape.anyOf) return shape.expects ?? shape.anyOf.map(typeOf).join(' or ')
  if (shape.format === 'duration' || shape.format === 'file' || shape.format === 'folder') return shape.format
  if (shape.type === 'array') {
    if (Array.isArray(shape.items)) return `${shape.items.length} numbers`
    return shape.items ? `list of ${typeOf(shape.items as Shape)}` : 'list'
  }
  const bounds = [
    shape.minimum === undefined ? '' : `≥ ${shape.minimum}`,
    shape.exclusiveMinimum === undefined ? '' : `> ${shape.exclusiveMinimum}`,
    shape.maximum === undefined ? '' : `≤ ${shape.maximum}`,
  ].filter(Boolean)
  const noun = {
    string: 'text',
    integer: 'whole number',
    number: 'number',
    boolean: 'true or false',
    object: 'keys and values',
  }
  return [noun[shape.type as keyof typeof noun] ?? 'anything', ...bounds].join(' ')
}

function code(value: unknown): string {
  return cell(`\`${typeof value === 'string' ? value : JSON.stringify(value)}\``)
}

/** Text for a cell: a bar would end it. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
