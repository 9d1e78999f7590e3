/** The reference of the configuration: pages and JSON Schemas, from the schemas the loader itself checks by. */
import { DutySchema } from '../../src/app/config/duty-schema.ts'
import { COLUMNS } from '../../src/app/config/people.ts'
import { ItemSchema, itemSchema, PackSchema } from '../../src/app/config/rule-schema.ts'
import { SettingsSchema } from '../../src/app/config/settings-schema.ts'
import { SiteSchema } from '../../src/app/config/site-schema.ts'
import { RULES } from '../../src/rules/index.ts'
import { jsonSchema } from './json-schema.ts'
import { table } from './table.ts'

/** Files by their name under `docs/reference`. */
export function configurationReference(): Readonly<Record<string, string>> {
  const site = jsonSchema(SiteSchema)
  const pack = jsonSchema(PackSchema)
  const items = [...RULES.values()].map((rule) => {
    const item = jsonSchema(itemSchema(rule.params)) as { properties: Record<string, unknown> }
    item.properties = { ...item.properties, rule: { const: rule.name, description: rule.title.en } }
    return item
  })
  const rules = { type: 'array', items: { oneOf: items } }
  return {
    'configuration.md': page(),
    'site.schema.json': json('A file under sites/', site),
    'rules.schema.json': json('A file under rules/', {
      ...pack,
      properties: { ...(pack.properties as object), rules },
    }),
    'davy.schema.json': json('davy.yaml', jsonSchema(SettingsSchema)),
    'duty.schema.json': json('duty.yaml', jsonSchema(DutySchema)),
  }
}

function json(title: string, schema: object): string {
  const head = { $schema: 'https://json-schema.org/draft/2020-12/schema', title }
  return `${JSON.stringify({ ...head, ...schema }, null, 2)}\n`
}

function page(): string {
  const parts = [
    '# Configuration',
    'A folder with `davy.yaml` and `duty.yaml` (both optional), `sites/*.yaml` and `rules/*.yaml`. `davy check --config DIR` tells every problem at once. Unknown keys are errors, except among the attributes of areas and points, where only a near-miss of a known key is one. Durations are written `500ms`, `90s`, `10m`, `8h`, `2d`. Files are UTF-8; GB18030 is understood.',
    'For an editor: put `# yaml-language-server: $schema=…/site.schema.json` on the first line of a file.',
    '## davy.yaml',
    'Strings may take values from the environment, as a name in braces behind a dollar sign; one that is not set is an error. A second dollar sign before it keeps it as it stands. Files and folders are named relative to the folder of `davy.yaml`, wherever the program was started; on the command line, relative to where it was.',
    table(SettingsSchema),
    'What each adapter of `sources:` takes stands in [adapters](adapters.md).',
    '## duty.yaml',
    'The duty desks: who is called, and when it is too late. What it does: [alarms](../alarms.md). The numbers it defaults to are confirmed by no text.',
    table(DutySchema),
    '## sites/*.yaml',
    table(SiteSchema),
    'Kinds of points and what they carry: [readings](readings.md).',
    '### People',
    `A CSV file beside the site's, first row the names of the columns: \`${COLUMNS.join(',')}\`. One row a card; a person may hold several, or none. Only \`person\` must be there. \`expires\` is the last day of the certificate, such as 2027-03-31.`,
    '## rules/*.yaml',
    table(PackSchema),
    '### Every rule item',
    '`match` knows of an area: `id`, `kind`, `in`, `site`, `siteKind`, `status`, `region` and its attributes; of a point: `id`, `kind`, `unit`, `area`, `areaKind`, `site`, `siteKind`, `status`, `region` and its attributes. A region answers to every part of its path from the left: `henan`, `henan/xuchang`, …',
    table(ItemSchema),
    'What each rule takes beside these: [rules](rules.md).',
  ]
  return `${parts.join('\n\n')}\n`
}
