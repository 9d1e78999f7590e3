import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { REFUSALS, type RefusalCode } from '../model/errors.ts'
import { type Batch, createBatch } from './batch.ts'
import { createDoor } from './door.ts'
import { FACE, install } from './installation.fixture.ts'

const AT = Date.UTC(2026, 4, 1)
const HOUSE = install({ baoyuan: FACE, yuxing: [] })
const GAS = 'davy/v1/baoyuan/face-101/ch4-t1'
const SITE = 'davy/v1/baoyuan'

function send(payload: unknown, { topic = GAS, batch = createBatch(), door = createDoor(HOUSE), at = AT } = {}): Batch {
  const bytes =
    payload instanceof Uint8Array
      ? payload
      : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
  door.admit({ source: 'gw1', topic, payload: bytes }, at, batch)
  return batch
}

function readings({ entries }: Batch) {
  return entries.map((entry) => (entry.type === 'reading' ? entry.reading : entry))
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString()

test('a reading is taken with its point, time, claim and reference', () => {
  const batch = send({
    ts: '2026-05-01T08:00:00.000+08:00',
    value: 0.42,
    quality: 'uncertain',
    status: 'warming',
    ref: 'gw1-1',
    site: 'baoyuan',
    colour: 'red',
  })
  expect(batch).toMatchObject({ accepted: 1, duplicates: 0, refused: 0, letters: [] })
  const point = HOUSE.points[0]
  expect(batch.entries).toEqual([
    {
      type: 'reading',
      offset: 0,
      at: AT,
      reading: { point, ts: AT, value: 0.42, quality: 'uncertain', status: 'warming', ref: 'gw1-1' },
    },
  ])
})

test('without a time the arrival stands for it, and says so; a replayed letter keeps its first arrival', () => {
  expect(readings(send({ value: 1, ts: null }))).toMatchObject([{ ts: AT, stamped: 'arrival' }])
  const batch = createBatch()
  createDoor(HOUSE).admit(
    { source: 'gw1', topic: GAS, payload: Buffer.from('{"value":1}'), arrived: AT - 86_400_000 },
    AT,
    batch,
  )
  expect(batch.entries).toMatchObject([{ at: AT, reading: { ts: AT - 86_400_000, stamped: 'arrival' } }])
})

test('null, and a number beyond all numbers, are no value; minus zero is zero', () => {
  expect(
    readings(
      send('[{"ts":1777593600000,"value":null},{"ts":1777593600001,"value":1e999},{"ts":1777593600002,"value":-0}]'),
    ).map((r) => 'value' in r && r.value),
  ).toEqual([null, null, 0])
})

test.each([
  ['cameras/c-101', 'occluded', 'occluded'],
  ['feeders/f-101', false, false],
  [
    'readers/r-101-a',
    { card: '0017', distance: -3.5, moving: false, battery: null, ['__proto__']: { sos: true }, name: '张三' },
    { card: '0017', distance: -3.5, moving: false },
  ],
  ['gate', { direction: 'in', person: 'p-001', method: 'face' }, { direction: 'in', person: 'p-001', method: 'face' }],
  ['weld-01/session', { event: 'unlock', permit: 'DH-7' }, { event: 'unlock', permit: 'DH-7' }],
])('%s takes %j', (point, value, kept) => {
  expect(readings(send([{ point, value }], { topic: SITE }))).toMatchObject([{ value: kept }])
  expect(Object.keys(readings(send([{ point, value }], { topic: SITE }))[0] ?? {})).toEqual([
    'point',
    'ts',
    'value',
    'quality',
    'stamped',
  ])
  expect(readings(send([{ point, value }], { topic: SITE }))[0]).toHaveProperty('value', kept)
})

test.each([
  ['face-101/ch4-t1', { value: 0.42, unit: '%' }, 0.42],
  ['face-101/ch4-t1', { value: 0.42, unit: '％ CH4' }, 0.42],
  ['face-101/ch4-t1', { value: 0.42, unit: '' }, 0.42],
  ['face-101/ch4-t1', { value: 0.42, unit: null }, 0.42],
  ['face-101/ch4-t1', { value: 5_000, unit: 'ppm' }, 0.5],
  ['face-101/ch4-t1', { value: null, unit: 'ppm' }, null],
  ['face-101/co', { value: 0.0024, unit: '%' }, 24],
  // "No value" in whichever unit it is said.
  ['face-101/co', { value: -1, unit: '%' }, -1],
  ['feeders/f-101', { value: true, unit: 'on/off' }, true],
  ['belt', { value: 5, unit: 't/h' }, 5],
  ['lel', { value: 20, unit: '%LEL' }, 20],
])("%s takes %j in the point's unit", (point, said, kept) => {
  expect(readings(send([{ point, ...said }], { topic: SITE }))).toMatchObject([{ value: kept }])
})

test('a unit that is refused says which, and which was expected', () => {
  const [letter] = send({ value: 5_000, unit: 'mg/m3' }).letters
  expect(letter?.detail).toBe('unit "mg/m3": face-101/ch4-t1 is in "%"')
})

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
const long = 'x'.repeat(201)

const REFUSED: readonly [what: string, code: RefusalCode, payload: unknown, topic?: string][] = [
  ['10 MiB', 'payload-too-large', Buffer.alloc(10 * 1024 * 1024, '1')],
  ['10 001 readings', 'payload-too-large', `[${'0,'.repeat(10_000)}0]`],
  ['no JSON', 'payload-not-json', '{"value":'],
  ['nothing', 'payload-not-json', ''],
  ['NaN', 'payload-not-json', '{"value":NaN}'],
  ['GBK', 'payload-not-json', Buffer.from([0x22, 0xd5, 0xc5, 0xc8, 0xfd, 0x22])],
  ['a number', 'payload-not-reading', '5'],
  ['null', 'payload-not-reading', 'null'],
  ['a foreign topic', 'topic-unknown', { value: 1 }, 'spBv1.0/g/NDATA/n'],
  ['a topic without site', 'topic-unknown', { value: 1 }, 'davy/v1/'],
  ['a topic with an empty point', 'topic-unknown', { value: 1 }, 'davy/v1/baoyuan/'],
  ['a site beside the topic', 'topic-mismatch', { site: 'yuxing', value: 1 }],
  ['a point beside the topic', 'topic-mismatch', { point: 'gate', value: 1 }],
  ['an unknown site', 'site-unknown', { value: 1 }, 'davy/v1/nowhere/gate'],
  ['__proto__ as site', 'site-unknown', { value: 1 }, 'davy/v1/__proto__/x'],
  ['an unknown point', 'point-unknown', { value: 1 }, 'davy/v1/baoyuan/face-999/ch4'],
  ['no point', 'point-unknown', { value: 1 }, SITE],
  ['a point that is no text', 'point-unknown', { point: { constructor: 1 }, value: 1 }, SITE],
  ['a local time', 'ts-unreadable', { ts: '2026-05-01 08:00:00', value: 1 }],
  ['a fractional time', 'ts-unreadable', { ts: 1777593600.5, value: 1 }],
  ['1970', 'ts-impossible', { ts: 1, value: 1 }],
  ['9999', 'ts-impossible', { ts: '9999-12-31T00:00:00Z', value: 1 }],
  ['the day after tomorrow', 'ts-impossible', { ts: AT + 86_400_001, value: 1 }],
  ['no value', 'value-missing', { ts: AT }],
  ['a value under another name', 'value-missing', '{"__proto__":{"value":1}}'],
  ['text for a number', 'value-type', { value: '0.42' }],
  ['a number for a switch', 'value-type', { value: 1 }, 'davy/v1/baoyuan/feeders/f-101'],
  ['a word that is no state', 'value-type', { value: 'constructor' }, 'davy/v1/baoyuan/cameras/c-101'],
  ['a deep nest for a number', 'value-type', `{"value":${nested(200_000)}}`],
  ['an array for a card', 'value-type', { value: ['c1'] }, 'davy/v1/baoyuan/readers/r-101-a'],
  ['no card', 'value-type', { value: { distance: 1 } }, 'davy/v1/baoyuan/readers/r-101-a'],
  ['an empty card', 'value-type', { value: { card: '' } }, 'davy/v1/baoyuan/readers/r-101-a'],
  ['a long card', 'value-type', { value: { card: long } }, 'davy/v1/baoyuan/readers/r-101-a'],
  ['text for moving', 'value-type', { value: { card: 'c', moving: 'yes' } }, 'davy/v1/baoyuan/readers/r-101-a'],
  ['a gate sideways', 'value-type', { value: { direction: 'up' } }, 'davy/v1/baoyuan/gate'],
  ['a unit that does not convert', 'unit-mismatch', { value: 5, unit: '%LEL' }],
  ['a unit that is no text', 'field-type', { value: 5, unit: 1 }],
  ['an unknown quality', 'quality-unknown', { value: 1, quality: 'excellent' }],
  ['a long status', 'field-type', { value: 1, status: long }],
  ['a reference that is no text', 'field-type', { value: 1, ref: 7 }],
]

test.each(REFUSED)('%s is refused as %s', (_, code, payload, topic = GAS) => {
  const batch = send(payload, { topic })
  expect(batch).toMatchObject({ accepted: 0, duplicates: 0, refused: 1, entries: [] })
  expect(batch.letters).toMatchObject([{ source: 'gw1', topic, at: AT, code }])
  expect(batch.letters[0]!.detail.length).toBeLessThan(300)
})

test('every code of the table but those that sources and ways up give is reached above', () => {
  const reached = new Set(REFUSED.map(([, code]) => code))
  const sources = Object.keys(REFUSALS).filter((code) =>
    /^(topic-forbidden|sparkplug-.*|file-.*|record-.*|forward-.*)$/.test(code),
  )
  expect(Object.keys(REFUSALS).filter((code) => !reached.has(code as RefusalCode))).toEqual(sources)
})

test('what a source has refused goes to the dead letters with its reason, unread', () => {
  const batch = createBatch()
  const frame = {
    source: 'files',
    topic: 'davy/v1/baoyuan',
    payload: Buffer.from('x;y'),
    refused: 'record-field',
    detail: 'a.txt: record 3',
  } as const
  expect(createDoor(HOUSE).admit(frame, AT, batch)).toMatchObject({
    accepted: 0,
    duplicates: 0,
    refused: 1,
  })
  expect(batch.letters).toMatchObject([{ code: 'record-field', detail: 'a.txt: record 3' }])
})

test('a reading without a point is told so, not that the point is unknown', () => {
  const { letters } = send({ value: 1 }, { topic: SITE })
  expect(letters).toMatchObject([{ code: 'point-unknown', detail: 'no point of site baoyuan is named' }])
})

test.each([
  [AT / 1_000, 'seconds'],
  [AT * 1_000, 'microseconds'],
  [AT / 1_000 + 0.25, 'seconds'],
])('ts %d is said to look like %s', (ts, unit) => {
  expect(send({ ts, value: 1 }).letters[0]!.detail).toContain(`looks like ${unit}: send milliseconds`)
})

test('what is no JSON keeps its first 64 KiB and its true size; a refused reading is kept whole, in a copy', () => {
  const [cut] = send('x'.repeat(100_000)).letters
  expect(cut!.payload.byteLength).toBe(65_536)
  expect(cut!.detail).toContain('100000 bytes')
  const payload = Buffer.from(JSON.stringify({ value: 'y'.repeat(100_000) }))
  const [whole] = send(payload).letters
  payload.fill(0)
  expect(JSON.parse(textOf(whole!.payload))).toEqual({ value: 'y'.repeat(100_000) })
})

test('of an array the good readings are taken; each bad one becomes a letter whose replay takes in that one alone', () => {
  const door = createDoor(HOUSE)
  const good = { ts: AT, value: 0.1 }
  const batch = send(
    [good, { ts: AT + 1, value: '0.2', ref: 'g-2' }, 7, { ...good, ts: AT + 2 }, { point: 'gate', value: 3 }],
    { door },
  )
  expect(batch).toMatchObject({ accepted: 2, refused: 3 })
  expect(
    batch.letters.map(({ topic, code, payload, detail }) => [topic, code, textOf(payload), detail.slice(0, 3)]),
  ).toEqual([
    [SITE, 'value-type', `{"ts":${AT + 1},"value":"0.2","ref":"g-2","point":"face-101/ch4-t1"}`, '[1]'],
    [SITE, 'payload-not-reading', '7', '[2]'],
    [GAS, 'topic-mismatch', '{"point":"gate","value":3}', '[4]'],
  ])
  const missing = send(
    [
      { point: 'new/ch4', ts: AT, value: 0.3 },
      { point: FACE[0]!.id, ts: AT + 5, value: 0.3 },
    ],
    { topic: SITE, door },
  )
  door.reload(install({ baoyuan: [{ id: 'new/ch4', kind: 'gas.ch4' }, ...FACE] }))
  const [letter] = missing.letters
  expect(readings(send(letter!.payload, { topic: letter!.topic, door }))).toMatchObject([
    { point: { id: 'new/ch4' }, value: 0.3 },
  ])
})

test('an element nested too deep to be written again leaves its frame', () => {
  const batch = send(`[{"value":1},{"value":${nested(100_000)}}]`)
  expect(batch).toMatchObject({ accepted: 1, refused: 1 })
  expect(batch.letters[0]).toMatchObject({ code: 'value-type', topic: GAS })
  expect(textOf(batch.letters[0]!.payload)).toContain('[{"value":1}')
})

test('a byte order mark is passed over, and U+FFFD itself is UTF-8', () => {
  expect(send('\uFEFF{"value":1,"ref":"\uFFFD"}').accepted).toBe(1)
})

test('parsed objects get their outcome and leave no letter', () => {
  const door = createDoor(HOUSE)
  const batch = createBatch()
  const raw = { site: 'baoyuan', point: 'gate', ts: AT, value: { direction: 'in', card: 'c1' } }
  expect(door.admitObject(raw, AT, batch)).toBe('accepted')
  expect(door.admitObject(raw, AT, batch)).toBe('duplicate')
  expect(door.admitObject({ ...raw, site: 'nowhere' }, AT, batch)).toEqual({
    code: 'site-unknown',
    detail: 'site "nowhere"',
  })
  expect(door.admitObject({ ...raw, value: 1 }, AT, batch)).toMatchObject({ code: 'value-type' })
  expect(door.admitObject([raw], AT, batch)).toMatchObject({ code: 'payload-not-reading' })
  expect(batch).toMatchObject({ accepted: 1, duplicates: 1, refused: 3, letters: [] })
})

test('a reference, or without one time and content, make a duplicate; the order of fields does not matter', () => {
  const door = createDoor(HOUSE)
  const topic = 'davy/v1/baoyuan/readers/r-101-a'
  const passes = (payload: unknown, to = topic) => send(payload, { topic: to, door }).accepted === 1
  expect(passes({ ts: AT, value: { card: 'a', distance: 1 } })).toBe(true)
  expect(passes({ ts: AT, value: { distance: 1, card: 'a', extra: 2 } })).toBe(false)
  expect(passes({ ts: AT, value: { card: 'a' } })).toBe(true)
  expect(passes({ ts: AT, value: { card: 'a1' } })).toBe(true)
  expect(passes({ ts: AT + 1, value: { card: 'a', distance: 1 } })).toBe(true)
  expect(passes({ ts: AT, value: { card: 'a', distance: 1 }, ref: 'r1' })).toBe(true)
  expect(passes({ ts: AT + 9, value: { card: 'b' }, ref: 'r1' })).toBe(false)
  expect(passes({ ts: AT, value: { card: 'a', distance: 1 } }, 'davy/v1/baoyuan/readers/r-101-b')).toBe(true)
  expect(passes({ ts: AT, value: { card: 'c' }, ref: '' })).toBe(true)
  expect(passes({ ts: AT, value: { card: 'd' }, ref: '' })).toBe(true)
})

test('what the journal holds is recalled; what did not reach it is forgotten', () => {
  const first = send([
    { ts: AT, value: 1 },
    { value: 2, ref: 'r' },
  ])
  const restarted = createDoor(HOUSE)
  for (const reading of readings(first)) {
    if ('value' in reading)
      restarted.recall({ ...reading, point: { siteId: reading.point.siteId, id: reading.point.id } })
  }
  const again = () =>
    send(
      [
        { ts: AT, value: 1 },
        { value: 2, ref: 'r' },
      ],
      { door: restarted },
    )
  expect(again()).toMatchObject({ accepted: 0, duplicates: 2 })
  restarted.forget(first.entries)
  expect(again()).toMatchObject({ accepted: 2, duplicates: 0 })
})

test('a new configuration keeps identities by name', () => {
  const door = createDoor(HOUSE)
  send({ ts: AT, value: 1 }, { door })
  door.reload(install({ yuxing: [], baoyuan: FACE.toReversed() }))
  expect(send({ ts: AT, value: 1 }, { door })).toMatchObject({ accepted: 0, duplicates: 1 })
  expect(send({ ts: AT, value: true }, { door, topic: 'davy/v1/baoyuan/feeders/f-101' }).accepted).toBe(1)
})

test('the last `remember` identities are always known, and no more than twice as many', () => {
  const filled = () => {
    const door = createDoor(HOUSE, { remember: 10 })
    for (let i = 0; i < 100; i++) send({ ts: AT + i, value: i }, { door })
    return door
  }
  const known = Array.from(
    { length: 100 },
    (_, i) => send({ ts: AT + i, value: i }, { door: filled() }).duplicates === 1,
  )
  expect(known.slice(90)).not.toContain(false)
  expect(known.slice(0, 80)).not.toContain(true)
})

const json = fc.json({ maxDepth: 4 })
const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(AT, 1e308, -1, 'good', '__proto__', 'gate', GAS, { card: 'c' }, { direction: 'in' }),
)
const reading = fc.record(
  { site: odd, point: odd, ts: odd, value: odd, quality: odd, status: odd, ref: odd },
  { requiredKeys: [] },
)
const payload = fc.oneof(
  json.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 100 }),
  fc.oneof(reading, fc.array(reading, { maxLength: 5 })).map((value) => Buffer.from(JSON.stringify(value))),
)
const topic = fc.oneof(fc.string(), fc.constantFrom(SITE, ...FACE.map(({ id }) => `${SITE}/${id}`)))

test('no frame makes the door throw; every reading is counted once, and every refusal has its letter', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(topic, payload), { maxLength: 10 }), (frames) => {
      const door = createDoor(HOUSE)
      const batch = createBatch()
      for (const [name, bytes] of frames) door.admit({ source: 's', topic: name, payload: bytes }, AT, batch)
      expect(batch.entries.length).toBe(batch.accepted)
      expect(batch.letters.length).toBe(batch.refused)
      for (const letter of batch.letters) expect(REFUSALS).toHaveProperty(letter.code)
    }),
    { numRuns: 500 },
  )
})

test('a duplicated frame adds no entry', () => {
  fc.assert(
    fc.property(topic, payload, (name, bytes) => {
      const door = createDoor(HOUSE)
      const batch = createBatch()
      const frame = { source: 's', topic: name, payload: bytes }
      const once = door.admit(frame, AT, batch)
      const twice = door.admit(frame, AT, batch)
      expect(batch.entries.length).toBe(once.accepted)
      expect(twice).toMatchObject({ accepted: 0, duplicates: once.accepted + once.duplicates, refused: once.refused })
    }),
    { numRuns: 500 },
  )
})

test('what its source has refused is a dead letter, though it would be a good reading', () => {
  const batch = createBatch()
  const payload = Buffer.from(JSON.stringify({ ts: AT, value: 0.4 }))
  createDoor(HOUSE).admit({ source: 'mqtt', topic: GAS, payload, refused: 'topic-forbidden' }, AT, batch)
  expect(batch).toMatchObject({ accepted: 0, refused: 1, entries: [] })
  expect(batch.letters).toMatchObject([{ code: 'topic-forbidden', topic: GAS, source: 'mqtt' }])
})
