/** Parameters of `not-evacuated`. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'

export const Params = Type.Object({
  within: DurationSchema({
    default: '5m',
    description:
      'How long after a gas point of the area, or a sub-area, reached the level `cut` of its `limit` item the area must be empty. Gas that is back below the clear value before then asks nobody to leave; gas that comes and goes, with shorter breaks than that, gives those who stayed no more time.',
  }),
})

export type NotEvacuatedParams = Static<typeof Params>
