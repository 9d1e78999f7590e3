/** Parameters of `over-crew`. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'
import { SeveritySchema } from '../params.ts'

const Handover = Type.Object({
  around: DurationSchema({ default: '30m', description: 'Before and after each beginning and end of a shift.' }),
  limit: Type.Integer({ minimum: 0, description: 'Persons allowed in that time.' }),
})

const Escalation = Type.Object({
  factor: Type.Number({ default: 1.2, minimum: 1, description: 'At this many times the limit, or more.' }),
  severity: SeveritySchema({ default: 'critical', description: 'What the alarm becomes then.' }),
})

export const Params = Type.Object({
  limit: Type.Integer({ minimum: 0, description: 'Persons allowed; the alarm is for more.' }),
  count: Type.Unsafe<'present' | 'shift'>({
    type: 'string',
    enum: ['present', 'shift'],
    default: 'present',
    description: 'Persons present, or distinct persons over the running shift, who was there when it began included.',
  }),
  exclude: Type.Array(Type.String({ minLength: 1 }), {
    default: [],
    description: 'Roles that do not count, as the people file names them.',
  }),
  handover: Type.Optional(Handover),
  escalate: Type.Optional(Escalation),
})

export type OverCrewParams = Static<typeof Params>
