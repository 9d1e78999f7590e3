/** Bodies of the hazard ledger's routes. */
import Type, { type Static } from 'typebox'
import {
  HAZARD_GRADES,
  HAZARD_SOURCES,
  HAZARD_STATES,
  type HazardGrade,
  type HazardSource,
  type HazardState,
  SUPERVISION_LEVELS,
  type SupervisionLevel,
} from '../../model/hazard.ts'

const closed = { additionalProperties: false } as const
const maybe = Type.Optional
const text = (description: string) => Type.String({ description })
const words = <W extends string>(each: readonly W[], description: string) =>
  Type.Unsafe<W>(Type.Enum([...each] as [W, ...W[]], { description }))
const time = (description: string) =>
  Type.String({ format: 'date-time', description: `${description}. ISO 8601 with the site's offset` })
const count = (description: string) => Type.Integer({ minimum: 0, description })
const both = (description: string) => Type.Object({ zh: text('Chinese'), en: text('English') }, { description })
const given = (description: string) => Type.String({ minLength: 1, maxLength: 2000, description })
const instant = (description: string) =>
  Type.Union([Type.String({ maxLength: 40 }), Type.Integer()], {
    description: `${description}: ISO 8601 with an offset, or integer milliseconds`,
  })

const state = words<HazardState>(HAZARD_STATES, '未整改, 整改中, 待验收, 已验收, 已销号')
const grade = words<HazardGrade>(HAZARD_GRADES, '重大, 一般')

/** A hazard as the list has it. */
export const HazardBody = Type.Object({
  hazard: text('`{site}.{n}`'),
  site: text('Site'),
  region: maybe(text("The site's region")),
  kind: maybe(text("The site's kind")),
  source: words<HazardSource>(HAZARD_SOURCES, 'Who found it'),
  grade,
  state,
  text: both('What it is'),
  area: maybe(text('Area')),
  opened: time('When it was found'),
  by: maybe(text('Who reported it')),
  criterion: maybe(text('Criterion of a pack that made an alarm a hazard')),
  clause: maybe(text('`{regulation}/{clause}`')),
  alarm: maybe(text('The alarm it comes from')),
  rises: maybe(count('Rises of that alarm within its life')),
  external: maybe(text('Its number in another list')),
  owner: maybe(text('Who is to mend it (责任人)')),
  deadline: maybe(time('Until when (整改期限)')),
  overdue: Type.Boolean({ description: 'The deadline passed before it was rectified' }),
  rectification: maybe(
    Type.Object({
      by: text('User'),
      at: time('When'),
      text: text('What was mended'),
      evidence: Type.Array(text('SHA-256 of an attachment')),
    }),
  ),
  verified: maybe(Type.Object({ by: text('User'), at: time('When') })),
  closed: maybe(time('When it was closed (销号)')),
  supervision: maybe(
    Type.Object({
      level: words<SupervisionLevel>(SUPERVISION_LEVELS, 'Whose list'),
      order: text('Number of the order (督办文号)'),
      by: text('User'),
      at: time('When'),
      until: maybe(time('Until when')),
    }),
  ),
  revision: count('Of its last step'),
})
export type HazardBody = Static<typeof HazardBody>

export const HazardStepBody = Type.Object({
  id: text('`{hazard}/{revision}`'),
  at: time('When'),
  cause: text('opened, noted, overdue, in-time, or what somebody did: assign, rectify, verify, …'),
  by: maybe(text('User')),
  text: maybe(text('Their words')),
  state,
  owner: maybe(text('Who had it then')),
  deadline: maybe(time('The deadline then')),
})
export type HazardStepBody = Static<typeof HazardStepBody>

export const HazardDetail = Type.Object({
  ...HazardBody.properties,
  steps: Type.Array(HazardStepBody, { description: 'Every step, oldest first' }),
})
export type HazardDetail = Static<typeof HazardDetail>

const filters = {
  state: maybe(text(`Any of ${HAZARD_STATES.join(', ')}; comma list`)),
  site: maybe(text('Site; comma list')),
  region: maybe(text('Region, with what lies in it: `henan/xuchang`')),
  kind: maybe(text('Kind of site; comma list')),
  grade: maybe(text(`Any of ${HAZARD_GRADES.join(', ')}; comma list`)),
  overdue: maybe(Type.Boolean({ description: 'Only those that are, or are not' })),
}

export const HazardsQuery = Type.Object(
  {
    ...filters,
    cursor: maybe(text('`next` of the page before')),
    limit: maybe(Type.Integer({ minimum: 1, maximum: 1000, description: 'Most items a page. Default 100' })),
  },
  closed,
)
export type HazardsQuery = Static<typeof HazardsQuery>

export const HazardList = Type.Object({
  items: Type.Array(HazardBody),
  next: maybe(text('`cursor` of the next page; absent at the end')),
})
export type HazardList = Static<typeof HazardList>

export const ExportQuery = Type.Object(
  { ...filters, format: maybe(words(['csv', 'xlsx'] as const, 'Default: csv')) },
  closed,
)
export type ExportQuery = Static<typeof ExportQuery>

/** A hazard that an inspection or a report found. */
export const NewHazard = Type.Object(
  {
    site: given('Site'),
    source: maybe(words(['inspection', 'report'] as const, '检查, 举报. Default: inspection')),
    grade,
    text: Type.Union([given('In one language'), Type.Object({ zh: given('Chinese'), en: given('English') }, closed)]),
    area: maybe(given('Area')),
    clause: maybe(given('What it offends against')),
    external: maybe(given('Its number in another list; once a site')),
    owner: maybe(given('Who is to mend it')),
    deadline: maybe(instant('Until when')),
    opened: maybe(instant('When it was found. Default: now')),
  },
  closed,
)
export type NewHazard = Static<typeof NewHazard>

/** What goes with a deed; which fields it needs is in its refusal. */
export const HazardDeedBody = Type.Object(
  {
    text: maybe(given('`rectify`: what was mended; `comment`: the words')),
    reason: maybe(given('`reject`, `extend`, `reopen`: why')),
    to: maybe(given('`assign`: the owner')),
    deadline: maybe(instant('`assign`, `extend`, `reopen`: until when')),
    evidence: maybe(
      Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), {
        minItems: 1,
        maxItems: 50,
        description: '`rectify`: SHA-256 of attachments, hex',
      }),
    ),
    level: maybe(words<SupervisionLevel>(SUPERVISION_LEVELS, '`supervise`: whose list')),
    order: maybe(given('`supervise`: number of the order')),
    until: maybe(instant('`supervise`: until when')),
  },
  closed,
)
export type HazardDeedBody = Static<typeof HazardDeedBody>

const totals = {
  total: count('All of them'),
  byState: Type.Record(Type.String(), count('Hazards in that state')),
  byGrade: Type.Object({ major: count('重大'), general: count('一般') }),
  overdue: count('Overdue now'),
  supervised: count('Under supervision now'),
  meanTimeToClose: maybe(count('Milliseconds from finding to closing; absent where none is closed')),
}
export const HazardStatisticsBody = Type.Object({
  at: Type.String({ format: 'date-time', description: 'When this was so, ISO 8601 UTC' }),
  ...totals,
  bySite: Type.Array(Type.Object({ site: text('Site'), ...totals })),
  byRegion: Type.Array(Type.Object({ region: text('Region, and each it lies in'), ...totals })),
  bySector: Type.Array(Type.Object({ kind: text('Kind of site'), ...totals })),
})
export type HazardStatisticsBody = Static<typeof HazardStatisticsBody>

export const ImportQuery = Type.Object(
  {
    site: maybe(text('Where rows belong that name no site')),
    dryRun: maybe(Type.Boolean({ description: 'Only says what would become of the rows: nothing is taken in' })),
  },
  closed,
)
export type ImportQuery = Static<typeof ImportQuery>

export const ImportReply = Type.Object({
  dryRun: maybe(Type.Literal(true, { description: 'Nothing was taken in' })),
  taken: count('Rows that became hazards, or of a dry run: would'),
  known: count('Rows whose external number the site has already: nothing changed'),
  refused: Type.Array(
    Type.Object({
      row: count('As the spreadsheet numbers it'),
      column: maybe(text('Title of the column')),
      code: text('Stable code'),
      detail: text('What is wrong with it'),
      explained: maybe(Type.Object({ zh: text('Chinese'), en: text('English') }, { description: 'The same' })),
    }),
  ),
  rows: maybe(
    Type.Array(
      Type.Object({
        row: count('As the spreadsheet numbers it'),
        site: text('Site'),
        external: text('External number'),
        grade: text('`major` or `general`'),
        text: text('What was found'),
        area: maybe(text('Area')),
        deadline: maybe(text('ISO 8601 with the offset of the site')),
        known: maybe(Type.Literal(true, { description: 'The site has it already: it would be left alone' })),
      }),
      { description: 'Of a dry run: the first hundred rows that are in order, as they were read' },
    ),
  ),
})
export type ImportReply = Static<typeof ImportReply>
