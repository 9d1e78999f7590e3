import { expect, test } from 'vitest'
import { CHANNELS } from '../../adapters/channels.ts'
import { ADAPTERS } from '../../adapters/index.ts'
import { RULES } from '../../rules/index.ts'
import { CasesSchema } from '../cases/schema.ts'
import { conform } from './conform.ts'
import { DutySchema } from './duty-schema.ts'
import { itemSchema, PackSchema } from './rule-schema.ts'
import { SettingsSchema } from './settings-schema.ts'
import { SiteSchema } from './site-schema.ts'

/** Paths of patterns that nobody has put into words. */
function* wordless(schema: unknown, path: string): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return
  const { pattern, expects } = schema as { pattern?: unknown; expects?: unknown }
  if (typeof pattern === 'string' && expects === undefined) yield path
  for (const [key, part] of Object.entries(schema)) yield* wordless(part, `${path}.${key}`)
}

test('whatever a setting must look like is said in words, never as a pattern', async () => {
  const adapters = await Promise.all(Object.values({ ...ADAPTERS, ...CHANNELS }).map((load) => load()))
  const schemas = {
    davy: SettingsSchema,
    duty: DutySchema,
    pack: PackSchema,
    site: SiteSchema,
    cases: CasesSchema,
    ...Object.fromEntries([...RULES.values()].map(({ name, params }) => [name, itemSchema(params)])),
    ...Object.fromEntries(adapters.map(({ name, settings }) => [name, settings])),
  }
  expect(Object.entries(schemas).flatMap(([name, schema]) => [...wordless(schema, name)])).toEqual([])
})

test('a secret of the wrong form is in no message', () => {
  const user = { user: 'a', site: 'b' }
  for (const secret of [{ hash: 'hunter2 hunter2' }, { password: 'hunter2' }, { password: 12_345_678 }]) {
    const { findings } = conform({ mqtt: { users: [{ ...user, ...secret }] } }, SettingsSchema)
    expect(findings).toHaveLength(1)
    expect(findings[0]?.message).not.toMatch(/hunter|1234/)
  }
})
