/** What a file under `sites/` may say: types, defaults and documentation in one place. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'
import { POINT_KINDS, type PointKind } from '../../model/point.ts'
import { SITE_KINDS, SITE_STATUSES } from '../../model/site.ts'

/** One word of an id: it ends up in topics, alarm ids and addresses, where `/ + # : @` have meanings. */
const WORD = '[\\p{L}\\p{N}][\\p{L}\\p{N}._-]*'

/** Ids of sites, areas, shifts and regulations. */
export const WordSchema = Type.String({
  pattern: `^${WORD}$`,
  maxLength: 100,
  expects: 'an id of letters, digits, dots, dashes and underscores',
})

/** Ids of points and rules: words, joined by slashes. */
export const PathSchema = Type.String({
  pattern: `^${WORD}(/${WORD})*$`,
  maxLength: 200,
  expects: 'an id of letters, digits, dots, dashes and underscores, in parts joined by /',
})

/** A level of a Sparkplug topic. */
const LEVEL = '^[^/+#]+$'

/** What `textOf` reads. */
export const TextSchema = Type.Union(
  [
    Type.String({ minLength: 1 }),
    Type.Object({
      zh: Type.Optional(Type.String({ minLength: 1 })),
      en: Type.Optional(Type.String({ minLength: 1 })),
    }),
  ],
  { expects: 'a name, or { zh: …, en: … }', description: 'A name, in one language or in both.' },
)

/** What `timeOfDay` reads. */
export const TimeOfDay = Type.String({
  pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$',
  expects: 'a time of day such as "06:00"',
})

const ShiftSchema = Type.Object(
  {
    id: WordSchema,
    name: Type.Optional(TextSchema),
    from: TimeOfDay,
    to: Type.Unsafe<string>({ ...TimeOfDay, description: 'At or before `from`: on the next day.' }),
    work: Type.String({ default: 'production', description: 'What the shift is for: `production`, `maintenance`, …' }),
  },
  { description: 'One shift (班次) of the day, in local time.' },
)

const AreaSchema = Type.Object(
  {
    id: WordSchema,
    name: Type.Optional(TextSchema),
    kind: Type.String({
      minLength: 1,
      default: 'area',
      description:
        '`underground`, `coal-face`, `heading-face`, `maintenance-point`, `restricted`, or a word of your own. The first three, and what lies in them, are below ground.',
    }),
    in: Type.Optional(Type.String({ description: 'The area that holds this one.' })),
    allow: Type.Array(Type.String(), {
      default: [],
      description: 'Persons who may enter, where the area is restricted.',
    }),
  },
  {
    additionalProperties: true,
    description: 'A place of work, or a region that holds others. Any other key is an attribute that `match` can name.',
  },
)

const PointSchema = Type.Object(
  {
    id: PathSchema,
    kind: Type.Unsafe<PointKind>({
      enum: Object.keys(POINT_KINDS),
      description: 'What is measured, and thereby what a value looks like.',
    }),
    name: Type.Optional(TextSchema),
    unit: Type.Optional(
      Type.String({
        description:
          'Of the value, as it is shown. A reading that says another is converted (`%` and `ppm`) or refused; without it numbers are taken as they come.',
      }),
    ),
    area: Type.Optional(Type.String({ description: 'Where it measures.' })),
    range: Type.Optional(
      Type.Tuple([Type.Number(), Type.Number()], {
        expects: 'two numbers, such as [0, 10]',
        description: 'Lowest and highest believable value; outside, the reading is bad.',
      }),
    ),
    sentinels: Type.Optional(Type.Array(Type.Number(), { description: 'Values that mean "no value", such as 65535.' })),
    silentAfter: Type.Optional(
      Type.Union([Type.Literal('never'), DurationSchema()], {
        expects: 'a duration such as 90s, 10m or 8h, or never',
        description: 'Without a good reading for so long, the point is silent. Default: by the kind.',
      }),
    ),
    at: Type.Optional(
      Type.Tuple([Type.Number(), Type.Number(), Type.Number()], {
        expects: 'three numbers, such as [1200, 340, -420]',
        description: "Where it hangs: x, y, z in metres, in the site's own coordinates.",
      }),
    ),
    place: Type.Optional(
      Type.Union([Type.String(), Type.Array(Type.String())], {
        expects: 'a word or a list of words',
        description: 'The place the regulation knows it by: `T0`, `T1`, `T2`, …',
      }),
    ),
    device: Type.Optional(Type.String({ description: 'Whose state it is: `camera`, …' })),
    load: Type.Optional(Type.String({ description: 'What the meter feeds: `main-hoist`, `main-fan`, …' })),
    machine: Type.Optional(Type.String({ description: 'The machine it belongs to.' })),
    sparkplug: Type.Optional(
      Type.Object(
        {
          group: Type.String({
            pattern: LEVEL,
            expects: 'a name without / + #',
            description: "One of the site's groups.",
          }),
          edge: Type.String({ pattern: LEVEL, expects: 'a name without / + #', description: 'The edge node.' }),
          device: Type.Optional(
            Type.String({
              pattern: LEVEL,
              expects: 'a name without / + #',
              description: 'Left out: a metric of the node itself.',
            }),
          ),
          metric: Type.String({ minLength: 1, description: 'Its name, as the birth tells it.' }),
        },
        {
          additionalProperties: false,
          description:
            'The Sparkplug B metric that it is, whatever it is called; then no other metric is this point. Left out: by the settings of whoever carries Sparkplug.',
        },
      ),
    ),
    fixedPost: Type.Optional(
      Type.Boolean({ description: 'People stay put at this reader by duty: pump room, substation.' }),
    ),
    vehicle: Type.Optional(Type.Boolean({ description: 'People pass this reader in a vehicle or a cage.' })),
  },
  {
    additionalProperties: true,
    description: 'A point of measurement. Any other key is an attribute that `match` can name.',
  },
)

/** The whole file. */
export const SiteSchema = Type.Object(
  {
    site: Type.Optional(Type.Unsafe<string>({ ...WordSchema, description: "Default: the file's name." })),
    name: Type.Optional(TextSchema),
    region: Type.Optional(
      Type.String({
        pattern: `^${WORD}(/${WORD})*$`,
        expects: 'a path such as henan/xuchang/yuzhou',
        description: 'Province, city, county, as a path.',
      }),
    ),
    kind: Type.Unsafe<(typeof SITE_KINDS)[number]>({ enum: SITE_KINDS, default: 'works' }),
    status: Type.Unsafe<(typeof SITE_STATUSES)[number]>({ enum: SITE_STATUSES, default: 'producing' }),
    timezone: Type.String({ default: 'Asia/Shanghai', description: 'IANA name of the zone of shifts and of times.' }),
    lateAfter: DurationSchema({
      default: '30s',
      description: 'Further behind arrival, a reading is late; further ahead, its clock is doubted.',
    }),
    shifts: Type.Array(ShiftSchema, { default: [], description: 'Default: one production shift, all day.' }),
    areas: Type.Array(AreaSchema, { default: [] }),
    points: Type.Array(PointSchema, { default: [] }),
    people: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'CSV file beside this one: person,card,name,role,team,certificate,expires.',
      }),
    ),
  },
  { description: 'One site: `sites/*.yaml`.' },
)

/** A site, every default filled in, durations in milliseconds. */
export type SiteDeclared = Static<typeof SiteSchema>
/** One of `areas:`; attributes stand beside the known keys. */
export type AreaDeclared = Static<typeof AreaSchema>
/** One of `points:`; attributes stand beside the known keys. */
export type PointDeclared = Static<typeof PointSchema>
