/** Parameters of `card-convoy`. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'

export const Params = Type.Object({
  readers: Type.Integer({
    default: 6,
    minimum: 2,
    description: 'So many different readers, one after the other, with none that only one of the two passes.',
  }),
  gap: DurationSchema({
    default: '3s',
    description: 'The longest time between the two cards at each of the readers.',
  }),
  inside: Type.Integer({
    default: 1,
    minimum: 0,
    description:
      'So many of the readers must lie in a working face, sub-areas included: there a crew spreads that walked in together.',
  }),
  faces: Type.Array(Type.String({ minLength: 1 }), {
    default: ['coal-face', 'heading-face'],
    minItems: 1,
    uniqueItems: true,
    description: 'Kinds of area that are working faces.',
  }),
})

export type CardConvoyParams = Static<typeof Params>
