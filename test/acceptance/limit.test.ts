/** The rule `limit` (超限), sentence by sentence, through `davy replay`. */
import { expect } from 'vitest'
import { type Line, sheet } from './sheet.ts'

const { promise } = sheet()

const SITE = {
  areas: [{ id: 'face', kind: 'coal-face' }],
  points: [{ id: 't1', kind: 'gas.ch4', unit: '%', area: 'face', range: [0, 10], sentinels: [6.5535] }],
}
const WARNING = { name: 'warning', high: 1.0, severity: 'major' }
const CUT = { name: 'cut', high: 1.5, clear: 1.0, severity: 'critical' }
const gas = (...levels: object[]) => ({ site: SITE, rules: [{ id: 'ch4', rule: 'limit', clause: '498', levels }] })
const series = (values: readonly (number | null)[], step = 10): Line[] =>
  values.map((value, i) => ({ t: i * step, point: 't1', value }))
const reading = (t: number, value: unknown, more = {}): Line => ({ t, point: 't1', value, ...more })

promise(
  'a value at `high` is an alarm at once, a value below is none',
  { ...gas(WARNING), lines: series([0.999, 1.0]) },
  ({ brief, told }) => {
    expect(brief).toEqual(['10 raised t1:warning 1/1 major'])
    expect(told[0]).toMatchObject({ key: 't1:warning', clause: 'yuzhou-2024/498', value: 1, limit: 1 })
  },
)

promise(
  'it clears below `high` where no `clear` is given, not at it',
  { ...gas(WARNING), lines: series([1.2, 1.0, 0.999]) },
  ({ brief }) => expect(brief).toEqual(['0 raised t1:warning 1.2/1 major', '20 cleared t1:warning 0.999/1 major']),
)

promise(
  'it clears below `clear` where one is given: each level has its own hysteresis and severity',
  { ...gas(WARNING, CUT), lines: series([1.5, 1.0, 0.99]) },
  ({ brief }) =>
    expect(brief.toSorted()).toEqual(
      [
        '0 raised t1:warning 1.5/1 major',
        '0 raised t1:cut 1.5/1.5 critical',
        '20 cleared t1:warning 0.99/1 major',
        '20 cleared t1:cut 0.99/1.5 critical',
      ].toSorted(),
    ),
)

promise(
  'a value at `low` is an alarm, and clears above `clear`',
  { ...gas({ name: 'thin', low: 0.5, clear: 0.6, severity: 'minor' }), lines: series([0.51, 0.5, 0.6, 0.61]) },
  ({ brief }) => expect(brief).toEqual(['10 raised t1:thin 0.5/0.5 minor', '30 cleared t1:thin 0.61/0.5 minor']),
)

promise(
  'with `raiseAfter` it must stay so long: one dip begins it anew',
  { ...gas({ ...WARNING, raiseAfter: '30s' }), lines: series([1.2, 1.2, 0.5, 1.2, 1.2, 1.2, 1.2]) },
  ({ brief, told, seconds }) => {
    expect(brief).toEqual(['60 raised t1:warning 1.2/1 major'])
    expect(seconds(told[0]!.since!)).toBe(30)
  },
)

promise(
  'with `clearAfter` it must stay clear so long',
  { ...gas({ ...WARNING, clearAfter: '30s' }), lines: series([1.2, 0.5, 1.1, 0.5, 0.5, 0.5, 0.5]) },
  ({ brief }) => expect(brief).toEqual(['0 raised t1:warning 1.2/1 major', '60 cleared t1:warning 0.5/1 major']),
)

promise(
  'delays are each level’s own',
  { ...gas({ ...WARNING, raiseAfter: '60s' }, { ...CUT, raiseAfter: '20s' }), lines: series([2, 2, 2, 2, 2, 2, 2]) },
  ({ brief }) => expect(brief).toEqual(['20 raised t1:cut 2/1.5 critical', '60 raised t1:warning 2/1 major']),
)

promise(
  'every rise is a new episode, also from one not yet acknowledged',
  { ...gas(WARNING), lines: series([1.2, 0.5, 1.2, 0.5]) },
  ({ told }) => {
    expect(told.map(({ cause, episode, revision }) => `${cause} ${episode}.${revision}`)).toEqual([
      'raised 1.1',
      'cleared 1.2',
      'raised 2.1',
      'cleared 2.2',
    ])
    expect(told[2]).toMatchObject({ from: 'rtn-unacked', to: 'unacked' })
  },
)

promise('uncertain may raise', { ...gas(WARNING), lines: [reading(0, 1.2, { quality: 'uncertain' })] }, ({ brief }) =>
  expect(brief).toEqual(['0 raised t1:warning 1.2/1 major']),
)

const NOT_GOOD: readonly (readonly [string, object])[] = [
  ['null', { value: null }],
  ['"NaN"', { value: 'NaN' }],
  ['a sentinel', { value: 6.5535 }],
  ['below the range', { value: -0.01 }],
  ['above the range', { value: 10.01 }],
  ['uncertain', { value: 0.1, quality: 'uncertain' }],
  ['bad', { value: 0.1, quality: 'bad' }],
  ['calibrating', { value: 0.1, status: 'calibrating' }],
  ['fault', { value: 0.1, status: 'fault' }],
  ['paused', { value: 0.1, status: 'paused' }],
  ['out-of-service', { value: 0.1, status: 'out-of-service' }],
  ['over-range', { value: 0.1, status: 'over-range' }],
]
for (const [name, fields] of NOT_GOOD) {
  promise(
    `${name} never clears, however often it is said`,
    { ...gas(WARNING), lines: [reading(0, 1.2), ...[10, 20, 900].map((t) => ({ t, point: 't1', ...fields }))] },
    ({ brief }) => expect(brief).toEqual(['0 raised t1:warning 1.2/1 major']),
  )
}

for (const [name, fields] of [
  ['bad', { quality: 'bad' }],
  ['calibrating', { status: 'calibrating' }],
  ['uncertain and calibrating', { quality: 'uncertain', status: 'calibrating' }],
] as const) {
  promise(
    `${name} never raises`,
    { ...gas(WARNING), lines: [reading(0, 3, fields), reading(60, 3, fields)] },
    ({ brief }) => expect(brief).toEqual([]),
  )
}

promise(
  'a bad reading amid a clear delay is not seen through: the delay begins again with the next good one',
  {
    ...gas({ ...WARNING, clearAfter: '60s' }),
    lines: [reading(0, 1.2), reading(10, 0.2), reading(40, null), reading(300, 0.2), reading(360, 0.2)],
  },
  ({ brief }) => expect(brief).toEqual(['0 raised t1:warning 1.2/1 major', '360 cleared t1:warning 0.2/1 major']),
)

promise(
  'true on an analogue input is no number',
  { ...gas(WARNING), lines: [reading(0, true), reading(1, '1.2'), reading(2, [1.2]), reading(3, { value: 1.2 })] },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  '-0, 1e-400 and a whole number as decimal are what they are',
  { ...gas({ name: 'low', low: 0 }), lines: [reading(0, 0.1), reading(10, -0), reading(20, 0.1)] },
  ({ told }) => expect(told.map(({ cause }) => cause)).toEqual(['raised', 'cleared']),
)
