import Type from 'typebox'
import { expect, test } from 'vitest'
import { conform } from './conform.ts'

const said = (value: unknown, schema: Parameters<typeof conform>[1]) =>
  conform(value, schema).findings.map(({ path, at, message }) => `${path.join('.')} ${at} ${message}`)

test('defaults are filled in at every depth, and durations become milliseconds wherever they stand', () => {
  const schema = Type.Object({
    wait: Type.String({ format: 'duration', default: '60m' }),
    storage: Type.Object({ keep: Type.Object({ raw: Type.String({ format: 'duration', default: '90d' }) }) }),
    levels: Type.Array(Type.Object({ after: Type.String({ format: 'duration', default: '0s' }) }), { default: [{}] }),
    maybe: Type.Optional(Type.Object({ after: Type.String({ format: 'duration', default: '1s' }) })),
  })
  expect(conform({ levels: [{ after: '90s' }, {}] }, schema)).toEqual({
    value: { wait: 3_600_000, storage: { keep: { raw: 7_776_000_000 } }, levels: [{ after: 90_000 }, { after: 0 }] },
    findings: [],
  })
  expect(conform({ levels: null, maybe: {} }, schema).value).toMatchObject({
    levels: [{ after: 0 }],
    maybe: { after: 1_000 },
  })
})

test('a default is not shared between two values', () => {
  const schema = Type.Object({ list: Type.Array(Type.String(), { default: [] }) })
  const first = conform({}, schema).value as { list: string[] }
  first.list.push('x')
  expect(conform({}, schema).value).toEqual({ list: [] })
})

test('every misfit at once, each with its path', () => {
  const schema = Type.Object({
    id: Type.String(),
    port: Type.Integer({ minimum: 0, maximum: 65_535 }),
    on: Type.Boolean(),
    at: Type.Tuple([Type.Number(), Type.Number()]),
    wait: Type.String({ format: 'duration' }),
    kind: Type.Union([Type.Literal('coal-face'), Type.Literal('heading-face')]),
    list: Type.Array(Type.Number()),
  })
  const value = { id: 101, port: 70_000, on: 'yes', at: [1], wait: 60, kind: 'coalface', list: [1, 'two'], wiat: '1s' }
  expect(said(value, schema)).toEqual([
    'id value expected text, found the number 101; write it in quotes',
    'port value must be at most 65535, found 70000',
    'on value expected true or false, found "yes"',
    'at value expected 2 values, found a list of 1',
    'wait value expected a duration such as 90s, 10m or 8h, found the number 60',
    'kind value expected one of coal-face, heading-face, found "coalface"; did you mean "coal-face"?',
    'list.1 value expected a number, found "two"',
    'wiat key unknown key "wiat"; did you mean "wait"?',
  ])
  expect(said({}, schema)).toHaveLength(7)
  expect(said('text', schema)).toEqual([' value expected keys and values, found "text"'])
})

test('open objects keep unknown keys, but not near-misses of known ones', () => {
  const schema = Type.Object({ kind: Type.String() }, { additionalProperties: true })
  expect(conform({ kind: 'x', seam: 'ji-16' }, schema)).toEqual({ value: { kind: 'x', seam: 'ji-16' }, findings: [] })
  const poisoned: unknown = JSON.parse('{ "kind": "x", "__proto__": { "polluted": true } }')
  expect(said(poisoned, schema)).toEqual(['__proto__ key unknown key "__proto__"; known: kind'])
  expect(said({ kind: 'x', knid: 'y' }, schema)).toEqual(['knid key unknown key "knid"; did you mean "kind"?'])
})

test('of alternatives the one that was meant speaks', () => {
  const schema = Type.Object({
    name: Type.Union([Type.String(), Type.Object({ zh: Type.String() })], { expects: 'a name, or { zh: … }' }),
  })
  expect(said({ name: 5 }, schema)).toEqual(['name value expected a name, or { zh: … }, found the number 5'])
  expect(said({ name: { zh: 5 } }, schema)).toEqual([
    'name.zh value expected text, found the number 5; write it in quotes',
  ])
})

test('records check their values; intersections are one object', () => {
  expect(said({ a: 1, b: 'x' }, Type.Record(Type.String(), Type.Number()))).toEqual([
    'b value expected a number, found "x"',
  ])
  const both = Type.Intersect([Type.Object({ a: Type.Number() }), Type.Object({ b: Type.Number() })])
  expect(said({ a: 1, b: 2 }, both)).toEqual([])
  expect(said({ a: 1, c: 2 }, both)).toEqual([' value "b" is missing', 'c key unknown key "c"; known: a, b'])
})
