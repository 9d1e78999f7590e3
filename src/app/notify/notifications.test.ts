/** Notifications over the real alarm store and outbox, to local receivers that take, refuse, stall and cut. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { long } from '../../../test/long-only.ts'
import { type Receiver, receiver } from '../../../test/receivers.ts'
import type { ChannelSettings } from './settings.ts'
import { hookAt, PATIENCE, type Rig, rig, rise, smsAt, taken } from './test-notifications.ts'

const STORM = { timeout: 170_000, interval: 500 }

let mine: Rig
let peer: Receiver

beforeEach(async () => {
  mine = await rig()
  peer = await receiver()
})
afterEach(async () => {
  await mine.close()
  await peer.close()
})

const hook = (...given: Parameters<ReturnType<typeof hookAt>>) => hookAt(peer.url)(...given)
interface Event {
  readonly id: string
  readonly data: {
    readonly severity: string
    readonly transitions: readonly { readonly id: string; readonly severity: string }[]
  }
}
const events = (path = '/hook'): Event[] =>
  peer.got.filter((got) => got.path === path).map(({ body }) => JSON.parse(body) as Event)
const told = (path?: string) => events(path).flatMap(({ data }) => data.transitions.map(({ id }) => id))

test('a peer that fails in every way gets it in the end, under one id', async () => {
  peer.answers = [{ status: 500 }, 'reset', { status: 429, headers: { 'retry-after': '0' } }, { status: 200 }]
  const notifications = await mine.start({ channels: [hook()] })
  await mine.publish([rise('a')])
  await expect
    .poll(async () => (await notifications.list({ limit: 9 }))[0], PATIENCE)
    .toMatchObject({
      state: 'sent',
      attempts: 4,
      answer: '200',
    })
  expect(new Set(events().map(({ id }) => id)).size).toBe(1)
  expect(peer.got).toHaveLength(4)
  expect(notifications.counts()).toEqual([
    { channel: 'hook', outcome: 'failed', count: 3 },
    { channel: 'hook', outcome: 'sent', count: 1 },
  ])
  expect(mine.logged.join('\n')).toMatch(/notifications by hook fail: 500\n.*taken again/s)
})

test('what is tried for too long is dead, and says so', async () => {
  peer.answers = [{ status: 503 }]
  const notifications = await mine.start({ channels: [hook()], retry: { first: 20, longest: 50, giveUp: 60 } })
  await mine.publish([rise('a')])
  await expect.poll(async () => (await notifications.list({ limit: 9 }))[0]?.state, PATIENCE).toBe('dead')
  expect((await notifications.channels())[0]).toMatchObject({
    state: 'failing',
    lastError: { answer: '503' },
    backlog: { dead: 1, unsent: 0 },
  })
})

test('a channel that is silent holds nobody up', async () => {
  const silent = await receiver()
  silent.answers = ['silence']
  await mine.start({ channels: [hookAt(silent.url)('silent'), hook()] })
  await mine.publish(Array.from({ length: 50 }, (_, i) => rise(`k${i}`)))
  await mine.publish([rise('late', { severity: 'critical' })])
  await expect.poll(() => new Set(told()).size, PATIENCE).toBe(51)
  expect(silent.got.length).toBeGreaterThan(0)
  await silent.close()
})

test('while a channel is down a few messages wait, the rest waits to share one; afterwards everything is told once', async () => {
  peer.answers = [{ status: 503 }]
  const notifications = await mine.start({ channels: [hook()] })
  for (let i = 0; i < 10; i++) {
    await mine.publish([rise(`k${i}`, { instance: `i${i}` })])
    await expect
      .poll(async () => {
        const { waiting, unsent } = (await notifications.channels())[0]!.backlog
        return waiting + unsent
      }, PATIENCE)
      .toBe(i + 1)
  }
  const backlog = async () => (await notifications.channels())[0]!.backlog
  await expect.poll(backlog, PATIENCE).toMatchObject({ unsent: 3, waiting: 7 })
  const before = peer.got.length
  peer.answers = [{ status: 200 }]
  await expect.poll(backlog, PATIENCE).toMatchObject({ unsent: 0, waiting: 0 })
  await expect
    .poll(
      async () => (await notifications.list({ state: ['sent'], limit: 99 })).reduce((n, { items }) => n + items, 0),
      PATIENCE,
    )
    .toBe(10)
  const ids = new Map<string, string>()
  for (const { body } of peer.got.slice(before)) {
    const event = JSON.parse(body) as Event
    for (const { id } of event.data.transitions) expect(ids.get(id) ?? event.id).toBe(event.id)
    for (const { id } of event.data.transitions) ids.set(id, event.id)
  }
  expect(ids.size).toBe(10)
})

test('one recipient whom the peer does not take holds up none of the others', async () => {
  const gateway = smsAt(`${peer.url}/{phone}`)
  peer.answer = ({ path }) => ({ status: path === '/1380000001' ? 503 : 200 })
  const notifications = await mine.start({
    channels: [gateway],
    recipients: [
      { name: 'a', phone: '1380000001' },
      { name: 'b', phone: '1380000002' },
    ],
  })
  const taken = () => peer.got.filter(({ path }) => path === '/1380000002').length
  for (let i = 0; i < 6; i++) {
    await mine.publish([rise(`k${i}`, { instance: `i${i}`, severity: 'critical' })])
    await expect.poll(taken, PATIENCE).toBe(i + 1)
  }
  expect((await notifications.list({ state: ['sent'], limit: 99 })).length).toBe(6)
  const { unsent, waiting } = (await notifications.channels())[0]!.backlog
  expect({ unsent, waiting }).toEqual({ unsent: 3, waiting: 3 })
})

long(
  'a storm of 50 000: grouped, every one told once, and no critical one behind what is less',
  async () => {
    const SIZE = 50_000
    const group = await receiver()
    group.answers = [{ status: 200, body: '{"errcode":0}' }]
    const robot: ChannelSettings = {
      adapter: 'wecom',
      name: 'group',
      settings: { url: `${group.url}/`, insecure: false },
      timeout: 20_000,
    }
    const notifications = await mine.start({ channels: [hook(), robot], language: 'zh' })
    const storm = Array.from({ length: SIZE }, (_, i) =>
      rise(`k${i}`, { severity: i % 5_000 === 0 ? 'critical' : 'major', offset: i + 1 }),
    )
    for (let i = 0; i < SIZE; i += 2_500) await mine.publish(storm.slice(i, i + 2_500))
    const waiting = async () => {
      const all = await notifications.channels()
      return all.map(({ backlog }) => backlog.waiting + backlog.unsent)
    }
    // Of the group only its critical ones are waited for: the rest it gets as its rate lets it.
    await expect.poll(async () => ((await waiting())[0] === 0 ? told().length : 0), STORM).toBeGreaterThanOrEqual(SIZE)
    const critical = async () => {
      const sent = await notifications.list({ channel: 'group', state: ['sent'], limit: 99 })
      return sent
        .filter(({ message: { severity } }) => severity === 'critical')
        .reduce((sum, { items }) => sum + items, 0)
    }
    await expect.poll(critical, STORM).toBe(10)
    const ids = told()
    expect(ids.length).toBe(SIZE)
    expect(new Set(ids).size).toBe(SIZE)
    expect(events().length).toBeLessThan(SIZE / 100)
    for (const { data } of events()) {
      const severities = data.transitions.map(({ severity }) => severity)
      expect(new Set(severities).size, 'critical ones have messages of their own').toBe(1)
    }
    expect(events().filter(({ data }) => data.severity === 'critical').length).toBe(10)

    const messages = await notifications.list({ channel: 'group', limit: 99 })
    const { backlog } = (await notifications.channels())[1]!
    const written = messages.reduce((sum, { items }) => sum + items, 0)
    expect(written + backlog.waiting, 'what the rate holds back waits').toBe(SIZE)
    expect(messages.length, 'grouped').toBeLessThan(60)
    await group.close()
  },
  180_000,
)

test('after a stop it goes on where it was; what happened meanwhile is told, and nothing twice', async () => {
  const first = await mine.start({ channels: [hook()] })
  await mine.publish([rise('a')])
  await taken(first, 1)
  expect(told()).toEqual(['baoyuan/crew/coal-face/a/1.1'])
  await mine.stop()
  await mine.publish([rise('b', { offset: 2 })])
  await mine.start({ channels: [hook()] })
  await expect.poll(() => told(), PATIENCE).toEqual(['baoyuan/crew/coal-face/a/1.1', 'baoyuan/crew/coal-face/b/1.1'])
})

test('nobody is told of the past by a new outbox, nor again where the alarm store was built anew', async () => {
  await mine.publish([rise('old', { offset: 1 })])
  const first = await mine.start({ channels: [hook()] })
  await mine.publish([rise('a', { offset: 2 })])
  await taken(first, 1)
  expect(told()).toEqual(['baoyuan/crew/coal-face/a/1.1'])
  await mine.stop()
  await mine.loseStore()
  await mine.start({ channels: [hook()] })
  // The journal is folded again, and goes on.
  await mine.publish([rise('old', { offset: 1 }), rise('a', { offset: 2 }), rise('b', { offset: 3 })])
  await expect.poll(() => told(), PATIENCE).toContain('baoyuan/crew/coal-face/b/1.1')
  expect(told()).toEqual(['baoyuan/crew/coal-face/a/1.1', 'baoyuan/crew/coal-face/b/1.1'])
})

test('what a rate does not let through is told in a digest, the worst first', async () => {
  const notifications = await mine.start({ channels: [hook('hook', { rate: { messages: 6, per: 3_600_000 } })] })
  await mine.publish(
    Array.from({ length: 20 }, (_, i) =>
      rise(`k${i}`, { severity: i === 13 ? 'critical' : 'major', instance: `i${i}` }),
    ),
  )
  await expect.poll(() => new Set(told()).size, PATIENCE).toBe(20)
  expect(events().length).toBe(2)
  expect((await notifications.list({ limit: 9 })).map(({ items }) => items).sort()).toEqual([1, 19])
})

test('what cannot be put into words is told as that there is something, and holds up nothing', async () => {
  await mine.start({ channels: [hook()] })
  const severity = 'critical' as const
  await mine.publish([rise('bad', { severity, text: undefined as never }), rise('good', { severity })])
  await expect.poll(() => told(), PATIENCE).toEqual(['baoyuan/crew/coal-face/good/1.1'])
  await expect.poll(() => events().length, PATIENCE).toBe(2)
  expect(events()[0]!.data).toMatchObject({ severity, title: '红 1 条报警 / red 1 alarms', transitions: [] })
  expect(mine.logged.join('\n')).toContain('cannot be put into words')
})

test('a store that failed is asked again, though nothing happens meanwhile', async () => {
  const { alarms } = mine.store()
  const since = vi.spyOn(alarms, 'since').mockRejectedValueOnce(new Error('disk full'))
  await mine.start({ channels: [hook()] })
  await expect.poll(() => mine.logged.join('\n'), PATIENCE).toContain('disk full')
  await mine.store().alarms.put([rise('a')])
  await expect.poll(() => told(), PATIENCE).toEqual(['baoyuan/crew/coal-face/a/1.1'])
  expect(since.mock.calls.length).toBeGreaterThan(1)
})
