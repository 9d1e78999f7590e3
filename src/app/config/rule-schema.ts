/** What a regulation pack under `rules/` may say, beside the parameters each rule declares itself. */
import Type, { type Static, type TObject, type TSchema } from 'typebox'
import { SEVERITIES, type Severity } from '../../model/alarm.ts'
import { DurationSchema } from '../../model/duration-schema.ts'
import { REGULATION_LEVELS } from '../../model/site.ts'
import { HandlingSchema, SuppressionSchema } from './handling-schema.ts'
import { CriterionSchema } from './hazard-schema.ts'
import { PathSchema, TextSchema, WordSchema } from './site-schema.ts'

const Scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()], {
  expects: 'a word, a number, true or false',
})

const Day = (description: string) =>
  Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', expects: 'a day such as 2024-01-01', description })

/** The keys that every rule item has. */
export const ItemSchema = Type.Object({
  id: Type.Unsafe<string>({ ...PathSchema, description: 'Names the item in alarms; once over all packs.' }),
  rule: Type.String({ minLength: 1, description: 'Which rule judges.' }),
  clause: Type.Optional(Type.String({ minLength: 1, description: 'Of the regulation, in quotes: "27".' })),
  match: Type.Record(
    Type.String(),
    Type.Union([Scalar, Type.Array(Scalar, { minItems: 1 })], { expects: 'a value or a list of values' }),
    {
      default: {},
      description: 'Attributes of the area or point the rule is keyed by, each a value or a list of values.',
    },
  ),
  severity: Type.Optional(Type.Unsafe<Severity>({ enum: SEVERITIES, description: "Default: the rule's." })),
  raiseAfter: Type.Optional(
    DurationSchema({ description: "How long it must be so before it is an alarm. Default: the rule's." }),
  ),
  clearAfter: Type.Optional(
    DurationSchema({ description: "How long it must be over before it has cleared. Default: the rule's." }),
  ),
  work: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'Only in shifts of this kind of work: with the shift its alarms are over, and what is so when one begins counts from then on.',
    }),
  ),
  title: Type.Optional(TextSchema),
  confirmed: Type.Boolean({
    default: true,
    description: 'False: the numbers were not checked against the text of the regulation.',
  }),
  source: Type.Optional(Type.String({ description: 'Where the numbers are from.' })),
  note: Type.Optional(Type.String()),
  edition: Type.Optional(Type.String({ description: "Of these numbers, where it is not the pack's." })),
  effective: Type.Optional(Day("First day of these numbers, where it is not the pack's.")),
  optional: Type.Boolean({
    default: false,
    description: 'The regulation speaks of places that a site need not have: nothing is said where none matches.',
  }),
  override: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'Id of an item of a pack that this one `extends`: takes its place, with the keys given here instead of its own. `id` and `rule` may then be left out.',
    }),
  ),
  reason: Type.Optional(
    Type.String({ minLength: 1, description: 'Why it differs from the item it overrides; needed where it is looser.' }),
  ),
  ...HandlingSchema.properties,
})

/** The keys every item has, defaulted, durations in milliseconds. */
export type ItemDeclared = Static<typeof ItemSchema>

const ClauseSchema = Type.Object({
  clause: Type.String({ minLength: 1, description: 'Its number, in quotes: "27".' }),
  title: TextSchema,
  text: Type.Optional(Type.String({ description: 'What it says, or the part that matters.' })),
  note: Type.Optional(Type.String({ description: 'What is not watched, and why.' })),
})

/** The whole pack; its items are checked one by one, each by its rule. */
export const PackSchema = Type.Object(
  {
    regulation: Type.Object({
      id: Type.Optional(Type.Unsafe<string>({ ...WordSchema, description: "Default: the file's name." })),
      title: Type.Optional(TextSchema),
      edition: Type.Optional(Type.String({ minLength: 1, description: 'As its publisher names it: "2019".' })),
      effective: Type.Optional(Day('First day it is in force.')),
      level: Type.Optional(
        Type.Unsafe<(typeof REGULATION_LEVELS)[number]>({
          enum: REGULATION_LEVELS,
          description: 'Whose it is. A narrower one may be stricter than a broader one; looser only with a `reason`.',
        }),
      ),
      extends: Type.Optional(
        Type.Union([WordSchema, Type.Array(WordSchema, { minItems: 1 })], {
          expects: 'the id of a regulation, or a list of them',
          description: 'Packs it builds on, whose items it may override.',
        }),
      ),
      source: Type.Optional(Type.String({ description: 'Where the text was read.' })),
    }),
    sites: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, description: 'The pack is for these sites only. Default: all.' }),
    ),
    clauses: Type.Array(ClauseSchema, {
      default: [],
      description: 'What the regulation asks for, whether or not a rule serves it: `davy coverage` shows the gap.',
    }),
    rules: Type.Array(Type.Unknown(), { default: [] }),
    hazards: Type.Array(CriterionSchema, {
      default: [],
      description: 'Criteria by which alarms become hazards (隐患) in the ledger.',
    }),
    suppress: Type.Array(SuppressionSchema, {
      default: [],
      description: 'Suppression by design: while one alarm stands, its consequences are not told to people.',
    }),
  },
  { description: 'One regulation pack: `rules/*.yaml`.' },
)

/** A pack, its items not yet looked at. */
export type PackDeclared = Static<typeof PackSchema>

/** One item's schema: the keys that every rule has, and the rule's own parameters. */
export function itemSchema(params: TSchema): TObject {
  const { properties = {}, required = [] } = params as unknown as {
    properties?: Record<string, TSchema>
    required?: readonly string[]
  }
  return {
    ...ItemSchema,
    properties: { ...properties, ...ItemSchema.properties },
    required: [...required.filter((name) => !(name in ItemSchema.properties)), ...(ItemSchema.required ?? [])],
  } as unknown as TObject
}
