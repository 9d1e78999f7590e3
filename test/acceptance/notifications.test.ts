/** Notifications of the running service: from a reading to the webhook, the group, the mail and the SMS; and what the API says of them. */
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Receiver, receiver } from '../receivers.ts'
import { house, type Json, type Running, start } from './house-rig.ts'

const PATIENCE = { timeout: 20_000, interval: 25 }
const SECRET = 'a-secret-of-the-webhook'

let peer: Receiver
let broken: Receiver
let rented: ReturnType<typeof house>
let service: Running

const raise = async (point: string, value: number) => {
  const { status } = await service.post('/api/v1/sites/mine/readings', [{ point, ts: Date.now(), value }])
  expect(status).toBe(202)
}
const events = () =>
  peer.got.filter(({ path }) => path === '/hook').map(({ body }) => JSON.parse(body) as Json & { data: Json })

beforeAll(async () => {
  peer = await receiver()
  broken = await receiver()
  broken.answers = [{ status: 400, body: 'no such template' }]
  rented = house({
    'sites/mine.yaml': {
      site: 'mine',
      name: { zh: '宝源煤矿', en: 'Baoyuan mine' },
      kind: 'coal-mine',
      areas: [{ id: 'face', name: { zh: '101采煤面', en: 'Face 101' }, kind: 'coal-face' }],
      points: ['a', 'b', 'c'].map((id) => ({
        id: `gas/${id}`,
        kind: 'gas.ch4',
        unit: '%',
        area: 'face',
        range: [0, 10],
      })),
    },
    'rules/plan.yaml': {
      regulation: { id: 'plan', title: { zh: '煤矿安全规程', en: 'Coal mine safety code' } },
      rules: [
        {
          id: 'ch4',
          rule: 'limit',
          clause: '498',
          levels: [
            { name: 'cut', high: 1.5, severity: 'critical' },
            { name: 'alarm', high: 1, severity: 'minor' },
          ],
        },
      ],
    },
    'davy.yaml': {
      notify: {
        baseUrl: 'https://desk.example/davy',
        group: '1ms',
        channels: [
          { name: 'hook', adapter: 'webhook', url: `${peer.url}/hook`, secret: SECRET },
          { name: 'gateway', adapter: 'sms', url: `${peer.url}/sms` },
          { name: 'broken', adapter: 'sms', url: `${broken.url}/sms` },
        ],
        recipients: [{ name: 'chief', phone: '13800000001' }],
        routes: [
          { match: { severity: ['critical', 'minor'] }, to: ['hook'] },
          {
            match: { severity: ['critical'], cause: ['raised'] },
            to: ['gateway', 'broken'],
            recipients: ['chief'],
            language: 'zh',
          },
        ],
      },
    },
  })
  service = await start(rented)
})
afterAll(async () => {
  await service?.stop()
  rented?.remove()
  await peer?.close()
  await broken?.close()
})

test('an alarm is told: signed to the webhook, short by SMS, and the API says so', async () => {
  await raise('gas/a', 1.8)
  await expect.poll(() => events().length, PATIENCE).toBeGreaterThanOrEqual(2)
  const alarm = 'mine/ch4/gas/a:cut'
  const event = events().find(({ subject }) => subject === alarm)!
  expect(event).toMatchObject({
    specversion: '1.0',
    type: 'org.davylamp.notification.v1',
    datacontenttype: 'application/json',
    data: { severity: 'critical', transitions: [{ id: `${alarm}/1.1`, cause: 'raised', value: 1.8, limit: 1.5 }] },
  })
  const { headers, body } = peer.got.find(({ path, body }) => path === '/hook' && body.includes(String(event.id)))!
  const signature = createHmac('sha256', SECRET).update(`${headers['davy-timestamp']}.${body}`).digest('hex')
  expect(headers['davy-signature']).toBe(`sha256=${signature}`)
  expect(headers['idempotency-key']).toBe(event.id)
  expect(headers['content-type']).toContain('application/cloudevents+json')

  await expect.poll(() => peer.got.filter(({ path }) => path === '/sms').length, PATIENCE).toBe(1)
  const sms = JSON.parse(peer.got.find(({ path }) => path === '/sms')!.body) as { phone: string; text: string }
  expect(sms.phone).toBe('13800000001')
  expect(sms.text).toMatch(/^【红·特别严重】宝源煤矿 /)
  expect([...sms.text].length).toBeLessThanOrEqual(70)

  const states = async () => {
    const { body } = await service.get<Json & { deliveries: Json[] }>(`/api/v1/alarms/${encodeURIComponent(alarm)}`)
    return body.deliveries.map(({ channel, state }) => `${channel} ${state}`).sort()
  }
  await expect.poll(states, PATIENCE).toEqual(['broken dead', 'gateway sent', 'hook sent'])
})

test('what is refused is dead, is listed, and is sent again by hand under the same id', async () => {
  const list = async (query: string) =>
    (await service.get<{ items: (Json & { id: string })[]; next?: string }>(`/api/v1/notifications?${query}`)).body
  await expect.poll(async () => (await list('state=dead')).items.length, PATIENCE).toBe(1)
  const [dead] = (await list('state=dead&channel=broken')).items
  expect(dead).toMatchObject({ recipients: ['chief'], attempts: 1, answer: '400 no such template', transitions: 1 })
  expect((await list('state=dead&alarm=mine/ch4/gas/b:cut')).items).toEqual([])
  broken.answers = [{ status: 200 }]
  const again = await service.post(`/api/v1/notifications/${dead!.id}/resend`)
  expect(again.status).toBe(202)
  await expect.poll(async () => (await list('channel=broken')).items[0], PATIENCE).toMatchObject({ state: 'sent' })
  const ids = broken.got.map(({ headers }) => headers['idempotency-key'])
  expect(ids).toEqual([dead!.id, dead!.id])
  expect(await service.post(`/api/v1/notifications/${dead!.id}/resend`)).toMatchObject({
    status: 409,
    body: { code: 'notification-sent' },
  })
  expect(await service.post('/api/v1/notifications/none/resend')).toMatchObject({
    status: 404,
    body: { code: 'notification-unknown' },
  })
  expect(await service.get('/api/v1/notifications?state=ded')).toMatchObject({ body: { code: 'word-unknown' } })
  expect(await service.get('/api/v1/notifications?cursor=x')).toMatchObject({ body: { code: 'cursor-unreadable' } })
  const first = await list('limit=1')
  const second = await list(`limit=1&cursor=${first.next}`)
  expect(second.items[0]!.n).toBeLessThan(first.items[0]!.n as number)
})

test('channels say how they do, and the test button tells what the peer answered', async () => {
  const tested = await service.post('/api/v1/channels/gateway/test')
  expect(tested).toMatchObject({ status: 200, body: { outcome: 'sent', answer: '200' } })
  expect(peer.got.at(-1)!.body).toContain('测试消息')
  broken.answers = [{ status: 503, body: 'down' }]
  expect(await service.post('/api/v1/channels/broken/test', { recipient: 'chief' })).toMatchObject({
    body: { outcome: 'failed', answer: '503 down' },
  })
  expect(await service.post('/api/v1/channels/nope/test')).toMatchObject({
    status: 404,
    body: { code: 'channel-unknown' },
  })
  expect(await service.post('/api/v1/channels/broken/test', { recipient: 'nobody' })).toMatchObject({
    status: 404,
    body: { code: 'recipient-unknown' },
  })
  const { body } = await service.get<{ channels: Json[] }>('/api/v1/channels')
  expect(body.channels.map(({ name, adapter, state }) => [name, adapter, state])).toEqual([
    ['hook', 'webhook', 'up'],
    ['gateway', 'sms', 'up'],
    ['broken', 'sms', 'up'],
  ])
  const audit = readFileSync(join(rented.data, 'audit.jsonl'), 'utf8')
  expect(audit).toMatch(/"action":"notification-resent"/)
  expect(audit).toMatch(/"action":"channel-tested","object":"gateway"/)
  expect(await service.metric('davy_notifications_total', { channel: 'gateway', outcome: 'sent' })).toBe(1)
  expect(await service.metric('davy_notifications_total', { channel: 'broken', outcome: 'refused' })).toBe(1)
  expect(await service.metric('davy_notification_age_seconds', { channel: 'hook' })).toBe(0)
})

test('a viewer sees channels without names, and no messages', async () => {
  await service.post('/api/v1/users', { user: 'eye', password: 'looks-on-123', role: 'viewer' })
  const signedIn = await fetch(`${service.api}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'eye', password: 'looks-on-123' }),
  })
  const { token } = (await signedIn.json()) as { token: string }
  const call = (path: string, method = 'GET') =>
    fetch(`${service.api}${path}`, { method, headers: { authorization: `Bearer ${token}` } })
  expect((await call('/api/v1/notifications')).status).toBe(403)
  expect((await call('/api/v1/channels/hook/test', 'POST')).status).toBe(403)
  const { channels } = (await (await call('/api/v1/channels')).json()) as {
    channels: { recipients: string[]; lastError?: { answer: string } }[]
  }
  expect(channels.map(({ recipients }) => recipients)).toEqual([[], [], []])
  expect(channels[2]!.lastError!.answer, 'what a peer says may name somebody').toBe('400')
})
