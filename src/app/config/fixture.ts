/** For tests: a configuration in a folder of its own, and small rules to load it with. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Type, { type TSchema } from 'typebox'
import type { PointKind } from '../../model/point.ts'
import type { Adapter } from '../../model/ports.ts'
import type { Rule } from '../../model/rule.ts'
import type { Environment } from './environment.ts'
import { type Loaded, loadConfig } from './load.ts'

function rule(
  name: string,
  {
    params,
    matches,
    watches,
    follows = false,
  }: { params: TSchema; matches: 'areas' | 'points'; watches: readonly PointKind[]; follows?: boolean },
): Rule {
  return {
    name,
    title: { zh: name, en: name },
    key: 'area',
    watches,
    matches,
    partition: 'site',
    defaults: { raiseAfter: 5_000, clearAfter: 7_000, severity: 'minor' },
    params,
    begin: () => ({}),
    ...(follows && { move() {} }),
    save: () => null,
    load: () => ({}),
  }
}

const Duration = (options: object = {}) => Type.String({ ...options, format: 'duration' })

/** Rules that judge nothing, with parameters of every form. */
export const RULES: ReadonlyMap<string, Rule> = new Map(
  [
    rule('crowd', {
      matches: 'areas',
      watches: [],
      follows: true,
      params: Type.Object({
        limit: Type.Integer({ minimum: 0 }),
        count: Type.Union([Type.Literal('present'), Type.Literal('shift')], { default: 'present' }),
        exclude: Type.Array(Type.String(), { default: [] }),
        within: Duration({ default: '120s' }),
        handover: Type.Optional(Type.Object({ around: Duration({ default: '30m' }), limit: Type.Integer() })),
        speed: Type.Object({ most: Type.Number({ default: 10 }), over: Duration({ default: '1m' }) }),
      }),
    }),
    rule('limit', {
      matches: 'points',
      watches: ['gas.ch4', 'gas.co', 'env.wind'],
      params: Type.Object({
        levels: Type.Array(
          Type.Object({
            name: Type.String({ minLength: 1 }),
            high: Type.Optional(Type.Number()),
            low: Type.Optional(Type.Number()),
            clear: Type.Optional(Type.Number()),
            raiseAfter: Duration({ default: '0s' }),
          }),
          { minItems: 1 },
        ),
      }),
    }),
    rule('unmonitored', {
      matches: 'areas',
      watches: ['card.reader', 'device.state', 'gas.ch4'],
      params: Type.Object({ require: Type.Array(Type.String(), { default: ['camera', 'gas'] }) }),
    }),
    rule('silent', { matches: 'points', watches: ['gas.ch4', 'card.reader', 'smoke'], params: Type.Object({}) }),
  ].map((each) => [each.name, each]),
)

/** One adapter that is loaded and never opened. */
export const ADAPTERS: Readonly<Record<string, () => Promise<Adapter>>> = {
  plc: async () => ({
    name: 'plc',
    title: { zh: 'plc', en: 'plc' },
    settings: Type.Object({
      host: Type.String(),
      site: Type.String(),
      every: Duration({ default: '1s' }),
      items: Type.Array(Type.Object({ node: Type.String(), point: Type.String() }), { default: [] }),
    }),
    create: () => {
      throw new Error('a configuration is checked without opening anything')
    },
  }),
}

/** Writes the files, loads the folder, removes it. */
export async function loadFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  {
    env = {},
    adapters = ADAPTERS,
    secrets = true,
  }: { env?: Environment; adapters?: typeof ADAPTERS; secrets?: boolean } = {},
): Promise<Loaded & { readonly lines: readonly string[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'davy-config-'))
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), content)
    }
    const loaded = await loadConfig(dir, { rules: RULES, adapters, env, secrets })
    const lines = loaded.problems.map(
      ({ file, line, column, message, level }) => `${level} ${file}:${line}:${column}: ${message}`,
    )
    return { ...loaded, lines }
  } finally {
    await rm(dir, { recursive: true })
  }
}
