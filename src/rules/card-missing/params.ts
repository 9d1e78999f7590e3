/** Parameters of `card-missing`. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'

export const Params = Type.Object({
  within: DurationSchema({
    default: '120s',
    description:
      'How long after a passage in, on the arrival clock, a card must have been seen. `raiseAfter` adds to it.',
  }),
  before: DurationSchema({
    default: '10s',
    description: 'A card seen this long before the passage, at a reader ahead of the gate, answers it too.',
  }),
})

export type CardMissingParams = Static<typeof Params>
