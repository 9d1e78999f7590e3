/** Two clocks, never mixed, and quality, through `davy replay`. */
import { expect } from 'vitest'
import { type Line, sheet, sighting, sightings } from './sheet.ts'

const { promise } = sheet()

const SITE = {
  areas: [
    { id: 'underground', kind: 'underground' },
    { id: 'face', kind: 'coal-face', in: 'underground' },
    { id: 'road', kind: 'roadway', in: 'underground' },
  ],
  points: [
    { id: 't1', kind: 'gas.ch4', unit: '%', area: 'face', range: [0, 10] },
    { id: 't2', kind: 'gas.ch4', unit: '%', area: 'face', range: [0, 10] },
    { id: 'r/face', kind: 'card.reader', area: 'face' },
    { id: 'r/road', kind: 'card.reader', area: 'road' },
  ],
}
const level = (more = {}) => ({ name: 'warning', high: 1, severity: 'major', ...more })
const gas = (more = {}) => ({ site: SITE, rules: [{ id: 'ch4', rule: 'limit', levels: [level(more)] }] })
const reading = (t: number, value: unknown, more = {}): Line => ({ t, point: 't1', value, ...more })
const crew = {
  site: SITE,
  rules: [
    { id: 'crew', rule: 'over-crew', match: { kind: 'coal-face' }, limit: 2, raiseAfter: '10s', clearAfter: '10s' },
  ],
}
const live = (brief: readonly string[]) => brief.filter((line) => !/ retrospective /.test(line))

promise(
  'more than `lateAfter` behind arrival is late: never a live alarm',
  { ...gas(), lines: [reading(0, 5, { arrives: 30.001 })] },
  ({ brief }) => expect(live(brief)).toEqual([]),
)

promise(
  'just `lateAfter` behind arrival is not late',
  { ...gas(), lines: [reading(0, 5, { arrives: 30 })] },
  ({ brief }) => expect(brief).toEqual(['0 raised t1:warning 5/1 major']),
)

promise(
  'a late reading does not clear',
  { ...gas(), lines: [reading(0, 5), reading(10, 0.1, { arrives: 60 })] },
  ({ brief }) => expect(live(brief)).toEqual(['0 raised t1:warning 5/1 major']),
)

promise(
  'older than the last of the same point is late, by a millisecond too',
  { ...gas(), lines: [reading(10, 0.1), reading(9.999, 5, { arrives: 11 })] },
  ({ brief }) => expect(live(brief)).toEqual([]),
)

promise(
  'one point’s news does not make another’s late',
  { ...gas(), lines: [reading(20, 0.1), { t: 5, arrives: 21, point: 't2', value: 5 }] },
  ({ brief }) => expect(brief).toEqual(['5 raised t2:warning 5/1 major']),
)

promise(
  'older than the last of the same card is late, across all readers',
  {
    ...crew,
    lines: [
      ...sightings(2, { t: 0, reader: 'r/face' }),
      sighting(20, 'r/road', 'last'),
      { ...sighting(10, 'r/face', 'last'), arrives: 21 },
    ],
  },
  ({ brief }) => expect(live(brief)).toEqual([]),
)

promise(
  'a site’s own `lateAfter` holds for it',
  { ...gas(), site: { ...SITE, lateAfter: '5m' }, lines: [reading(0, 5, { arrives: 299 })] },
  ({ brief }) => expect(brief).toEqual(['0 raised t1:warning 5/1 major']),
)

promise(
  'more than `lateAfter` ahead is uncertain: it may raise, and does not clear',
  { ...gas(), lines: [reading(31, 5, { arrives: 0 }), reading(100, 0.1, { arrives: 60 })] },
  ({ told }) => expect(told.map(({ cause }) => cause)).toEqual(['raised']),
)

promise(
  'just `lateAfter` ahead is good',
  { ...gas(), lines: [reading(0, 5), reading(90, 0.1, { arrives: 60 })] },
  ({ told }) => expect(told.map(({ cause }) => cause)).toEqual(['raised', 'cleared']),
)

promise(
  'one reading from tomorrow does not make today’s late',
  { ...gas(), lines: [reading(80_000, 0.1, { arrives: 0 }), reading(10, 5), reading(20, 0.1)] },
  ({ brief }) => expect(brief).toEqual(['10 raised t1:warning 5/1 major', '20 cleared t1:warning 0.1/1 major']),
)

promise(
  'one sighting from the future does not make the card’s next ones late',
  {
    ...crew,
    lines: [
      ...sightings(2, { t: 0, reader: 'r/face' }),
      { ...sighting(600, 'r/road', 'last'), arrives: 0 },
      sighting(20, 'r/face', 'last'),
    ],
  },
  ({ brief }) => expect(brief).toEqual(['30 raised face 3/2 major']),
)

promise(
  'a 20-minute-old sample never satisfies a 10-minute duration',
  { ...gas({ raiseAfter: '10m' }), lines: [reading(0, 5, { arrives: 1200 }), reading(1201, 0.1)] },
  ({ brief }) => expect(live(brief)).toEqual([]),
)

promise(
  'where the site allows half an hour’s delay, ten minutes must pass on the arrival clock, too',
  {
    ...gas({ raiseAfter: '10m' }),
    site: { ...SITE, lateAfter: '30m' },
    lines: [reading(0, 5, { arrives: 1200 })],
  },
  ({ told, seconds }) => expect(told.map(({ received }) => seconds(received) >= 1800)).toEqual([true]),
)

promise(
  'a duration is measured in event time, though the readings come bunched',
  {
    ...gas({ raiseAfter: '20s' }),
    lines: [reading(0, 5, { arrives: 25 }), reading(10, 5, { arrives: 25 }), reading(19, 0.1, { arrives: 25 })],
  },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  'and seen through when the last of them says so',
  {
    ...gas({ raiseAfter: '20s' }),
    lines: [reading(0, 5, { arrives: 25 }), reading(10, 5, { arrives: 25 }), reading(21, 5, { arrives: 25 })],
  },
  ({ told, seconds }) => expect(told.map(({ at, since }) => [seconds(since!), seconds(at)])).toEqual([[0, 20]]),
)

promise(
  'without `ts` the arrival time stands for it',
  { ...gas(), lines: [reading(5, 5, { ts: undefined })] },
  ({ brief }) => expect(brief).toEqual(['5 raised t1:warning 5/1 major']),
)

promise(
  'a repeated `ref` is a duplicate, whatever it says the second time',
  {
    ...gas(),
    lines: [reading(0, 0.1, { ref: 'gw-1' }), reading(10, 5, { ref: 'gw-1' }), reading(20, 0.2, { ref: 'gw-2' })],
  },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  'two different values of one instant are two readings, each judged',
  { ...gas(), lines: [reading(0, 5), reading(0, 0.1)] },
  ({ brief }) => expect(brief).toEqual(['0 raised t1:warning 5/1 major', '0 cleared t1:warning 0.1/1 major']),
)

promise(
  'an undeclared point never enters the rules',
  {
    ...gas(),
    lines: [
      { t: 0, point: 't9', value: 5 },
      { t: 0, point: 'T1', value: 5 },
    ],
  },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  'what a late reading would have raised is told as found afterwards: when it happened, when it was found',
  {
    ...gas(),
    lines: [
      reading(0, 0.2),
      reading(600, 0.3),
      { ...reading(100, 5), arrives: 610 },
      { ...reading(110, 0.1), arrives: 611 },
      reading(1200, 0.2),
    ],
  },
  ({ told, seconds }) => {
    expect(told.map(({ cause, key, value }) => [cause, key, value])).toEqual([['retrospective', 't1:warning', 5]])
    const [found] = told
    expect(seconds(found!.at)).toBe(100)
    expect(seconds(found!.received)).toBeGreaterThanOrEqual(610)
    // Never a live siren: it does not stand as an alarm that is active now.
    expect(found!.to).not.toBe('acked')
    expect(found!.evidence).toMatchObject([{ point: 't1', value: 5 }])
  },
)

promise(
  'late readings that would have raised nothing raise nothing',
  {
    ...gas(),
    lines: [reading(600, 0.3), { ...reading(100, 0.9), arrives: 610 }, { ...reading(110, 0.1), arrives: 611 }],
  },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  'a backlog is judged in event-time order, however it arrives',
  {
    ...gas({ raiseAfter: '20s' }),
    lines: [
      reading(600, 0.3),
      { ...reading(120, 5), arrives: 610 },
      { ...reading(100, 5), arrives: 611 },
      { ...reading(130, 0.1), arrives: 612 },
      { ...reading(200, 5), arrives: 613 },
      { ...reading(210, 0.1), arrives: 614 },
    ],
  },
  ({ told, seconds }) => expect(told.map(({ cause, at }) => [cause, seconds(at)])).toEqual([['retrospective', 120]]),
)

promise(
  'what stood live already is not found a second time',
  { ...gas(), lines: [reading(0, 5), reading(600, 5), { ...reading(300, 5), arrives: 610 }] },
  ({ brief }) => expect(brief).toEqual(['0 raised t1:warning 5/1 major']),
)
