import { expect, test } from 'vitest'
import { measured } from './alarm.ts'
import { pointValue } from './point.ts'
import { ago, clockTime, duration, exactTime, instant, instantIn, shortTime } from './time.ts'
import { kindRank, number, valueText, withUnit } from './value.ts'

const AT = Date.parse('2026-05-01T23:30:05.007+08:00')
const ZONE = 'Asia/Shanghai'

test('times are the site’s, whatever zone this computer is in', () => {
  expect(clockTime(AT, ZONE)).toBe('23:30:05')
  expect(exactTime(AT, ZONE)).toBe('2026-05-01 23:30:05.007')
  expect(clockTime(Date.parse('2026-05-01T00:00:00+08:00'), ZONE)).toBe('00:00:00')
})

test('another day is said with its date, by the site’s calendar', () => {
  expect(shortTime(AT, { zone: ZONE, now: AT + 60_000 })).toBe('23:30:05')
  expect(shortTime(AT, { zone: ZONE, now: AT + 1_800_000 })).toBe('05-01 23:30:05')
})

test('durations have two units at most, and never a sign', () => {
  const said = [0, 999, 45_000, 200_000, 3_600_000, 7_500_000, 273_600_000].map((ms) => duration(ms, 'en'))
  expect(said).toEqual(['0 s', '0 s', '45 s', '3 min 20 s', '1 h', '2 h 5 min', '3 d 4 h'])
  expect(duration(-5_000, 'en')).toBe('0 s')
  expect(duration(200_000, 'zh')).toBe('3 分 20 秒')
  expect(ago(500, 'zh')).toBe('刚刚')
  expect(ago(45_000, 'en')).toBe('45 s ago')
})

test('the API’s times are read; what is none is none', () => {
  expect(instant('2026-05-01T23:30:05.007+08:00')).toBe(AT)
  expect(instant(AT)).toBe(AT)
  expect(instant(undefined)).toBeUndefined()
  expect(instant('yesterday')).toBeUndefined()
})

test('numbers have the decimals of their kind, and their unit', () => {
  expect(withUnit(number(0.4, 'gas.ch4'), '%')).toBe('0.40%')
  expect(withUnit(number(24, 'gas.co'), 'ppm')).toBe('24.0\u00a0ppm')
  expect(number(0.12345)).toBe('0.123')
  expect(number(1234)).toBe('1234')
  expect(number(12_345.6, 'power.energy')).toBe('12,345.6')
  expect(number(-0.5, 'env.temperature')).toBe('-0.5')
})

test('no value is a dash, never a zero', () => {
  expect(valueText(null, { kind: 'gas.ch4', lang: 'en' })).toBe('—')
  expect(valueText(undefined, { kind: 'gas.ch4', lang: 'en' })).toBe('—')
  expect(withUnit('—', '%')).toBe('—')
  expect(valueText(0, { kind: 'gas.ch4', lang: 'en' })).toBe('0.00')
})

test('switches and words are said in the language', () => {
  expect(valueText(false, { kind: 'feeder.energized', lang: 'zh' })).toBe('断电')
  expect(valueText(true, { kind: 'smoke', lang: 'en' })).toBe('smoke')
  expect(valueText('occluded', { kind: 'device.state', lang: 'zh' })).toBe('遮挡')
  expect(valueText({ card: '10001', moving: true, sos: false }, { kind: 'card.reader', lang: 'en' })).toBe(
    '10001 · moving',
  )
})

test('gas comes before what runs, and what runs before who passes', () => {
  const kinds = ['gate', 'power.active', 'gas.ch4', 'card.reader', 'env.wind']
  expect(kinds.sort((a, b) => kindRank(a) - kindRank(b))).toEqual([
    'gas.ch4',
    'env.wind',
    'power.active',
    'gate',
    'card.reader',
  ])
})

test('only a live value that is not bad stands plain; all others are struck through', () => {
  const point = { kind: 'gas.ch4', unit: '%', value: 0.4 } as const
  expect(pointValue({ ...point, state: 'live', quality: 'good' }, 'en')).toEqual({ text: '0.40%', struck: false })
  for (const state of ['silent', 'bad', 'calibrating', 'out-of-service', 'unknown'] as const) {
    expect(pointValue({ ...point, state, quality: 'good' }, 'en').struck).toBe(true)
  }
  expect(pointValue({ ...point, state: 'live', quality: 'bad' }, 'en').struck).toBe(true)
  expect(pointValue({ kind: 'gas.ch4', unit: '%', state: 'unknown' }, 'en')).toEqual({ text: '—', struck: false })
})

test('an alarm’s numbers have the unit of their point, or count persons; others are not shown', () => {
  const points = [
    { id: 'face/ch4', kind: 'gas.ch4', unit: '%' },
    { id: 'face/ch4-return', kind: 'gas.ch4', unit: 'ppm' },
  ] as const
  expect(measured(1.5, { rule: 'limit', key: 'face/ch4:cut' }, { points, lang: 'en' })).toBe('1.50%')
  expect(measured(26, { rule: 'over-crew', key: 'face' }, { points, lang: 'zh' })).toBe('26 人')
  expect(measured(3, { rule: 'other', key: 'x' }, { points, lang: 'en' })).toBeUndefined()
})

test('a wall time is an instant in its own zone, on both sides of a change of the clocks', () => {
  expect(instantIn('Asia/Shanghai', '2026-05-01T08:00')).toBe(Date.parse('2026-05-01T00:00:00Z'))
  expect(instantIn('Europe/Berlin', '2026-03-29T01:59')).toBe(Date.parse('2026-03-29T00:59:00Z'))
  expect(instantIn('Europe/Berlin', '2026-03-29T03:00')).toBe(Date.parse('2026-03-29T01:00:00Z'))
  expect(instantIn('Asia/Shanghai', '')).toBeUndefined()
})
