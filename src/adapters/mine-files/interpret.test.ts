import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { REFUSALS } from '../../model/errors.ts'
import { decodeFile, type MineFile } from './decode.ts'
import { PRESETS } from './dialect.ts'
import { type FileName, parseName } from './file-name.ts'
import { interpret } from './interpret.ts'
import { type Column, columnsOf, FILE_TYPES, type FileType } from './layouts.ts'
import { EIGHT, GAS, MINE, mineFile, mineSite, STATION } from './mine.fixture.ts'
import type { Cards } from './snapshot.ts'

const site = mineSite()
const MINUTE = 60_000

interface Options {
  readonly at?: number
  readonly cards?: Cards
  readonly gate?: string
}

function means(type: FileType, records: readonly Record<string, string>[], options: Options = {}) {
  const { at = EIGHT, cards = new Map(), gate } = options
  const { file, bytes } = mineFile({ type, at, records })
  const name = parseName(file, PRESETS.national)
  if (typeof name === 'string') throw new Error(name)
  const decoded = decodeFile(Buffer.from(bytes), { name, dialect: PRESETS.national })
  return interpret(decoded as MineFile, { site, gate, cards })
}

const below = (card: string, station: string, more: Record<string, string> = {}) => ({
  card,
  flag: '1',
  station,
  ...more,
})

describe('RYSS', () => {
  test('who is below is seen by the reader of the station at the time of the snapshot', () => {
    const { readings } = means('RYSS', [
      below('10001', STATION.face, { distance: '-12.5', state: '正常' }),
      below('10002', STATION.road, { state: '求救' }),
    ])
    expect(readings.map(({ point, ts, value }) => [point, ts, value])).toEqual([
      ['readers/face', EIGHT, { card: '10001', distance: -12.5 }],
      ['readers/road', EIGHT, { card: '10002', sos: true }],
    ])
  })

  test('a card that is not in the next snapshot is not gone; one with flag 2 is, once, from the reader that has it', () => {
    const cards: Cards = new Map()
    means('RYSS', [below('10001', STATION.face), below('10002', STATION.face)], { cards })
    expect(means('RYSS', [below('10002', STATION.face)], { cards, at: EIGHT + 5 * MINUTE }).readings).toHaveLength(1)
    const out = [{ card: '10001', flag: '2', left: '2026-05-01 08:07:00', station: STATION.mouth }]
    const { readings } = means('RYSS', out, { cards, at: EIGHT + 10 * MINUTE })
    expect(readings.map(({ point, ts, value }) => [point, ts, value])).toEqual([
      ['readers/face', EIGHT + 10 * MINUTE, { card: '10001', gone: true }],
    ])
    expect(means('RYSS', out, { cards, at: EIGHT + 15 * MINUTE }).readings).toEqual([])
  })

  test('ways in and out go to the gate with their own time, once', () => {
    const cards: Cards = new Map()
    const gate = 'gates/wellhead'
    const entered = '2026-05-01 07:40:00'
    const first = means('RYSS', [below('10001', STATION.face, { entered })], { cards, gate })
    expect(first.readings[0]).toMatchObject({
      point: gate,
      ts: EIGHT - 20 * MINUTE,
      value: { direction: 'in', card: '10001' },
      ref: `in-10001-${EIGHT - 20 * MINUTE}`,
    })
    const again = means('RYSS', [below('10001', STATION.face, { entered })], { cards, gate, at: EIGHT + MINUTE })
    expect(again.readings.filter(({ point }) => point === gate)).toEqual([])
    const left = '2026-05-01 08:01:30'
    const out = means('RYSS', [{ card: '10001', flag: '2', entered, left, station: STATION.mouth }], {
      cards,
      gate,
      at: EIGHT + 2 * MINUTE,
    })
    expect(out.readings.map(({ point, value }) => [point, value])).toEqual([
      [gate, { direction: 'out', card: '10001' }],
      ['readers/face', { card: '10001', gone: true }],
    ])
  })

  test('the trail gives the steps since the last snapshot, in order, with refs of their own', () => {
    const cards: Cards = new Map()
    const step = (station: string, time: string) => `${station}&2026-05-01 ${time}`
    const first = [step(STATION.road, '07:50:00'), step(STATION.mouth, '07:42:00')]
    const { readings } = means('RYSS', [below('10001', STATION.face, { trail: first.join(',') })], { cards })
    expect(readings.map(({ point, ts }) => [point, ts - EIGHT])).toEqual([
      ['readers/mouth', -18 * MINUTE],
      ['readers/road', -10 * MINUTE],
      ['readers/face', 0],
    ])
    const trail = [...first, step(STATION.face, '07:59:00'), step('9999', '07:59:30')].join(',')
    const next = means('RYSS', [below('10001', STATION.face, { trail })], { cards, at: EIGHT + MINUTE })
    expect(next.readings.map(({ ref }) => ref).slice(0, -1)).toEqual([`trail-10001-${EIGHT - MINUTE}`])
    expect([...next.strangers.keys()]).toEqual(['9999'])
  })

  test('a station without a reader falls back to its area, then is a stranger', () => {
    const { readings, strangers } = means('RYSS', [
      below('10001', '4104', { area: STATION.road }),
      below('10002', '4105'),
    ])
    expect(readings.map(({ point }) => point)).toEqual(['readers/road'])
    expect(strangers.get('4105')).toMatchObject({
      code: 'record-code',
      detail: expect.stringContaining('record 2: no point has the code "4105"'),
    })
  })

  test('the same record in the same file has the same ref, another one another', () => {
    const refs = (distance: string) =>
      means('RYSS', [below('10001', STATION.face, { distance })]).readings.map(({ ref }) => ref)
    expect(refs('3')).toEqual(refs('3'))
    expect(refs('3')).not.toEqual(refs('4'))
  })
})

test('RYQJ: a call for help holds at the time of the file, where the card is, until it has an end', () => {
  const cards: Cards = new Map()
  means('RYSS', [below('10002', STATION.road)], { cards })
  const call = { card: '10001', begin: '2026-05-01 07:50:00', station: STATION.face }
  const { readings, refused } = means(
    'RYQJ',
    [call, { ...call, end: '2026-05-01 07:59:00' }, { card: '10002' }, { card: '10003' }],
    { cards },
  )
  expect(readings.map(({ point, ts, value }) => [point, ts, value])).toEqual([
    ['readers/face', EIGHT, { card: '10001', sos: true }],
    ['readers/road', EIGHT, { card: '10002', sos: true }],
  ])
  expect(refused.map(({ detail }) => detail.replace(/^.*record/, 'record'))).toEqual([
    'record 4: field station: nothing',
  ])
})

test('a value that is only repeated is no news; without a time of its own it is that of its file', () => {
  const ref = (at: number, time: string) => means('CDSS', [{ code: GAS, value: '1', time }], { at }).readings[0]?.ref
  expect(ref(EIGHT, '2026-05-01 07:59:58')).toBe(ref(EIGHT + MINUTE, '2026-05-01 07:59:58'))
  expect(ref(EIGHT, '')).not.toBe(ref(EIGHT + MINUTE, ''))
})

describe('CDSS', () => {
  const co = `${MINE}01MN0004000002`
  const feeder = `${MINE}01KG1005000003`

  test('values by code, with their own time or that of the file', () => {
    const { readings } = means('CDSS', [
      { code: GAS, value: '0.42', unit: '％', status: '0', time: '2026-05-01 07:59:58' },
      { code: feeder, value: '开' },
      { code: 'face/ch4', value: '', status: '128' },
    ])
    expect(readings).toMatchObject([
      { point: 'face/ch4', ts: EIGHT - 2_000, value: 0.42 },
      { point: 'face/feeder', ts: EIGHT, value: true },
      { point: 'face/ch4', value: null, status: 'fault' },
    ])
  })

  test.each([
    ['0', undefined],
    ['1', undefined],
    ['3', undefined],
    ['4', 'calibrating'],
    ['9', 'over-range'],
    ['20', 'station-fault'],
    ['32', 'not-polled'],
    ['65', 'paused'],
    ['128', 'fault'],
  ])('status %s is %s', (status, expected) => {
    expect(means('CDSS', [{ code: GAS, value: '1.2', status }]).readings[0]?.status).toBe(expected)
  })

  test('CO in % is not CO in ppm', () => {
    expect(means('CDSS', [{ code: co, value: '0.0024', unit: '%' }]).readings[0]?.value).toBe(24)
    expect(means('CDSS', [{ code: co, value: '24', unit: 'PPM' }]).readings[0]?.value).toBe(24)
    const { readings, refused } = means('CDSS', [{ code: co, value: '24', unit: 'mg/m3' }])
    expect(readings).toEqual([])
    expect(refused).toMatchObject([{ code: 'record-unit', detail: expect.stringContaining('face/co is in ppm') }])
  })

  test('what is no value of the point, and no set of bits, is refused by field', () => {
    const { refused } = means('CDSS', [
      { code: GAS, value: '断线' },
      { code: feeder, value: '半开' },
      { code: GAS, value: '1', status: '256' },
    ])
    expect(refused.map(({ code, detail }) => `${code} ${detail.replace(/^.*record/, 'record')}`)).toEqual([
      'record-field record 1: field value: "断线" for gas.ch4',
      'record-field record 2: field value: "半开" for feeder.energized',
      'record-field record 3: field status: "256" is no set of bits',
    ])
  })
})

test('JZSS and SXYST: states of stations and cameras', () => {
  const station = (state: string) => means('JZSS', [{ station: STATION.face, state }]).readings[0]
  expect(station('0')).toMatchObject({ point: 'stations/face', ts: EIGHT, value: 'online' })
  expect(station('1')).toMatchObject({ value: 'offline' })
  expect(station('9')).toMatchObject({ value: null, quality: 'bad', status: 'unknown' })
  expect(means('SXYST', [{ camera: '410481412100468812010001', state: '0' }]).readings).toMatchObject([
    { point: 'cameras/face', value: 'offline' },
  ])
})

test('master data changes nothing and tells what differs; names are masked', () => {
  const people = means('RYXX', [
    { card: '10001', name: '李四' },
    { card: '10009', name: '赵六' },
    { card: '10009', name: '孙七' },
  ])
  expect(people.readings).toEqual([])
  expect(people.notices.join('\n')).toMatch(/card 10001 is 李\*\*'s there and 王\*\*'s here/)
  expect(people.notices.join('\n')).toMatch(/card 10009 is listed twice, as 赵\*\* and as 孙\*\*/)
  const points = means('CDDY', [
    { code: GAS, unit: '%', bottom: '0', top: '4' },
    { code: 'new', place: '新面' },
  ])
  expect(points.notices).toEqual(['CDDY: new (新面) has no point'])
  expect(means('RYJZ', [{ station: '77', name: '新站' }]).notices).toEqual(['RYJZ: 77 (新站) has no point'])
})

test("the mine's own alarms are told, and are no readings", () => {
  const { readings, notices } = means('YCBJ', [{ code: GAS, kind: '001', begin: '2026-05-01 07:50:00' }])
  expect(readings).toEqual([])
  expect(notices).toEqual([`YCBJ: the mine's own alarm: kind 001, ${GAS}, from 2026-05-01 07:50:00 and goes on`])
})

test('a code written as a number too large to be exact is told', () => {
  const inexact = mineSite()
  const { points } = inexact
  ;(points as Map<string, unknown>).set('r', {
    ...points.get('readers/face')!,
    id: 'r',
    attributes: { code: 4.104e21 },
  })
  const { file, bytes } = mineFile({ type: 'RYSS', at: EIGHT, records: [] })
  const name = parseName(file, PRESETS.national) as FileName
  const decoded = decodeFile(bytes, { name, dialect: PRESETS.national }) as MineFile
  expect(interpret(decoded, { site: inexact, gate: undefined, cards: new Map() }).notices).toEqual([
    'the code of point r is a number too large to be exact: put it in quotes',
  ])
})

test('whatever the cells hold, a file becomes readings of points that are there and refusals by name', () => {
  const word = fc.oneof(
    fc.constantFrom('', '1', '4', '10001', '10002', GAS, STATION.face, '求救', '开', '％', '__proto__'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  )
  const time = fc.constantFrom('', '2026-05-01 07:59:59', '1970-01-01 00:00:00', '2999-12-31 23:59:59')
  const cell = ({ form, required }: Column) => {
    if (form === 'time') return time
    if (form === 'number') return fc.oneof(fc.integer({ min: -1, max: 300 }).map(String), fc.constant('1e300'))
    if (form === 'trail') return fc.constantFrom('', `${STATION.road}&2026-05-01 07:50:00,x&1970-01-01 00:00:00`)
    if (form !== 'text') return fc.constantFrom(...form)
    return required ? word.filter((text) => text !== '') : word
  }
  const file = fc.constantFrom(...FILE_TYPES).chain((type) => {
    const record = fc.record(Object.fromEntries(columnsOf(type, {}).map((column) => [column.name, cell(column)])))
    return fc.record({ type: fc.constant(type), records: fc.array(record, { maxLength: 6 }) })
  })
  const cards: Cards = new Map()
  let told = 0
  fc.assert(
    fc.property(file, ({ type, records }) => {
      const written = mineFile({ type, at: EIGHT, records })
      const name = parseName(written.file, PRESETS.national) as FileName
      const decoded = decodeFile(written.bytes, { name, dialect: PRESETS.national }) as MineFile
      expect(decoded.records).toHaveLength(records.length)
      const { readings, refused } = interpret(decoded, { site, gate: 'gates/wellhead', cards })
      told += readings.length
      for (const { point, ts, ref } of readings) {
        expect(site.points.has(point)).toBe(true)
        expect(Number.isSafeInteger(ts)).toBe(true)
        expect(ref.length).toBeLessThanOrEqual(200)
      }
      for (const { code, detail } of refused) {
        expect([code in REFUSALS, detail.startsWith(written.file)]).toEqual([true, true])
      }
    }),
    { numRuns: 400 },
  )
  expect(told).toBeGreaterThan(50)
})
