import { expect, test } from 'vitest'
import type { Frame } from '../../model/ports.ts'
import { SparkplugHost } from './host.ts'
import { decodePayload, encodePayload, type NewMetric } from './payload.ts'
import { SPARKPLUG, type SparkplugSettings } from './settings.ts'

const defaults = Object.fromEntries(
  Object.entries(SPARKPLUG).map(([key, schema]) => [key, (schema as unknown as { default: unknown }).default]),
) as SparkplugSettings

/** A host with a clock to set, what it commands, and what it makes of messages. */
function start(settings: Partial<SparkplugSettings> = {}) {
  const commands: string[] = []
  const clock = { now: 1_000_000 }
  const settled: string[] = []
  const host = new SparkplugHost({
    settings: { ...defaults, ...settings },
    now: () => clock.now,
    command(topic, payload) {
      const { name } = decodePayload(payload).metrics[0]!
      commands.push(`${topic} ${name}`)
    },
    log() {},
  })
  const read = (frames: readonly Frame[]) =>
    frames.flatMap((frame) => {
      const readings = frame.refused ? [{ refused: frame.refused }] : JSON.parse(Buffer.from(frame.payload).toString())
      frame.settle(frame.refused ? 'rejected' : 'journaled')
      return readings.map((reading: object) => ({ topic: frame.topic, ...reading }))
    })
  const send = (topic: string, payload: Parameters<typeof encodePayload>[0] | Buffer) =>
    read(
      host.take({
        topic: `spBv1.0/${topic}`,
        payload: Buffer.isBuffer(payload) ? payload : encodePayload(payload),
        settle: (outcome) => settled.push(outcome),
      }),
    )
  const nodeBirth = (bdSeq = 0n, metrics: readonly NewMetric[] = []) =>
    send('mine/NBIRTH/edge', {
      timestamp: 5,
      seq: 0,
      metrics: [{ name: 'bdSeq', type: 'Int64', value: bdSeq }, ...metrics],
    })
  const deviceBirth = (seq = 1, metrics: readonly NewMetric[] = [CH4]) =>
    send('mine/DBIRTH/edge/gas', { timestamp: 5, seq, metrics })
  const data = (seq: number, metrics: readonly NewMetric[] = [{ alias: 1, as: 'Double', value: seq }]) =>
    send('mine/DDATA/edge/gas', { timestamp: 10 + seq, seq, metrics })
  const death = (bdSeq = 0n) =>
    send('mine/NDEATH/edge', { timestamp: 5, metrics: [{ name: 'bdSeq', type: 'Int64', value: bdSeq }] })
  return { host, clock, commands, settled, send, read, nodeBirth, deviceBirth, data, death }
}

const CH4: NewMetric = { name: 'face/ch4', alias: 1, type: 'Double', value: 0.4 }
const REBIRTH = 'spBv1.0/mine/NCMD/edge Node Control/Rebirth'

test('births and data are readings of the site that the group is; what controls the node is none', () => {
  const { nodeBirth, deviceBirth, data, commands } = start()
  expect(nodeBirth(0n, [{ name: 'Node Control/Rebirth', type: 'Boolean', value: false }])).toEqual([])
  expect(deviceBirth()).toEqual([{ topic: 'davy/v1/mine', point: 'face/ch4', ts: 5, value: 0.4, quality: 'good' }])
  expect(data(2, [{ alias: 1, as: 'Double', value: 1.2, timestamp: 77 }])).toMatchObject([
    { point: 'face/ch4', ts: 77, value: 1.2 },
  ])
  expect(commands).toEqual([])
})

test('names: a group of another site, a pattern, single metrics, and what is left out', () => {
  const { send } = start({
    groups: { plant: 'yuxing' },
    point: '{device}/{metric}',
    points: { 'plant/e/t1/L': 'tanks/one', 'plant/e/Properties/x': 'x' },
    ignore: ['Properties/'],
  })
  const metrics: NewMetric[] = ['L', 'P', 'Properties/hw'].map((name) => ({ name, type: 'Int32', value: -1 }))
  expect(send('plant/DBIRTH/e/t1', { seq: 1, metrics })).toEqual([
    { topic: 'davy/v1/yuxing', point: 'tanks/one', value: -1, quality: 'good' },
    { topic: 'davy/v1/yuxing', point: 't1/P', value: -1, quality: 'good' },
  ])
  const own: NewMetric[] = [
    { name: 'Properties/x', type: 'Boolean', value: true },
    { name: 'up', type: 'Boolean', value: true },
  ]
  expect(send('plant/NBIRTH/e', { seq: 0, metrics: own })).toMatchObject([{ point: 'x' }, { point: 'up' }])
})

test.each([
  [{ quality: 192 }, { quality: 'good' }],
  [{ quality: 0 }, { quality: 'bad', status: 'quality-0' }],
  [{ quality: 500 }, { quality: 'bad', status: 'stale' }],
  [{ quality: 64 }, { quality: 'uncertain', status: 'quality-64' }],
  [{ quality: 216 }, { quality: 'good', status: 'quality-216' }],
  [{ value: null }, { value: null, quality: 'bad' }],
  [
    { value: null, quality: 192 },
    { value: null, quality: 'bad' },
  ],
  [{ value: Number.NaN }, { value: null, quality: 'bad' }],
])('a metric with %j is a reading with %j', (metric, reading) => {
  const { nodeBirth, deviceBirth, data } = start()
  nodeBirth()
  deviceBirth()
  expect(data(2, [{ alias: 1, as: 'Double', value: 1, ...metric }])).toMatchObject([reading])
})

test('values as JSON can hold them', () => {
  const { nodeBirth } = start()
  const metrics: NewMetric[] = [
    { name: 'float', type: 'Float', value: 0.7 },
    { name: 'long', type: 'Int64', value: -5n },
    { name: 'state', type: 'String', value: 'online' },
    { name: 'bytes', type: 'Bytes', value: Buffer.of(1) },
    { name: 'list', type: 'Int64Array', value: [1n] },
    {
      name: 'reader',
      type: 'DataSet',
      wire: {
        datasetValue: {
          columns: ['card'],
          types: [12],
          rows: [{ elements: [{ stringValue: 'a' }] }, { elements: [{ stringValue: 'b' }] }],
        },
      },
    },
  ]
  expect(nodeBirth(0n, metrics).map(({ point, value }: { point: string; value: unknown }) => [point, value])).toEqual([
    ['float', 0.7],
    ['long', -5],
    ['state', 'online'],
    ['bytes', 'AQ=='],
    ['list', [1]],
    ['reader', { card: 'a' }],
    ['reader', { card: 'b' }],
  ])
})

test('history keeps its time, and without one it does not pass for news', () => {
  const { nodeBirth, deviceBirth, data } = start()
  nodeBirth()
  deviceBirth()
  expect(data(2, [{ alias: 1, as: 'Double', value: 1, historical: true, timestamp: 3 }])).toMatchObject([{ ts: 3 }])
  expect(data(3, [{ alias: 1, as: 'Double', value: 1, historical: true }])).toMatchObject([{ ts: 'unknown' }])
})

test('a death makes every point of the node bad, at the time at which it was heard; a late will of an earlier life does not', () => {
  const { nodeBirth, deviceBirth, death, data, commands } = start()
  nodeBirth(4n, [{ name: 'cpu', type: 'Int32', value: 1 }])
  deviceBirth()
  expect(death(3n)).toEqual([])
  expect(death(4n)).toEqual([
    { topic: 'davy/v1/mine', point: 'cpu', value: null, quality: 'bad', status: 'offline' },
    { topic: 'davy/v1/mine', point: 'face/ch4', value: null, quality: 'bad', status: 'offline' },
  ])
  expect(death(4n)).toEqual([])
  // Data of the dead: its aliases mean nothing any more.
  expect(data(2)).toEqual([{ topic: 'spBv1.0/mine/DDATA/edge/gas', refused: 'sparkplug-unborn' }])
  expect(commands).toEqual([REBIRTH])
})

test("a device's death makes its own points bad", () => {
  const { nodeBirth, deviceBirth, send } = start()
  nodeBirth(0n, [{ name: 'cpu', type: 'Int32', value: 1 }])
  deviceBirth()
  expect(send('mine/DDEATH/edge/gas', { timestamp: 9, seq: 2, metrics: [] })).toEqual([
    { topic: 'davy/v1/mine', point: 'face/ch4', ts: 9, value: null, quality: 'bad', status: 'offline' },
  ])
})

test('data before any birth is kept as a dead letter, and the node asked who it is: once in a while', () => {
  const { data, commands, clock, host, nodeBirth } = start({ rebirth: 30 })
  for (let seq = 0; seq < 5; seq++) expect(data(seq)).toMatchObject([{ refused: 'sparkplug-unborn' }])
  expect(commands).toEqual([REBIRTH])
  clock.now += 29_999
  host.tick()
  expect(commands).toHaveLength(1)
  clock.now += 1
  host.tick()
  expect(commands).toHaveLength(2)
  nodeBirth()
  clock.now += 60_000
  host.tick()
  expect(commands).toHaveLength(2)
})

test('a node that does not answer is left alone after some time, until it speaks again', () => {
  const { data, commands, clock, host } = start()
  data(0)
  for (let i = 0; i < 50; i++) {
    clock.now += 30_000
    host.tick()
  }
  const asked = commands.length
  expect(asked).toBeLessThan(10)
  data(1)
  expect(commands.length).toBe(asked + 1)
})

test('metrics that name themselves and their type need no birth; a number without a type has no sign to be read by', () => {
  const { data } = start()
  expect(data(0, [{ name: 'a', type: 'Int32', value: -1 }])).toMatchObject([{ point: 'a', value: -1 }])
  expect(data(1, [{ name: 'a', as: 'Int32', value: -1 }])).toMatchObject([{ refused: 'sparkplug-unborn' }])
})

test('a gap: nothing is asked while the missing one may still come, then the node; its aliases are not trusted meanwhile', () => {
  const { nodeBirth, deviceBirth, data, commands, clock, host } = start({ reorder: 2 })
  nodeBirth()
  deviceBirth()
  expect(data(3)).toMatchObject([{ value: 3 }])
  clock.now += 1_999
  host.tick()
  expect(commands).toEqual([])
  expect(data(2)).toMatchObject([{ value: 2 }])
  clock.now += 10_000
  host.tick()
  expect(commands).toEqual([])

  data(5)
  clock.now += 2_000
  host.tick()
  expect(commands).toEqual([REBIRTH])
  expect(data(6)).toMatchObject([{ refused: 'sparkplug-unborn' }])
  nodeBirth()
  deviceBirth()
  expect(data(2)).toMatchObject([{ value: 2 }])
})

test('a leap asks at once', () => {
  const { nodeBirth, deviceBirth, data, commands } = start()
  nodeBirth()
  deviceBirth()
  expect(data(90)).toMatchObject([{ refused: 'sparkplug-unborn' }])
  expect(commands).toEqual([REBIRTH])
})

test('another birth gives aliases another meaning', () => {
  const { nodeBirth, deviceBirth, data } = start()
  nodeBirth()
  deviceBirth()
  deviceBirth(2, [{ name: 'face/co', alias: 2, type: 'Double', value: 1 }])
  expect(data(3)).toMatchObject([{ refused: 'sparkplug-unborn' }])
  expect(data(4, [{ alias: 2, as: 'Double', value: 8 }])).toMatchObject([{ point: 'face/co', value: 8 }])
})

test('a device that is not born again after its node counts as dead', () => {
  const { nodeBirth, deviceBirth, clock, host, read } = start()
  nodeBirth()
  deviceBirth()
  nodeBirth(1n)
  clock.now += 29_999
  expect(host.tick()).toEqual([])
  clock.now += 1
  expect(read(host.tick())).toMatchObject([{ point: 'face/ch4', quality: 'bad', status: 'offline' }])
  expect(host.tick()).toEqual([])
})

test('after the link was away everything is asked again, and what does not answer is bad', () => {
  const { nodeBirth, deviceBirth, data, clock, commands, host, read } = start({ nodes: ['mine/quiet'] })
  nodeBirth()
  deviceBirth()
  host.resume()
  expect(commands.sort()).toEqual([REBIRTH, 'spBv1.0/mine/NCMD/quiet Node Control/Rebirth'])
  expect(data(2)).toMatchObject([{ refused: 'sparkplug-unborn' }])
  clock.now += 30_000
  expect(read(host.tick())).toMatchObject([{ point: 'face/ch4', quality: 'bad' }])
})

test('what is not Sparkplug is refused by name, and the host goes on', () => {
  const { send, nodeBirth } = start()
  for (const topic of [
    'mine/NBIRTH',
    'mine/XDATA/edge',
    'mine/NDATA/edge/device',
    'mine/DDATA/edge',
    'mine/DDATA/edge/d/x',
  ]) {
    expect(send(topic, { metrics: [] })).toMatchObject([{ refused: 'sparkplug-unreadable', topic: `spBv1.0/${topic}` }])
  }
  expect(send('mine/NDATA/edge', Buffer.from('{"value":1}'))).toMatchObject([{ refused: 'sparkplug-unreadable' }])
  expect(nodeBirth(0n, [CH4])).toHaveLength(1)
})

test('what is kept has limits: nodes, and metrics of one', () => {
  const { send } = start({ maxNodes: 2, maxMetrics: 3 })
  const birth = (edge: string, count = 1) =>
    send(`mine/NBIRTH/${edge}`, {
      seq: 0,
      metrics: Array.from({ length: count }, (_, i) => ({ name: `m${i}`, type: 'Int32' as const, value: i })),
    })
  expect(birth('a', 3)).toHaveLength(3)
  expect(birth('b', 4)).toMatchObject([{ refused: 'sparkplug-too-many' }])
  expect(birth('b')).toHaveLength(1)
  expect(birth('c')).toMatchObject([{ refused: 'sparkplug-too-many' }])
  send('mine/NDEATH/a', { metrics: [] })
  expect(birth('c')).toHaveLength(1)
})

test('long texts in a birth are told in frames the door takes, and refuse nothing beside them', () => {
  const { host, settled } = start()
  const texts = Array.from({ length: 60 }, (_, i): NewMetric => {
    return { name: `text/${i}`, type: 'String', value: '矿'.repeat(10_000) }
  })
  const birth = { timestamp: 5, seq: 0, metrics: [...texts, CH4] }
  const settle = (outcome: string) => settled.push(outcome)
  const frames = host.take({ topic: 'spBv1.0/mine/NBIRTH/edge', payload: encodePayload(birth), settle })
  for (const { payload } of frames) expect(payload.byteLength).toBeLessThanOrEqual(1_048_576)
  const points = frames.flatMap(({ payload }) =>
    (JSON.parse(Buffer.from(payload).toString()) as { point: string }[]).map(({ point }) => point),
  )
  expect(points).toEqual(birth.metrics.map(({ name }) => name))
  for (const frame of frames) frame.settle('journaled')
  expect(settled).toEqual(['journaled'])
})

test('a message is settled when all that was made of it is', () => {
  const { host, settled, nodeBirth, deviceBirth } = start()
  nodeBirth()
  deviceBirth()
  settled.length = 0
  const metrics: NewMetric[] = Array.from({ length: 2_500 }, (_, i) => ({ name: `m${i}`, type: 'Int32', value: i }))
  const frames = host.take({
    topic: 'spBv1.0/mine/NDATA/edge',
    payload: encodePayload({ seq: 2, metrics: [...metrics, { alias: 99, value: 1 }] }),
    settle: (outcome) => settled.push(outcome),
  })
  expect(frames).toHaveLength(4)
  for (const frame of frames.slice(0, 3)) {
    frame.settle('journaled')
    frame.settle('journaled')
  }
  expect(settled).toEqual([])
  frames[3]?.settle('rejected')
  expect(settled).toEqual(['journaled'])
})

test('a birth number that is no whole one, and templates in templates without end, are refused and harm nobody', () => {
  const { send, nodeBirth, deviceBirth } = start()
  for (const value of [1.5, Number.NaN]) {
    const metrics: NewMetric[] = [{ name: 'bdSeq', type: 'Double', value }]
    expect(send('mine/NBIRTH/edge', { timestamp: 5, seq: 0, metrics })).toEqual([])
    expect(send('mine/NDEATH/edge', { timestamp: 5, metrics })).toEqual([])
  }
  for (const depth of [50, 2_000, 3_000, 5_000, 20_000, 60_000]) {
    const answer = send('mine/NBIRTH/edge', nested(depth))
    expect(answer).toHaveLength(1)
  }
  nodeBirth()
  expect(deviceBirth()).toMatchObject([{ point: 'face/ch4', value: 0.4 }])
})

/** A payload of one metric `t`, a template of a template of …, written from within outwards. */
function nested(depth: number): Buffer {
  const varint = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)])
  const parts: Buffer[] = []
  let size = 0
  const lead = (...bytes: number[]) => {
    parts.push(Buffer.from(bytes))
    size += bytes.length
  }
  for (let i = 0; i < depth; i++) {
    // Metric: name (1), datatype (4) Template, template value (18), which holds metrics (2).
    if (i > 0) {
      lead(0x12, ...varint(size))
      lead(0x92, 0x01, ...varint(size))
    }
    lead(0x0a, 1, 0x74, 0x20, 19)
  }
  lead(0x12, ...varint(size))
  return Buffer.concat(parts.reverse())
}
