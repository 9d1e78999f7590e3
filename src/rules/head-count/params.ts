/** Parameters of `head-count`. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'

export const Params = Type.Object({
  tolerance: Type.Integer({
    default: 0,
    minimum: 0,
    description: 'Persons by which the two counts may differ; the alarm is for more, either way.',
  }),
  settle: DurationSchema({
    default: '12h',
    description:
      'For so long after the journal began, a card underground whose holder passed no gate since is taken to have been there before. Longer than a shift.',
  }),
})

export type HeadCountParams = Static<typeof Params>
