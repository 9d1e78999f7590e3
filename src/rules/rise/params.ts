/** Parameters of `rise`. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'

export const Params = Type.Object({
  by: Type.Number({
    exclusiveMinimum: 0,
    description:
      "In the point's unit. Active when a value is so much, or more, above the lowest good value of the `window` before it.",
  }),
  window: DurationSchema({
    default: '10m',
    description: 'How far back the lowest good value is looked for, in event time; both ends count.',
  }),
  clear: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      description:
        "In the point's unit. Clears when the increase is below this; more than `by` means `by`. Default: `by`.",
    }),
  ),
})

export type RiseParams = Static<typeof Params>
