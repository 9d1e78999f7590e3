/** What a pack may say of how alarms are handled: keys of every rule item, and the items of `suppress:`. */
import Type from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'
import { WordSchema } from './site-schema.ts'

/** The keys that every rule item has beside what makes it an alarm. */
export const HandlingSchema = Type.Object({
  confirm: Type.Optional(
    Type.Boolean({
      description:
        'After acknowledgement and return the alarm stays until somebody confirms that what was wrong has been put right. Default: false.',
    }),
  ),
  latch: Type.Optional(
    Type.Boolean({
      description:
        'The alarm stays, looking active, until it is acknowledged after its condition has ended, or reset. Default: false.',
    }),
  ),
  statutory: Type.Optional(
    Type.Boolean({
      description:
        'Only a supervisor shelves it, and nothing but a declared, witnessed window suppresses it. Default: whether the item names a `clause`.',
    }),
  ),
  realarm: Type.Optional(
    DurationSchema({ description: 'While it is active it is told again this often. Default: never.' }),
  ),
  chatter: Type.Optional(
    Type.Object(
      {
        transitions: Type.Integer({ minimum: 2, maximum: 100, description: 'So many rises and returns' }),
        within: DurationSchema({ description: 'within so long' }),
      },
      { description: 'Marked as chattering from there on. Default: 3 within 1m, or what `duty.yaml` says.' },
    ),
  ),
})

/** One item of `suppress:`. */
export const SuppressionSchema = Type.Object({
  id: Type.String({ minLength: 1, description: 'Names it, once over all packs.' }),
  while: Type.Object(
    {
      rule: Type.String({ minLength: 1, description: 'A rule, or the id of a rule item.' }),
      key: Type.Optional(Type.String({ minLength: 1, description: 'Only the alarm of this key.' })),
    },
    { description: 'The cause: while such an alarm is active …' },
  ),
  alarms: Type.Object(
    {
      rule: Type.String({ minLength: 1, description: 'A rule, or the id of a rule item.' }),
      match: Type.Record(Type.String(), Type.Unknown(), {
        default: {},
        description: 'Attributes of the area or point the alarm is about, as in a rule item.',
      }),
    },
    { description: '… these are not told, or, where they are statutory, are told under it.' },
  ),
  same: Type.Unsafe<string>({
    ...WordSchema,
    default: 'site',
    description:
      "What cause and consequence have in common: `site`; `area` (the consequence lies in the cause's area); `point`; or an attribute of the consequence's point or area whose value is the cause's key, such as `gateway`.",
  }),
})
