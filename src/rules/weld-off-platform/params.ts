/** Parameters of `weld-off-platform`. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'
import { ARC } from '../welding.ts'

export const Params = Type.Object({
  arc: Type.Number({ default: ARC, minimum: 0, description: 'Amperes. A `weld.current` above it is an arc.' }),
  grace: DurationSchema({
    default: '5s',
    description:
      "How long an arc waits for news of its session, and by how much the two clocks may differ: an unlock so soon after the arc began, or an arc that died so soon after the lock, is no alarm. The alarm's own time is still that of the arc.",
  }),
})

export type WeldParams = Static<typeof Params>
