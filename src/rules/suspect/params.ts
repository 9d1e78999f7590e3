/** Parameters of `suspect`. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'

/** Where a point's peers are looked for. */
export const REACHES = ['area', 'parent', 'site'] as const
export type Reach = (typeof REACHES)[number]

export const Params = Type.Object({
  peers: Type.Unsafe<Reach>({
    type: 'string',
    enum: [...REACHES],
    default: 'area',
    description:
      'Where the points of the same kind are that a point is compared with: in its area and sub-areas, in the area around that, or anywhere in the site. Without peers nothing can be contrasted, and nothing is said.',
  }),
  window: DurationSchema({
    default: '30m',
    description:
      'Event time over which the variability is judged, as the mean of six slices: how far the good values of a slice lie apart. A slice is no shorter than the site’s `lateAfter`.',
  }),
  learn: DurationSchema({
    default: '2h',
    description: 'Event time with good values before a point is judged, or counts as a peer: its usual variability.',
  }),
  memory: DurationSchema({
    default: '24h',
    description:
      'How far back the usual variability reaches once it is learnt; older slices fade. It is not learnt from while the point is flat.',
  }),
  flat: Type.Number({
    default: 0.2,
    minimum: 0,
    maximum: 1,
    description: 'Flat is a variability of at most this share of the usual one: 0.2 is 20 %.',
  }),
  floor: Type.Number({
    default: 0.5,
    minimum: 0,
    maximum: 1,
    description:
      'A step down to at most this share of the usual level, by more than three times the usual variability, is a step to a floor: there a variability below `kept` is enough, since a wrapped probe still trembles by itself.',
  }),
  kept: Type.Number({
    default: 0.5,
    exclusiveMinimum: 0,
    maximum: 1,
    description: 'A peer has kept its variability, and a suspect has it back, from this share of its usual one on.',
  }),
  agree: Type.Number({
    default: 0.5,
    exclusiveMinimum: 0,
    maximum: 1,
    description: 'Share of the peers that can be judged which must have kept theirs; at least one.',
  }),
  moves: Type.Number({
    default: 0.5,
    exclusiveMinimum: 0,
    maximum: 1,
    description:
      'Share of the slices in which a point must usually move at all. One that seldom does, such as a healthy intake sensor at 0.00, cannot be said to have stopped.',
  }),
})

export type SuspectParams = Static<typeof Params>
