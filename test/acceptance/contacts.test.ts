/** Contacts of duty desks: the first desk's are told of an alarm, the next desk's when nobody has answered it, each once. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Post, postOffice, type Receiver, receiver } from '../receivers.ts'
import { house, type Json, type Running, start } from './house-rig.ts'

const PATIENCE = { timeout: 30_000, interval: 50 }
let gateway: Receiver
let post: Post
let rented: ReturnType<typeof house>
let service: Running

beforeAll(async () => {
  gateway = await receiver()
  gateway.answer = ({ path }) => ({ status: 200, body: path === '/robot' ? '{"errcode":0}' : '' })
  post = await postOffice({ disabledCommands: ['AUTH', 'STARTTLS'] })
  rented = house({
    'sites/mine.yaml': {
      site: 'mine',
      kind: 'coal-mine',
      areas: [{ id: 'face', kind: 'coal-face' }],
      points: [{ id: 'gas', kind: 'gas.ch4', unit: '%', area: 'face', range: [0, 10] }],
    },
    'rules/plan.yaml': {
      regulation: { id: 'plan', title: 'A plan' },
      rules: [{ id: 'ch4', rule: 'limit', levels: [{ name: 'cut', high: 1.5, severity: 'critical' }] }],
    },
    'duty.yaml': {
      desks: [
        { id: 'control', level: 'mine', sites: ['mine'], parent: 'county', contacts: ['dispatcher'] },
        { id: 'county', level: 'county', contacts: ['officer'] },
      ],
      clocks: { critical: { ack: '1s', clear: '1h' } },
    },
    'davy.yaml': {
      notify: {
        group: '1ms',
        channels: [
          { name: 'texts', adapter: 'sms', url: `${gateway.url}/sms` },
          { name: 'room', adapter: 'wecom', url: `${gateway.url}/robot` },
          { name: 'post', adapter: 'mail', host: '127.0.0.1', port: post.port, tls: 'none', from: 'davy@mine.example' },
        ],
        recipients: [
          { name: 'dispatcher', phone: '13800000001', mail: 'dispatcher@mine.example' },
          { name: 'officer', phone: '13800000002', mail: 'officer@county.example' },
        ],
        routes: [{ match: { severity: ['critical'] }, to: ['texts', 'room', 'post'], contacts: true }],
      },
    },
  })
  service = await start(rented)
})
afterAll(async () => {
  await service?.stop()
  rented?.remove()
  await gateway?.close()
  await post?.close()
})

const texts = () =>
  gateway.got
    .filter(({ path }) => path === '/sms')
    .map(({ body }) => JSON.parse(body) as { phone: string; text: string })
const called = () =>
  gateway.got
    .filter(({ path }) => path === '/robot')
    .flatMap(({ body }) => (JSON.parse(body) as { text?: { mentioned_mobile_list: string[] } }).text ?? [])
    .flatMap(({ mentioned_mobile_list }) => mentioned_mobile_list)

test('the desk’s contacts are told, and the next desk’s on handing on, by SMS, mail and a call in the group', async () => {
  const sent = await service.post('/api/v1/sites/mine/readings', [{ point: 'gas', ts: Date.now(), value: 2 }])
  expect(sent.status).toBe(202)
  // The clock of the next desk runs out as well, and there is none above it: then its contacts hear that nobody answered.
  await expect.poll(() => texts().length, PATIENCE).toBe(3)
  const [first, next, last] = texts()
  expect(first).toMatchObject({ phone: '13800000001' })
  expect(next).toMatchObject({ phone: '13800000002', text: expect.stringContaining('转交上级') })
  expect(last).toMatchObject({ phone: '13800000002', text: expect.stringContaining('未在 1 秒 内确认') })
  await expect.poll(() => post.mails.length, PATIENCE).toBe(3)
  expect(post.mails.map(({ to }) => to)).toEqual([
    'dispatcher@mine.example',
    'officer@county.example',
    'officer@county.example',
  ])
  await expect.poll(() => called(), PATIENCE).toEqual(['13800000001', '13800000002', '13800000002'])
  const { body } = await service.get<{ items: (Json & { recipients: string[] })[] }>(
    '/api/v1/notifications?channel=texts',
  )
  expect(body.items.map(({ recipients }) => recipients)).toEqual([['officer'], ['officer'], ['dispatcher']])
})

test('that it is over is told to both desks’ contacts, once each, and to the group once', async () => {
  const robots = () => gateway.got.filter(({ path }) => path === '/robot').length
  const before = robots()
  await service.post('/api/v1/sites/mine/readings', [{ point: 'gas', ts: Date.now(), value: 0.1 }])
  await expect.poll(() => texts().length, PATIENCE).toBe(5)
  const ends = texts().slice(3)
  expect(ends.map(({ phone }) => phone).sort()).toEqual(['13800000001', '13800000002'])
  for (const { text } of ends) expect(text).toContain('恢复正常')
  await expect.poll(() => post.mails.length, PATIENCE).toBe(5)
  await expect.poll(robots, PATIENCE).toBe(before + 1)
})
