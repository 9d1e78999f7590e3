/** Parameters of `idle-power`. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'

export const Params = Type.Object({
  floor: Type.Optional(
    Type.Number({
      minimum: 0,
      description:
        'Kilowatts, or the unit of the meter: what may be drawn while nothing is produced. Taken as it is, and nothing is learnt. A `floor` declared of the meter itself comes first. Default: learnt.',
    }),
  ),
  ceiling: Type.Optional(
    Type.Number({
      minimum: 0,
      description:
        'In the unit of the meter: the highest that a learnt floor may come to, in force from the first reading on. The nameplate power of what may run (fan, pumps, light) keeps production from the first day on from teaching its own baseline. A `ceiling` declared of the meter itself comes first. Default: none.',
    }),
  ),
  learn: DurationSchema({
    default: '7d',
    description:
      'Event time over which the floor of a meter is learnt, while its site is in the status it is in; at least half of it must be covered by good values. Until then, without `floor` and `ceiling`, nothing is said. What was learnt stays until the site takes on another idle status, or the item is changed.',
  }),
  share: Type.Number({
    default: 0.9,
    exclusiveMinimum: 0,
    maximum: 1,
    description:
      'Share of the time learnt from, during which no more than the floor was drawn: pumps that run more than a tenth of the time belong to it, an odd journey of the hoist does not.',
  }),
  margin: Type.Number({
    default: 0.2,
    minimum: 0,
    description: 'What a learnt floor is raised by, as a share of it: 0.2 is 20 %.',
  }),
  least: Type.Number({
    default: 5,
    minimum: 0,
    description: 'In the unit of the meter. A learnt floor is at least this: a lamp is no production.',
  }),
  pause: DurationSchema({
    default: '60s',
    description:
      'Power that falls to the floor for less than this, in event time, has not stopped: a hoist draws next to nothing while it is loaded. Also how long it must be at the floor before the alarm is over; `at` is then when it fell.',
  }),
})

export type IdlePowerParams = Static<typeof Params>
