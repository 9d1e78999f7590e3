/** The numbers of a rule item as fields of a form, and what was changed as the service takes it. */
import type { RuleBody } from '../api/types.ts'

export interface Field {
  /** As the service names it where it refuses: `limit`, `levels.0.high`, `raiseAfter`. */
  readonly path: string
  readonly name: string
  /** What it belongs to: a level's name, the name of an inner group; absent: the item itself. */
  readonly group?: string
  readonly kind: 'number' | 'duration' | 'choice'
  readonly options?: readonly string[]
  /** In force; `''` where it is left to its default. */
  readonly value: string
}

type Plain = Readonly<Record<string, unknown>>
interface Shape {
  readonly type?: string
  readonly format?: string
  readonly enum?: readonly string[]
  readonly properties?: Readonly<Record<string, Shape>>
  readonly items?: Shape
}

const SEVERITIES = ['critical', 'major', 'minor', 'notice']

/** Numbers, durations and choices; lists of words and names are not tried. */
export function fieldsOf(
  rule: Pick<RuleBody, 'params' | 'schema' | 'severity' | 'raiseAfter' | 'clearAfter'>,
): Field[] {
  return [
    ...within(rule.params as Plain, { shape: rule.schema as Shape, path: '' }),
    { path: 'raiseAfter', name: 'raiseAfter', kind: 'duration', value: rule.raiseAfter },
    { path: 'clearAfter', name: 'clearAfter', kind: 'duration', value: rule.clearAfter },
    { path: 'severity', name: 'severity', kind: 'choice', options: SEVERITIES, value: rule.severity },
  ]
}

function within(of: Plain, at: { shape: Shape; path: string; group?: string }): Field[] {
  return Object.entries(at.shape.properties ?? {}).flatMap(([name, shape]): Field[] => {
    const value = of[name]
    const path = at.path + name
    if (Array.isArray(value) && shape.items?.properties)
      return value.flatMap((item: Plain, index) =>
        within(item, { shape: shape.items as Shape, path: `${path}.${index}.`, group: String(item.name ?? index + 1) }),
      )
    if (shape.properties)
      return typeof value === 'object' && value !== null && name !== 'title'
        ? within(value as Plain, { shape, path: `${path}.`, group: name })
        : []
    const kind = kindOf(shape)
    // A level has either a `high` or a `low`: the other cannot be given as well.
    if (!kind || (value === undefined && (name === 'high' || name === 'low'))) return []
    return [
      {
        path,
        name,
        kind,
        ...(at.group !== undefined && { group: at.group }),
        ...(shape.enum && { options: shape.enum }),
        value: value === undefined ? '' : String(value),
      },
    ]
  })
}

function kindOf(shape: Shape): Field['kind'] | undefined {
  if (shape.format === 'duration') return 'duration'
  if (shape.type === 'number' || shape.type === 'integer') return 'number'
  return shape.enum ? 'choice' : undefined
}

export type Changes = Readonly<Record<string, string>>

/** Changes that differ from what is in force. */
export const changed = (fields: readonly Field[], changes: Changes): readonly Field[] =>
  fields.filter(({ path, value }) => (changes[path] ?? value).trim() !== value)

/** The body of a back-test; `undefined` where nothing differs. Each changed parameter goes as a whole. */
export function proposalOf(
  rule: Pick<RuleBody, 'params'>,
  { fields, changes }: { readonly fields: readonly Field[]; readonly changes: Changes },
): Plain | undefined {
  const different = changed(fields, changes)
  if (different.length === 0) return undefined
  const params = structuredClone(rule.params) as Record<string, unknown>
  const touched = new Set<string>()
  const own: Record<string, string> = {}
  for (const { path, kind } of different) {
    const text = (changes[path] ?? '').trim()
    const steps = path.split('.')
    const [top = ''] = steps
    if (steps.length === 1 && !(top in params) && isDelay(top)) {
      own[top] = text
      continue
    }
    touched.add(top)
    put(params, steps, typed(text, kind))
  }
  const given = Object.fromEntries(Object.entries(params).filter(([name]) => touched.has(name)))
  return { ...own, ...(touched.size > 0 && { params: given }) }
}

const isDelay = (name: string): boolean => name === 'raiseAfter' || name === 'clearAfter' || name === 'severity'

/** What cannot be read goes as it was typed: the service says by field what is wrong with it. */
function typed(text: string, kind: Field['kind']): unknown {
  if (text === '') return undefined
  const value = Number(text)
  return kind === 'number' && Number.isFinite(value) ? value : text
}

function put(into: Record<string, unknown>, [step = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length > 0) put(into[step] as Record<string, unknown>, rest, value)
  else if (value === undefined) delete into[step]
  else into[step] = value
}
