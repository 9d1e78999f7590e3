/** What `notify:` of davy.yaml may say: who is told what, by which channel, when. All of it may be left out. */
import Type, { type Static } from 'typebox'
import { CAUSES, type Cause, SEVERITIES } from '../../model/alarm.ts'
import { DurationSchema } from '../../model/duration-schema.ts'
import type { Channel, ChannelAdapter, Rate } from '../../model/notification.ts'

/** What people do on the desk, and what only keeps an alarm from them, is nobody's news. */
const QUIET: readonly string[] = ['acked', 'confirmed', 'reset', 'eased', 'shelved', 'suppressed', 'out-of-service']

/** Causes that are told where a route does not say which. */
export const TOLD: readonly Cause[] = CAUSES.filter((cause) => !QUIET.includes(cause))

const words = <const W extends readonly string[]>(
  each: W,
  options: { readonly description?: string; readonly default?: string },
) => Type.Enum(each as unknown as string[], options) as unknown as ReturnType<typeof Type.Unsafe<W[number]>>
const many = (description: string) =>
  Type.Optional(
    Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })], {
      description,
      expects: 'a word or a list of words',
    }),
  )

const LanguageSchema = (options: { readonly description?: string; readonly default?: string }) =>
  words(['zh', 'en', 'both'] as const, options)
export type Language = 'zh' | 'en' | 'both'

const MatchSchema = Type.Object(
  {
    severity: Type.Optional(
      Type.Array(words(SEVERITIES, {}), { minItems: 1, description: 'Any of them. Default: critical and major.' }),
    ),
    site: many('Site, or any of a list.'),
    region: many('Region of the site, or a part of its path from the left: `henan`, `henan/xuchang`.'),
    rule: many('Rule, such as `over-crew`, or id of a rule item.'),
    cause: Type.Optional(
      Type.Array(words(CAUSES, {}), {
        minItems: 1,
        description: `Any of them. Default: ${TOLD.join(', ')}.`,
      }),
    ),
    desk: many('Duty desk the alarm stands at.'),
    level: many('Level of the duty tree it has reached.'),
    work: many('Kind of work of the shift that runs: `production`, `maintenance`.'),
  },
  { description: 'Which transitions of alarms; everything that is named must fit.' },
)

const RouteSchema = Type.Object({
  match: MatchSchema,
  to: Type.Array(Type.String({ minLength: 1 }), { minItems: 1, description: 'Names of channels.' }),
  recipients: Type.Array(Type.String({ minLength: 1 }), {
    default: [],
    description:
      'Names of recipients: who gets the mail or the SMS, or is called upon in the group. Mail and SMS need some.',
  }),
  contacts: Type.Boolean({
    default: false,
    description:
      'Also the contacts of the duty desk at which the alarm stands (`desks[].contacts` of `duty.yaml`, names of recipients); on handing on, those of the next desk.',
  }),
  language: Type.Optional(LanguageSchema({ description: 'Default: `notify.language`.' })),
  names: Type.Boolean({
    default: false,
    description: 'Whether numbers of people and cards are written in full; otherwise they are masked.',
  }),
  group: Type.Optional(DurationSchema({ description: 'Default: `notify.group`.' })),
})

const RecipientSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  mail: Type.Optional(
    Type.String({ pattern: '^[^@\\s<>,;]+@[^@\\s<>,;]+$', expects: 'an address such as a@b.example' }),
  ),
  phone: Type.Optional(Type.String({ pattern: '^\\+?[0-9]{5,20}$', expects: 'a mobile number, digits only' })),
  language: Type.Optional(
    LanguageSchema({
      description: "Of mail and SMS to them. Default: the route's; a group is told in that of the route.",
    }),
  ),
  feishu: Type.Optional(
    Type.String({ pattern: '^[A-Za-z0-9_-]{1,100}$', expects: 'an open id, ou_…', description: 'Open id, `ou_…`.' }),
  ),
})

const ChannelSchema = Type.Object(
  {
    adapter: Type.String({ minLength: 1, description: 'Which kind; its own settings stand beside.' }),
    name: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_.-]{1,60}$',
        expects: 'letters, digits, dots, hyphens',
        description: "Default: the adapter's name; of several, numbered.",
      }),
    ),
    rate: Type.Optional(
      Type.Object(
        {
          messages: Type.Integer({ minimum: 1, maximum: 100_000 }),
          per: DurationSchema({ default: '1m', description: 'At most 1h.' }),
        },
        { description: "Most messages within a span; what is more is told in a digest. Default: the kind's own." },
      ),
    ),
    timeout: DurationSchema({ default: '15s', description: 'An attempt without an answer ends then.' }),
  },
  { additionalProperties: Type.Unknown() },
)

const TemplateSchema = Type.Partial(
  Type.Object({
    short: Type.String({ description: 'SMS; cut at 70 characters, with `both` each language for itself.' }),
    title: Type.String({ description: 'Subject of a mail, head of a card.' }),
    medium: Type.String({ description: 'Markdown of group robots.' }),
    long: Type.String({ description: 'Text of a mail.' }),
    line: Type.String({ description: 'One alarm of several in a message.' }),
  }),
)

export const NotifySchema = Type.Object(
  {
    baseUrl: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#]+$',
        expects: 'an address with https://',
        description: "Address of the page as people's browsers reach it; messages link to it.",
      }),
    ),
    language: LanguageSchema({ default: 'both', description: 'Of messages.' }),
    channels: Type.Array(ChannelSchema, { default: [], description: 'Ways to people.' }),
    recipients: Type.Array(RecipientSchema, { default: [], description: 'People, and what they are reached by.' }),
    routes: Type.Array(RouteSchema, {
      default: [],
      description:
        'Who is told what. Every route that fits tells it, a channel and its recipients once. Default: critical and major, on every channel, to every recipient.',
    }),
    group: DurationSchema({
      default: '10s',
      description: 'Alarms of one rule item at one site within it share a message; critical ones do not wait.',
    }),
    quiet: Type.Optional(
      Type.Object(
        {
          from: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', expects: 'a time of day such as 22:00' }),
          to: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', expects: 'a time of day such as 06:00' }),
          timezone: Type.String({ default: 'Asia/Shanghai', description: 'IANA name.' }),
        },
        {
          description:
            'Hours in which `notice`, and nothing above it, waits for their end, to be told in one message. Those of a desk (`duty.yaml`) hold beside them.',
        },
      ),
    ),
    retry: Type.Object({
      first: DurationSchema({ default: '2s', description: 'Pause before the second attempt; doubled at each.' }),
      longest: DurationSchema({ default: '5m', description: 'Longest pause.' }),
      giveUp: DurationSchema({
        default: '24h',
        description: 'A message that was not taken for so long is dead; an operator may send it again.',
      }),
    }),
    templates: Type.Object(
      { zh: TemplateSchema, en: TemplateSchema },
      { description: 'Own words, with {placeholders}.' },
    ),
    keep: DurationSchema({
      default: '90d',
      description:
        'How long sent and dead messages are kept. What waits for a channel that is gone is kept as long, and for 30 days at least.',
    }),
  },
  { description: 'Notifications to people and their systems.' },
)

type Declared = Static<typeof NotifySchema>
export type RouteSettings = Declared['routes'][number]
export type Templates = Declared['templates']

/** One channel, its own settings checked and defaulted by its adapter. */
export interface ChannelSettings {
  readonly adapter: string
  readonly name: string
  readonly settings: unknown
  readonly rate?: Rate
  readonly timeout: number
}

export type NotifySettings = Omit<Declared, 'channels'> & { readonly channels: readonly ChannelSettings[] }

/** A channel as it runs. */
export interface OpenChannel {
  readonly name: string
  readonly adapter: ChannelAdapter
  readonly channel: Channel
  readonly rate: Rate
  readonly timeout: number
  /** What its peer answers, without its secrets. */
  readonly redact: (answer: string) => string
}
