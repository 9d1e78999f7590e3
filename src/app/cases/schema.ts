/** What a file of cases (`cases.yaml`, `*.cases.yaml`) may say. */
import Type, { type Static, type TSchema } from 'typebox'
import { ALARM_STATES, CAUSES, SEVERITIES } from '../../model/alarm.ts'
import { ALARM_COMMANDS, LINK_STATES, PERMIT_GRADES, WINDOW_COMMANDS } from '../../model/command.ts'
import { parseOffset, parseSpan } from './offsets.ts'

const Offset = (description: string) =>
  Type.Unsafe<string>({ type: 'string', minLength: 2, description, expects: 'an offset such as 0s, 70s or 1m30s' })

const Names = (description: string) =>
  Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })], {
    description,
    expects: 'a name, a range such as c-01..c-26, or a list of them',
  })

const optional = <T extends TSchema>(schemas: readonly (readonly [string, T])[]) =>
  Object.fromEntries(schemas.map(([name, schema]) => [name, Type.Optional(schema)]))

/** One line of input; exactly one of `point`, `reader`, `gate`, `permit`, `link` and the commands says what it is. */
export const InputSchema = Type.Object({
  at: Offset('When it arrives: `10s`, or with `every` a span `0s..5m`.'),
  every: Type.Optional(Offset('Step of the span; its end is included.')),
  lag: Type.Optional(Offset('It was measured so long before it arrives.')),
  ahead: Type.Optional(Offset('It claims to be measured so long after it arrives.')),
  point: Type.Optional(Type.String({ description: 'A point and its `value`, or one of its `values` a step.' })),
  value: Type.Optional(Type.Unknown()),
  values: Type.Optional(Type.Array(Type.Unknown(), { minItems: 1, description: 'The last one stays.' })),
  reader: Type.Optional(Type.String({ description: 'A card reader that sees `cards`.' })),
  cards: Type.Optional(Names('Cards: `c-01..c-26`.')),
  distance: Type.Optional(Type.Number()),
  moving: Type.Optional(Type.Boolean()),
  gone: Type.Optional(Type.Boolean({ description: 'The reader lost the cards.' })),
  sos: Type.Optional(Type.Boolean()),
  gate: Type.Optional(Type.String({ description: 'A gate, passed in a `direction` by `persons`, or with `cards`.' })),
  direction: Type.Optional(Type.Unsafe<'in' | 'out'>({ type: 'string', enum: ['in', 'out'] })),
  persons: Type.Optional(Names('Persons: `p-01..p-03`.')),
  quality: Type.Optional(Type.Unsafe<string>({ type: 'string', enum: ['good', 'uncertain', 'bad'] })),
  status: Type.Optional(Type.String()),
  ref: Type.Optional(Type.String()),
  ...optional(
    ALARM_COMMANDS.map((name) => [name, Type.String({ description: 'A command on the alarm of this key.' })]),
  ),
  rule: Type.Optional(Type.String({ description: 'Of a command: the rule item, where there are several.' })),
  by: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
  for: Type.Optional(Offset('Of `shelve`, `out-of-service` and a window: how long.')),
  once: Type.Optional(Type.Boolean({ description: 'Of `shelve`: until it next returns to normal.' })),
  witness: Type.Optional(Type.String({ description: 'Of `out-of-service` and of a window: who stands by.' })),
  text: Type.Optional(Type.String({ description: 'Of `comment` and `handover`: the words.' })),
  to: Type.Optional(Type.String({ description: 'Of `assign`: the new owner.' })),
  ...optional(
    WINDOW_COMMANDS.map((name) => [
      name,
      Type.String({
        description: 'A window of this name is declared, for `points` or an `area`, `from` [now] and `for` so long.',
      }),
    ]),
  ),
  points: Type.Optional(Names('Of a window: the points.')),
  handover: Type.Optional(Type.String({ description: 'A desk is handed over, by `outgoing` to `incoming`.' })),
  outgoing: Type.Optional(Type.String()),
  incoming: Type.Optional(Type.String()),
  permit: Type.Optional(
    Type.String({ description: 'A hot-work permit is opened, changed or closed: it takes the keys that follow.' }),
  ),
  area: Type.Optional(Type.String({ description: 'Of a permit: where.' })),
  machine: Type.Optional(Type.String({ description: 'Of a permit: which machine.' })),
  person: Type.Optional(Type.String({ description: 'Of a permit: who.' })),
  from: Type.Optional(Offset('Of a permit: from then; before the start of the case with a minus: `-20m`.')),
  until: Type.Optional(Offset('Of a permit: until then.')),
  tested: Type.Optional(Offset('Of a permit: when the gas was last tested by hand.')),
  limit: Type.Optional(Type.Number({ description: 'Of a permit: highest gas value at which work is allowed.' })),
  grade: Type.Optional(Type.Unsafe<string>({ type: 'string', enum: [...PERMIT_GRADES] })),
  state: Type.Optional(
    Type.Unsafe<string>({
      type: 'string',
      enum: ['open', 'closed', ...LINK_STATES],
      description: 'Of a permit, or a link.',
    }),
  ),
  link: Type.Optional(
    Type.String({
      description:
        'A source whose peer is lost (`state: down`), there again (`up`), or taken away on purpose (`removed`).',
    }),
  ),
})

const state = Type.Unsafe<string>({ type: 'string', enum: [...ALARM_STATES] })

/** One transition, or what of it matters: one of the causes names the key. */
export const ExpectedSchema = Type.Object({
  at: Type.Optional(Offset("The transition's `at`.")),
  ...optional(
    CAUSES.map((cause) => [cause, Type.String({ description: 'The key of the alarm to which this happens.' })]),
  ),
  rule: Type.Optional(Type.String({ description: 'The rule item.' })),
  severity: Type.Optional(Type.Unsafe<string>({ type: 'string', enum: [...SEVERITIES] })),
  value: Type.Optional(Type.Number()),
  limit: Type.Optional(Type.Number()),
  from: Type.Optional(state),
  to: Type.Optional(state),
  since: Type.Optional(Offset('When the condition began.')),
  received: Type.Optional(Offset('The arrival clock when it was judged.')),
  episode: Type.Optional(Type.Integer({ minimum: 1 })),
  clause: Type.Optional(Type.String()),
  by: Type.Optional(Type.String()),
  text: Type.Optional(Type.String({ description: 'Stands in the Chinese or the English text.' })),
  held: Type.Optional(Type.Unsafe<string>({ type: 'string', enum: ['latched', 'unconfirmed', 'no'] })),
  hush: Type.Optional(
    Type.Unsafe<string>({
      type: 'string',
      enum: ['shelved', 'suppressed', 'out-of-service', 'no'],
      description: 'What keeps it from people; `no`: nothing.',
    }),
  ),
  group: Type.Optional(Type.String({ description: 'The alarm under which it is told.' })),
  desk: Type.Optional(Type.String({ description: 'The duty desk that is called.' })),
  level: Type.Optional(Type.String()),
  quiet: Type.Optional(Type.Boolean()),
  chattering: Type.Optional(Type.Boolean()),
  first: Type.Optional(Type.Boolean()),
})

const rules = Type.Optional(Type.Array(Type.Unknown(), { description: 'Rule items, as in a regulation pack.' }))
const start = Type.Optional(
  Type.String({ description: 'The instant that offsets count from. Default: 2026-05-01T08:00:00+08:00.' }),
)

export const CaseSchema = Type.Object({
  case: Type.String({ minLength: 1, description: 'What is shown, in a sentence.' }),
  start,
  rules: Type.Optional({ ...rules, description: "Instead of the file's." } as typeof rules),
  about: Type.Optional(Names('Only transitions of these rules, rule items or keys are compared. Default: all.')),
  input: Type.Array(InputSchema, { default: [] }),
  until: Type.Optional(Offset('How long the clock runs on. Default: to the last input.')),
  expect: Type.Array(ExpectedSchema, { default: [], description: 'Exactly what happens.' }),
  never: Type.Array(ExpectedSchema, { default: [], description: 'What must not happen, whatever `about` says.' }),
})

export const CasesSchema = Type.Object({
  site: Type.Optional(
    Type.Union([Type.String(), Type.Unsafe<object>(Type.Object({}, { additionalProperties: true }))], {
      expects: 'the id of a site, or a whole site as in sites/',
      description: "The site that the cases are about: one of the configuration's, or declared here.",
    }),
  ),
  people: Type.Optional(Type.String({ description: 'Of a site declared here: its people file.' })),
  regulation: Type.Optional(Type.Unknown()),
  rules,
  duty: Type.Optional(
    Type.Unknown({
      description:
        "The duty desks, as in `duty.yaml`; of a site of the configuration `true`, for the configuration's own. Default: none.",
    }),
  ),
  suppress: Type.Array(Type.Unknown(), { default: [], description: 'What suppresses what, as in a regulation pack.' }),
  start,
  cases: Type.Array(CaseSchema, { minItems: 1 }),
})

export type CaseInput = Static<typeof InputSchema> & { readonly [command: string]: unknown }
export type Expected = Static<typeof ExpectedSchema> & { readonly [cause: string]: unknown }
export type Case = Omit<Static<typeof CaseSchema>, 'input' | 'expect' | 'never'> & {
  readonly input: readonly CaseInput[]
  readonly expect: readonly Expected[]
  readonly never: readonly Expected[]
}
export type CasesFile = Omit<Static<typeof CasesSchema>, 'cases'> & { readonly cases: readonly Case[] }

/** Instants of a permit, which may lie before the start. */
export const PERMIT_TIMES = ['from', 'until', 'tested'] as const

const OFFSETS = ['every', 'lag', 'ahead', 'until', 'since', 'received', 'for'] as const

/** What the schema cannot say: whether offsets and spans can be read. The key at fault, and in words what is wrong. */
export function unreadable(fields: Readonly<Record<string, unknown>>): { key: string; message: string } | undefined {
  // Elsewhere `from` is a state.
  const timed = fields.permit !== undefined || WINDOW_COMMANDS.some((name) => fields[name] !== undefined)
  for (const key of timed ? [...OFFSETS, ...PERMIT_TIMES] : OFFSETS) {
    const given = fields[key]
    const text = fields.permit !== undefined && typeof given === 'string' ? given.replace(/^-/, '') : given
    if (typeof text === 'string' && parseOffset(text) === undefined) {
      return { key, message: `expected an offset such as 0s, 70s or 1m30s, found "${text}"` }
    }
  }
  const { at, every } = fields
  if (typeof at !== 'string') return undefined
  const span = parseSpan(at)
  if (!span) return { key: 'at', message: `expected an offset such as 70s, or a span such as 0s..5m, found "${at}"` }
  if (span[0] !== span[1] && every === undefined) return { key: 'at', message: 'a span needs `every`' }
  return undefined
}
