/** Parameters of `weld-permit`. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'
import { POINT_KINDS, type PointKind } from '../../model/point.ts'
import { ARC } from '../welding.ts'

/** Every gas a point may measure. */
export const GASES = (Object.keys(POINT_KINDS) as PointKind[]).filter((kind) => kind.startsWith('gas.'))

export const Params = Type.Object({
  arc: Type.Number({ default: ARC, minimum: 0, description: 'Amperes. A `weld.current` above it is an arc.' }),
  test: DurationSchema({
    default: '30m',
    description:
      "How old the permit's gas test may be when work begins, and when it begins again after a break (`retest`). While work goes on it does not grow old: GB 30871 then asks for gas monitoring, which `limit` of the permit is held against.",
  }),
  retest: DurationSchema({ default: '60m', description: 'After a longer break the gas is tested again.' }),
  validity: DurationSchema({
    default: '72h',
    description: 'A permit holds no longer, whatever its `until` says; and never longer than 31 days.',
  }),
  strict: Type.Object(
    {
      retest: DurationSchema({ default: '30m' }),
      validity: DurationSchema({ default: '8h' }),
    },
    { default: {}, description: 'The same for permits of `grade: special` and `grade: first` (特级、一级动火).' },
  ),
  gases: Type.Array(Type.Unsafe<PointKind>({ type: 'string', enum: GASES }), {
    default: GASES.filter((kind) => kind !== 'gas.o2'),
    uniqueItems: true,
    description:
      "Gas points that must not be above the permit's `limit`: those of the machine's area and its sub-areas, and of the areas around it as far as the permit reaches.",
  }),
  grace: DurationSchema({
    default: '5s',
    description:
      "How long an arc waits for news of its permit, and the end of a permit for news of the arc's end. The alarm's own time is still that of the arc, or of the end.",
  }),
})

export type PermitParams = Static<typeof Params>
