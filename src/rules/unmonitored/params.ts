/** Parameters of `unmonitored`. */
import Type, { type Static } from 'typebox'

/** What an area may have to have. */
export const EQUIPMENT = ['camera', 'gas'] as const
export type Equipment = (typeof EQUIPMENT)[number]

export const Params = Type.Object({
  require: Type.Array(Type.Unsafe<Equipment>({ type: 'string', enum: [...EQUIPMENT] }), {
    default: [...EQUIPMENT],
    minItems: 1,
    uniqueItems: true,
    description:
      'Cameras (`kind: device.state`, `device: camera`) that must be online, gas points that must be heard: those declared of the area itself. Where none is declared nothing can be lost: `davy check` warns of it.',
  }),
  arc: Type.Number({
    default: 20,
    minimum: 0,
    description: 'Amperes. A `weld.current` above it, in the area or a sub-area, is welding.',
  }),
  idle: Type.Number({
    default: 0,
    minimum: 0,
    description: 'Kilowatts, or the unit of the point. A `power.active` above it, in the area or a sub-area, is load.',
  }),
  belt: Type.Number({
    default: 0,
    minimum: 0,
    description: "In the point's unit. A `belt.rate` above it, in the area or a sub-area, is load.",
  }),
})

export type UnmonitoredParams = Static<typeof Params>
