/** The reference of the configuration: pages and JSON Schemas, from the schemas the loader itself checks by. */
import type { TSchema } from 'typebox'
import { ADAPTERS } from '../src/adapters/index.ts'
import { COLUMNS } from '../src/app/config/people.ts'
import { ItemSchema, itemSchema, PackSchema } from '../src/app/config/rule-schema.ts'
import { SettingsSchema } from '../src/app/config/settings-schema.ts'
import type { Shape } from '../src/app/config/shape.ts'
import { SiteSchema } from '../src/app/config/site-schema.ts'
import { POINT_KINDS } from '../src/model/point.ts'
import { formatDuration } from '../src/model/time.ts'
import { RULES } from '../src/rules/index.ts'
import { hasDefault, jsonSchema } from './json-schema.ts'

/** Files by their name under `docs/reference`. */
export async function configurationReference(): Promise<Readonly<Record<string, string>>> {
  const site = jsonSchema(SiteSchema)
  const pack = jsonSchema(PackSchema)
  const items = [...RULES.values()].map((rule) => {
    const item = jsonSchema(itemSchema(rule.params)) as { properties: Record<string, unknown> }
    item.properties = { ...item.properties, rule: { const: rule.name, description: rule.title.en } }
    return item
  })
  const rules = { type: 'array', items: { oneOf: items } }
  return {
    'configuration.md': await page(),
    'site.schema.json': json('A file under sites/', site),
    'rules.schema.json': json('A file under rules/', {
      ...pack,
      properties: { ...(pack.properties as object), rules },
    }),
    'davy.schema.json': json('davy.yaml', jsonSchema(SettingsSchema)),
  }
}

function json(title: string, schema: object): string {
  const head = { $schema: 'https://json-schema.org/draft/2020-12/schema', title }
  return `${JSON.stringify({ ...head, ...schema }, null, 2)}\n`
}

async function page(): Promise<string> {
  const parts = [
    '# Configuration',
    'A folder with `davy.yaml` (optional), `sites/*.yaml` and `rules/*.yaml`. `davy check --config DIR` tells every problem at once. Unknown keys are errors, except among the attributes of areas and points, where only a near-miss of a known key is one. Durations are written `500ms`, `90s`, `10m`, `8h`, `2d`. Files are UTF-8; GB18030 is understood.',
    'For an editor: put `# yaml-language-server: $schema=…/site.schema.json` on the first line of a file.',
    '## davy.yaml',
    'Strings may take values from the environment, as a name in braces behind a dollar sign; one that is not set is an error. A second dollar sign before it keeps it as it stands.',
    table(SettingsSchema),
    ...(await sources()),
    '## sites/*.yaml',
    table(SiteSchema),
    '### Kinds of points',
    kinds(),
    '### People',
    `A CSV file beside the site's, first row the names of the columns: \`${COLUMNS.join(',')}\`. One row a card; a person may hold several, or none. Only \`person\` must be there. \`expires\` is the last day of the certificate, such as 2027-03-31.`,
    '## rules/*.yaml',
    table(PackSchema),
    '### Every rule item',
    '`match` knows of an area: `id`, `kind`, `in`, `site`, `siteKind`, `status`, `region` and its attributes; of a point: `id`, `kind`, `unit`, `area`, `areaKind`, `site`, `siteKind`, `status`, `region` and its attributes. A region answers to every part of its path from the left: `henan`, `henan/xuchang`, …',
    table(ItemSchema),
    ...[...RULES.values()].flatMap((rule) => [
      `### ${rule.name}`,
      `${rule.title.en} (${rule.title.zh}). One alarm per ${rule.key}; \`match\` looks at ${rule.matches}. Without its own, an item has severity ${rule.defaults.severity}, \`raiseAfter\` ${formatDuration(rule.defaults.raiseAfter)}, \`clearAfter\` ${formatDuration(rule.defaults.clearAfter)}.`,
      Object.keys((rule.params as Shape).properties ?? {}).length > 0
        ? table(rule.params)
        : 'No parameters of its own.',
    ]),
  ]
  return `${parts.join('\n\n')}\n`
}

async function sources(): Promise<readonly string[]> {
  const parts: string[] = []
  for (const [name, load] of Object.entries(ADAPTERS)) {
    const { title, settings } = await load()
    parts.push(`### sources: adapter ${name}`, `${title.en} (${title.zh}).`, table(settings))
  }
  return parts
}

function kinds(): string {
  const rows = Object.entries(POINT_KINDS).map(([kind, traits]) => {
    const silent = 'silentAfter' in traits ? formatDuration(traits.silentAfter) : 'never'
    return `| \`${kind}\` | ${traits.shape} | ${silent} |`
  })
  return ['| kind | value | silent after |', '|---|---|---|', ...rows].join('\n')
}

function table(schema: TSchema): string {
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
  if (shape.format === 'duration') return 'duration'
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

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
