/** What the `hazards:` section of a regulation pack may say. */
import Type, { type Static } from 'typebox'
import { SEVERITIES } from '../../model/alarm.ts'
import { DurationSchema } from '../../model/duration-schema.ts'
import { HAZARD_GRADES, type HazardGrade } from '../../model/hazard.ts'
import { SITE_KINDS } from '../../model/site.ts'
import { PathSchema, TextSchema } from './site-schema.ts'

const one = Type.String({ minLength: 1 })
const anyOf = (description: string) =>
  Type.Optional(
    Type.Union([one, Type.Array(one, { minItems: 1 })], { expects: 'a value or a list of values', description }),
  )

export const CriterionSchema = Type.Object({
  id: Type.Unsafe<string>({ ...PathSchema, description: 'Names the criterion; once over all packs.' }),
  title: Type.Optional(TextSchema),
  clause: Type.Optional(Type.String({ minLength: 1, description: 'Of the regulation, in quotes: "4".' })),
  match: Type.Object({
    rule: anyOf('Rules whose alarms count.'),
    instance: anyOf('Ids of rule items.'),
    severity: anyOf(`Any of ${SEVERITIES.join(', ')}.`),
    site: anyOf('Sites.'),
    kind: anyOf(`Kinds of site: ${SITE_KINDS.join(', ')}.`),
    areaKind: anyOf("Kinds of the area that the alarm's key names."),
  }),
  when: Type.Optional(
    Type.Object({
      factor: Type.Number({ exclusiveMinimum: 0, description: "The alarm's value against so many times its limit." }),
      inclusive: Type.Boolean({
        default: true,
        description: 'Whether the number itself counts (以上 includes it), or only what lies beyond.',
      }),
    }),
  ),
  grade: Type.Unsafe<HazardGrade>({ enum: HAZARD_GRADES, description: 'major 重大, general 一般.' }),
  deadline: DurationSchema({ description: 'How long there is to mend it.' }),
  confirmed: Type.Boolean({
    default: true,
    description: 'False: the numbers were not checked against the text of the regulation. `davy coverage` says so.',
  }),
  source: Type.Optional(Type.String({ description: 'Where the criterion is from.' })),
  note: Type.Optional(Type.String()),
})
export type CriterionDeclared = Static<typeof CriterionSchema>
