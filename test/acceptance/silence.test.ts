/** The rules `silent` (断线) and `unmonitored` (无监控即违规), sentence by sentence, through `davy replay`. */
import { expect } from 'vitest'
import { type Line, sheet, sighting } from './sheet.ts'

const { promise } = sheet()

const POINT = { id: 't1', kind: 'gas.ch4', unit: '%', area: 'face', range: [0, 10], silentAfter: '60s' }
const silent = {
  site: { areas: [{ id: 'face', kind: 'coal-face' }], points: [POINT] },
  rules: [{ id: 'silent', rule: 'silent', clause: '6' }],
}
const every = (step: number, to: number, from = 0): Line[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, i) => ({ t: from + i * step, point: 't1', value: 0.3 }))
/** To the end of the sheet's clock. */
const END = 4 * 3600

promise('heard in time to the end, it is not silent', { ...silent, lines: every(30, END) }, ({ brief }) =>
  expect(brief).toEqual([]),
)

promise(
  'never heard since the journal began, it is silent after its `silentAfter`',
  { ...silent, lines: [] },
  ({ told, seconds }) => {
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({ cause: 'raised', key: 't1', rule: 'silent', clause: 'yuzhou-2024/6' })
    expect(seconds(told[0]!.at)).toBe(60)
  },
)

promise(
  'silent at the last good reading plus `silentAfter`, and back with the next good one',
  { ...silent, lines: [...every(30, 600), ...every(30, END, 900)] },
  ({ told, seconds }) =>
    expect(told.map(({ cause, at }) => `${seconds(at)} ${cause}`)).toEqual(['660 raised', '900 cleared']),
)

promise(
  'a gap of less than `silentAfter` is none',
  { ...silent, lines: [...every(30, 600), ...every(30, END, 659)] },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  'bad counts as silence, and does not end it',
  { ...silent, lines: [...every(30, 600), ...every(30, END, 630).map((line) => ({ ...line, value: null }))] },
  ({ told, seconds }) => expect(told.map(({ cause, at }) => `${seconds(at)} ${cause}`)).toEqual(['660 raised']),
)

promise(
  'only good ends it: uncertain is no good reading',
  { ...silent, lines: [...every(30, 600), ...every(30, END, 630).map((line) => ({ ...line, quality: 'uncertain' }))] },
  ({ told, seconds }) => expect(told.map(({ cause, at }) => `${seconds(at)} ${cause}`)).toEqual(['660 raised']),
)

promise(
  'one quiet point does not hold another’s time',
  {
    ...silent,
    site: { ...silent.site, points: [POINT, { ...POINT, id: 't2' }] },
    lines: [...every(30, END), { t: 0, point: 't2', value: 0.3 }],
  },
  ({ told }) => expect(told.map(({ key }) => key)).toEqual(['t2']),
)

const AREA = {
  areas: [
    { id: 'underground', kind: 'underground' },
    { id: 'face', kind: 'coal-face', in: 'underground' },
    { id: 'head', kind: 'heading-face', in: 'underground' },
  ],
  points: [
    { id: 'cam', kind: 'device.state', area: 'face', device: 'camera', silentAfter: 'never' },
    { ...POINT, silentAfter: '5m' },
    { id: 'r/face', kind: 'card.reader', area: 'face' },
    { id: 'r/out', kind: 'card.reader', area: 'head' },
    { id: 'hoist', kind: 'power.active', unit: 'kW', area: 'face' },
    { id: 'arc', kind: 'weld.current', unit: 'A', area: 'face', machine: 'w1' },
  ],
}
const watch = {
  site: AREA,
  rules: [{ id: 'watch', rule: 'unmonitored', clause: '16', match: { kind: 'coal-face' }, require: ['camera', 'gas'] }],
}
const camera = (t: number, value: string, more = {}): Line => ({ t, point: 'cam', value, ...more })
const gas = every(60, END)
const man = sighting(100, 'r/face', 'man')

promise(
  'work under an online camera and a heard gas point is monitored',
  { ...watch, lines: [...gas, camera(0, 'online'), man] },
  ({ brief }) => expect(brief).toEqual([]),
)

promise('a camera of unknown state is not online', { ...watch, lines: [...gas, man] }, ({ told, seconds }) => {
  expect(told).toHaveLength(1)
  expect(told[0]).toMatchObject({ cause: 'raised', key: 'face', rule: 'unmonitored', clause: 'yuzhou-2024/16' })
  expect([seconds(told[0]!.since!), seconds(told[0]!.at)]).toEqual([100, 160])
})

for (const state of ['offline', 'occluded', 'frozen', 'moved']) {
  promise(
    `a camera that is ${state} at work, until it is online again`,
    { ...watch, lines: [...gas, camera(0, 'online'), man, camera(600, state), camera(1200, 'online')] },
    ({ told, seconds }) =>
      expect(told.map(({ cause, at }) => `${seconds(at)} ${cause}`)).toEqual(['660 raised', '1200 cleared']),
  )
}

promise(
  'a camera away for less than sixty seconds is none',
  { ...watch, lines: [...gas, camera(0, 'online'), man, camera(600, 'offline'), camera(659, 'online')] },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  'an online that is only uncertain does not end it',
  {
    ...watch,
    lines: [...gas, camera(0, 'online'), man, camera(600, 'offline'), camera(700, 'online', { quality: 'uncertain' })],
  },
  ({ told }) => expect(told.map(({ cause }) => cause)).toEqual(['raised']),
)

promise(
  'a required gas point that falls silent at work',
  { ...watch, lines: [...every(60, 1200), ...every(60, END, 3000), camera(0, 'online'), man] },
  ({ told, seconds }) =>
    expect(told.map(({ cause, at }) => `${seconds(at)} ${cause}`)).toEqual(['1560 raised', '3000 cleared']),
)

promise(
  'where nobody works, nothing needs watching',
  { ...watch, lines: [...gas, camera(0, 'offline'), sighting(10, 'r/out', 'man')] },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  'when the last man has left, it is over',
  { ...watch, lines: [...gas, camera(0, 'offline'), man, sighting(700, 'r/out', 'man')] },
  ({ told, seconds }) =>
    expect(told.map(({ cause, at }) => `${seconds(at)} ${cause}`)).toEqual(['160 raised', '700 cleared']),
)

for (const [name, point, value] of [
  ['load', 'hoist', 120],
  ['welding', 'arc', 80],
] as const) {
  promise(
    `${name} is activity, too`,
    { ...watch, lines: [...gas, camera(0, 'offline'), { t: 100, point, value }] },
    ({ told, seconds }) => expect(told.map(({ cause, at }) => `${seconds(at)} ${cause}`)).toEqual(['160 raised']),
  )
}

promise(
  'an arc of twenty amperes is no welding',
  { ...watch, lines: [...gas, camera(0, 'offline'), { t: 100, point: 'arc', value: 20 }] },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  '`raiseAfter` is the rule’s own where it gives one',
  {
    ...watch,
    rules: [{ ...watch.rules[0]!, raiseAfter: '10m' }],
    lines: [...gas, camera(0, 'offline'), man, camera(650, 'online'), camera(1000, 'offline')],
  },
  ({ told, seconds }) => expect(told.map(({ cause, at }) => `${seconds(at)} ${cause}`)).toEqual(['1600 raised']),
)

promise(
  '`require: [camera]` asks for no gas point',
  { ...watch, rules: [{ ...watch.rules[0]!, require: ['camera'] }], lines: [camera(0, 'online'), man] },
  ({ brief }) => expect(brief).toEqual([]),
)
