/** Parameters of `cut-failed`. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'

export const Params = Type.Object({
  within: DurationSchema({
    default: '2s',
    description:
      'How long the power may take to go off, in event time, once a gas point of the area is at or over the level named `cut` of a `limit` item. For power cut by another station (异地断电) set twice the patrol period. `raiseAfter` adds to it.',
  }),
})

export type CutFailedParams = Static<typeof Params>
