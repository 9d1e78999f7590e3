/** The Kafka source against a real broker: the conformance suite, commits, a killed broker, a shared group, TLS with SCRAM. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKafkaSource } from '../../src/adapters/kafka/index.ts'
import type { KafkaInput } from '../../src/adapters/kafka/settings.ts'
import { describeSource, noWire } from '../conformance/source.ts'
import { type Tap, tapSource } from '../conformance/tap.ts'
import { type KafkaBroker, kafkaBroker, MISSING } from './kafka.ts'

const PATIENCE = { timeout: 60_000, interval: 50 }
const CONTEXT = { name: 'kafka', now: Date.now, log: () => {} }
/** So that a thousand messages are a mebibyte: what is held is bounded in bytes. */
const FILLER = 'x'.repeat(1_000)

// By hand it is enough to say what is missing.
test.skipIf(MISSING !== undefined && process.env.DAVY_PEERS !== 'required')(MISSING ?? 'the broker is there', () => {
  expect(MISSING).toBeUndefined()
})

describe.skipIf(MISSING !== undefined)('on a real broker', () => {
  let broker: KafkaBroker
  let count = 0
  let next = 1
  beforeAll(async () => {
    broker = await kafkaBroker()
  }, 120_000)
  afterAll(() => broker?.remove())

  const source = (topic: string, settings: Partial<KafkaInput> = {}) =>
    createKafkaSource(
      { brokers: [broker.plain], topics: [topic], group: topic, sessionTimeout: 6, ...settings },
      CONTEXT,
    )
  async function freshTopic(partitions = 3): Promise<string> {
    const topic = `readings-${++count}`
    await broker.createTopic(topic, { partitions })
    return topic
  }
  /** Readings with values never sent before, spread over the partitions: a point each, for Kafka keeps an order only within one. */
  async function send(topic: string, n: number): Promise<number[]> {
    const values = Array.from({ length: n }, () => next++)
    const messages = values.map((value) => ({
      key: `mine/face/t${value % 3}`,
      partition: value % 3,
      value: JSON.stringify({ value, note: FILLER }),
    }))
    await broker.produce(topic, messages)
    return values
  }
  const missed = (values: readonly number[], ...taps: readonly Tap[]) =>
    values.filter((value) => !taps.some((tap) => tap.values().has(value))).length

  describeSource(
    'kafka',
    async () => {
      const topic = await freshTopic()
      const own = source(topic)
      let dead = false
      return {
        source: own,
        emit: (n) => send(topic, n),
        emitBad: () => broker.produce(topic, [{ key: 'mine/face/t1', value: '{"value":' }, { value: '{}' }]),
        losePeer: async () => {
          dead = true
          await broker.kill()
        },
        restorePeer: async () => {
          await broker.start()
          dead = false
        },
        acknowledged: () => broker.committed(topic, topic),
        held: own.held,
        close: async () => {
          if (dead) await broker.start()
        },
      }
    },
    // One fetch, or a little more than a fourth of it and another one.
    {
      burst: 5_000,
      bound: 1_500,
      patience: PATIENCE.timeout,
      gaps: noWire('a broker names its own address to its clients; it is killed and frozen instead'),
    },
  )

  test('a message that is not settled holds its partition back, and no other', async () => {
    const topic = await freshTopic()
    const held: (() => void)[] = []
    const tap = tapSource(source(topic), (frame) => {
      const { value } = JSON.parse(new TextDecoder().decode(frame.payload)) as { value: number }
      if (value === -2) held.push(() => frame.settle('journaled'))
      else frame.settle('journaled')
    })
    const at = (partition: number, ...values: number[]) =>
      values.map((value) => ({ key: 'mine/p', partition, value: JSON.stringify({ value }) }))
    await broker.produce(topic, [...at(0, -1, -2, -3, -4), ...at(1, -5, -6)])
    await expect.poll(() => broker.committed(topic, topic), PATIENCE).toBe(3)
    await expect.poll(() => held.length, PATIENCE).toBe(1)
    held[0]!()
    await expect.poll(() => broker.committed(topic, topic), PATIENCE).toBe(6)
    await tap.stop()
  })

  test('key and setting give the site; without either a message is refused whole, and the place moves on', async () => {
    const topic = await freshTopic(1)
    await broker.produce(topic, [
      { key: 'mine', value: '[{"point":"p","value":1}]' },
      { key: 'mine/face/t1', value: '{"value":2}' },
      { value: '{"site":"mine","point":"p","value":3}' },
    ])
    const byKey = tapSource(source(topic), (frame) => frame.settle('journaled'))
    const bySetting = tapSource(source(topic, { site: 'quarry', group: `${topic}-b` }), (frame) =>
      frame.settle('journaled'),
    )
    await expect.poll(() => byKey.frames.length, PATIENCE).toBe(3)
    expect(byKey.frames.map((frame) => [frame.topic, frame.refused])).toEqual([
      ['davy/v1/mine', undefined],
      ['davy/v1/mine/face/t1', undefined],
      [topic, 'topic-unknown'],
    ])
    expect(byKey.frames[2]!.detail).toContain('offset 2')
    await expect.poll(() => bySetting.frames.length, PATIENCE).toBe(3)
    expect(new Set(bySetting.frames.map((frame) => frame.topic))).toEqual(new Set(['davy/v1/quarry']))
    await expect.poll(() => broker.committed(topic, topic), PATIENCE).toBe(3)
    await Promise.all([byKey.stop(), bySetting.stop()])
  })

  test('a broker that is killed is a lost source; what was not committed and what came meanwhile is taken after it', async () => {
    const topic = await freshTopic()
    const own = source(topic)
    const tap = tapSource(own, (frame) => {
      if (tap.lost.length > 0) frame.settle('journaled')
    })
    const before = await send(topic, 50)
    await expect.poll(() => missed(before, tap), PATIENCE).toBe(0)
    await broker.kill()
    await expect.poll(() => tap.lost.length, PATIENCE).toBeGreaterThan(0)
    expect(own.link()).toMatchObject({ state: expect.stringMatching(/down|connecting/), peer: broker.plain })
    const pulled = tap.frames.length
    await broker.start()
    const after = await send(topic, 50)
    await expect.poll(() => missed(after, tap), PATIENCE).toBe(0)
    await expect.poll(() => broker.committed(topic, topic), PATIENCE).toBe(100)
    expect(tap.frames.length - pulled, 'the first fifty came again').toBeGreaterThanOrEqual(100)
    expect(tap.failed).toBeUndefined()
    await tap.stop()
  })

  test('a broker that freezes, its sockets open, is a link that is down, even while nobody pulls', async () => {
    const topic = await freshTopic()
    const own = source(topic)
    const tap = tapSource(own, (frame) => frame.settle('journaled'))
    const before = await send(topic, 9)
    await expect.poll(() => missed(before, tap), PATIENCE).toBe(0)
    tap.pause()
    const pending = await send(topic, 3)
    await expect.poll(() => missed(pending, tap), PATIENCE).toBeLessThan(3)
    broker.freeze(true)
    try {
      await expect.poll(() => own.link().state, PATIENCE).toBe('down')
      expect(own.link().reason).toMatch(/heartbeats/)
      expect(tap.lost).toEqual([])
    } finally {
      broker.freeze(false)
    }
    tap.resume()
    await expect.poll(() => tap.lost.length, PATIENCE).toBe(1)
    const after = await send(topic, 9)
    await expect.poll(() => missed(after, tap), PATIENCE).toBe(0)
    await tap.stop()
  })

  test('two members share the partitions; when one goes the other takes over, and nothing is missed', async () => {
    const topic = await freshTopic()
    const take = (tapped: () => Tap) => tapSource(source(topic), (frame) => tapped() && frame.settle('journaled'))
    const first: Tap = take(() => first)
    const alone = await send(topic, 300)
    await expect.poll(() => missed(alone, first), PATIENCE).toBe(0)
    const second: Tap = take(() => second)
    let shared: number[] = []
    await expect
      .poll(async () => {
        shared = [...shared, ...(await send(topic, 30))]
        return second.frames.length > 0
      }, PATIENCE)
      .toBe(true)
    await expect.poll(() => missed(shared, first, second), PATIENCE).toBe(0)
    await first.stop()
    const rest = await send(topic, 300)
    await expect.poll(() => missed(rest, second), PATIENCE).toBe(0)
    await expect.poll(() => broker.committed(topic, topic), PATIENCE).toBe(600 + shared.length)
    expect([...first.lost, ...second.lost]).toEqual([])
    await second.stop()
  })

  test('`from: latest` passes over what was there, and nothing that came while it was away', async () => {
    const topic = await freshTopic()
    const old = await send(topic, 30)
    const own = source(topic, { from: 'latest' })
    const first = tapSource(own, (frame) => frame.settle('journaled'))
    await expect.poll(() => own.link().state, PATIENCE).toBe('up')
    // It has taken nothing yet: only the place where it began is remembered.
    await expect.poll(() => broker.committed(topic, topic), PATIENCE).toBe(30)
    await first.stop()
    const away = await send(topic, 30)
    const second = tapSource(source(topic, { from: 'latest' }), (frame) => frame.settle('journaled'))
    await expect.poll(() => missed(away, second), PATIENCE).toBe(0)
    expect(missed(old, first, second)).toBe(30)
    await second.stop()
  })

  test('TLS and SCRAM; a wrong password, an unknown authority and a topic that is not there say so in the link', async () => {
    const topic = await freshTopic()
    const values = await send(topic, 5)
    const sasl = { mechanism: 'scram-sha-512', username: 'mine', passwordFile: broker.passwordFile } as const
    const secure = { brokers: [broker.secure], tls: { ca: broker.ca }, sasl }
    const tap = tapSource(source(topic, secure), (frame) => frame.settle('journaled'))
    await expect.poll(() => missed(values, tap), PATIENCE).toBe(0)
    await tap.stop()
    const wrong: readonly (readonly [Partial<KafkaInput>, RegExp])[] = [
      [{ ...secure, sasl: { ...sasl, passwordFile: broker.ca } }, /authentication/i],
      [{ ...secure, tls: {} }, /certificate/i],
      [{ ...secure, sasl: { ...sasl, passwordFile: '/nowhere/password' } }, /ENOENT/],
      [{ topics: ['nowhere'] }, /topic/i],
    ]
    for (const [settings, reason] of wrong) {
      const refused = tapSource(source(topic, settings), () => {})
      await expect.poll(() => refused.lost[0]?.message, PATIENCE).toMatch(reason)
      expect(refused.failed).toBeUndefined()
      await refused.stop()
    }
  })
})
