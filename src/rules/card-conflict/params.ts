/** Parameters of `card-conflict`. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'

export const Params = Type.Object({
  speed: Type.Number({
    default: 10,
    exclusiveMinimum: 0,
    description: 'Metres a second. No card moves faster from one reader to another.',
  }),
  ride: Type.Number({
    default: 20,
    exclusiveMinimum: 0,
    description:
      'Metres a second, instead of `speed` where either reader has `vehicle: true`: cages and man-riding cars.',
  }),
  range: Type.Number({
    default: 0,
    minimum: 0,
    description:
      'Metres. How far from a reader a card may be that it sees without a `distance`. Half the way to the next reader, or more, where ranges meet: else a card between two readers is at two places.',
  }),
  slack: DurationSchema({
    default: '1s',
    description: 'The shortest time that is believed to lie between two sightings: the resolution of the clocks.',
  }),
})

export type CardConflictParams = Static<typeof Params>
