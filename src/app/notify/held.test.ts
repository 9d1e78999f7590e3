/** A peer that will not have us, for the night: nothing is lost, nobody is pestered, and the channel says what to mend. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Receiver, receiver } from '../../../test/receivers.ts'
import { HOUR } from '../../model/time.ts'
import { redactor } from './secrets.ts'
import { hookAt, PATIENCE, type Rig, rig, rise, smsAt } from './test-notifications.ts'

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

const told = () =>
  peer.got.flatMap(({ body }) => {
    const { data } = JSON.parse(body) as { data: { transitions: { id: string }[] } }
    return data.transitions.map(({ id }) => id)
  })

test.each([
  [401, 'credentials'],
  [403, 'address'],
  [404, 'address'],
])(
  'status %i holds what waits until it is mended, says so, and every alarm of the night is told',
  async (status, lacks) => {
    peer.answers = [{ status, body: 'token revoked' }]
    const notifications = await mine.start({ channels: [hookAt(peer.url)()] })
    for (let i = 0; i < 6; i++) {
      const severity = i % 2 === 0 ? 'critical' : 'major'
      await mine.publish([rise(`k${i}`, { instance: `i${i}`, severity })])
    }
    const channel = async () => (await notifications.channels())[0]!
    await expect
      .poll(channel, PATIENCE)
      .toMatchObject({ state: 'failing', lacks, lastError: { answer: `${status} token revoked` } })
    await expect.poll(() => peer.got.length, PATIENCE).toBeGreaterThan(8)
    expect((await channel()).backlog.dead).toBe(0)
    expect(mine.logged.filter((line) => line.includes(`until somebody mends its ${lacks}`))).toHaveLength(1)
    const before = peer.got.length
    peer.answers = [{ status: 200 }]
    await expect.poll(channel, PATIENCE).toMatchObject({ state: 'up', backlog: { waiting: 0, unsent: 0, dead: 0 } })
    expect(await channel()).not.toHaveProperty('lacks')
    const after = told().slice(-6)
    expect(new Set(after).size).toBe(6)
    expect(peer.got.length).toBeLessThanOrEqual(before + 7)
  },
)

test('wrong credentials are tried by one message a lane, however many wait', async () => {
  peer.answers = [{ status: 401 }]
  const recipients = Array.from({ length: 20 }, (_, i) => ({ name: `n${i}`, phone: `1380000${1_000 + i}` }))
  const retry = { first: 20, longest: HOUR, giveUp: 24 * HOUR }
  const notifications = await mine.start({ channels: [smsAt(peer.url)], recipients, retry })
  await mine.publish([rise('a', { severity: 'critical' }), rise('b'), rise('c', { severity: 'critical' })])
  await expect.poll(async () => (await notifications.channels())[0]!.lacks, PATIENCE).toBe('credentials')
  const { waiting, unsent, dead } = (await notifications.channels())[0]!.backlog
  expect(waiting + unsent).toBe(60)
  expect(dead).toBe(0)
  expect(peer.got.length).toBeLessThanOrEqual(2)
})

test('what the peer will never take is dead at once, and is sent again by hand', async () => {
  peer.answers = [{ status: 422, body: 'no such field' }]
  const notifications = await mine.start({ channels: [hookAt(peer.url)()] })
  await mine.publish([rise('a')])
  const message = async () => (await notifications.list({ limit: 9 }))[0]
  await expect.poll(message, PATIENCE).toMatchObject({ state: 'dead', attempts: 1, answer: '422 no such field' })
  peer.answers = [{ status: 200 }]
  expect(await notifications.resend((await message())!.message.id)).toBe('dead')
  await expect.poll(message, PATIENCE).toMatchObject({ state: 'sent' })
})

test('of a secret at which an answer was cut off the beginning is not shown either', () => {
  const redact = redactor({ url: 'https://peer.example/bot/tok-1234567890abcdef', secret: 'k-éàü-12' })
  expect(redact('404 no /bot/tok-12345678')).toBe('404 no /bot/***')
  expect(redact('404 no k-éàü-1')).toBe('404 no ***')
  expect(redact('404 no tok-12345678 there')).toBe('404 no tok-12345678 there')
  expect(redact('404 no tok')).toBe('404 no tok')
})

test('a peer that repeats our secrets has them neither in the log nor in what is shown', async () => {
  peer.answer = ({ path, headers }) => ({ status: 403, body: `${path} refused ${headers.authorization}` })
  const token = 'tok-1234567890abcdef'
  const settings = {
    url: `${peer.url}/bot/${token}?access_token=key-987654`,
    headers: { Authorization: 'Bearer a-b-c-d-e-f' },
    source: '/davylamp',
    insecure: false,
  }
  const notifications = await mine.start({ channels: [{ ...hookAt(peer.url)(), settings }] })
  await mine.publish([rise('a')])
  const channel = async () => (await notifications.channels())[0]!.lastError?.answer
  await expect.poll(channel, PATIENCE).toBe('403 /bot/***?access_token=*** refused ***')
  expect(await notifications.test('hook')).toMatchObject({ answer: '403 /bot/***?access_token=*** refused ***' })
  expect(mine.logged.join()).toContain('refused ***')
  expect(mine.logged.join()).not.toMatch(/tok-|key-987654|a-b-c/)
})
