/** The alarm desk over HTTP: what may be done to an alarm by whom, each refusal with a name of its own, files, windows and the shift log. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { davy, house, type Json, type Running, start } from './house-rig.ts'

const mine = house({
  'sites/mine.yaml': {
    site: 'mine',
    areas: [{ id: 'face' }],
    points: [
      { id: 't1', kind: 'gas.ch4', area: 'face', range: [0, 10], silentAfter: 'never' },
      { id: 't2', kind: 'gas.co', area: 'face', range: [0, 500], silentAfter: 'never' },
    ],
  },
  'rules/plan.yaml': {
    regulation: { id: 'plan' },
    rules: [
      {
        id: 'gas',
        rule: 'limit',
        clause: '27',
        match: { kind: 'gas.ch4' },
        confirm: true,
        levels: [{ name: 'high', high: 1 }],
      },
      { id: 'co', rule: 'limit', match: { kind: 'gas.co' }, levels: [{ name: 'high', high: 24 }] },
    ],
  },
})
const GAS = 'mine/gas/t1:high'
const CO = 'mine/co/t2:high'
const PASSWORD = 'a-lamp-for-the-desk'
let service: Running
const tokens: Record<string, string> = {}

beforeAll(async () => {
  service = await start(mine)
  for (const role of ['operator', 'supervisor']) {
    await service.post('/api/v1/users', { user: role, password: PASSWORD, role })
    const { body } = await service.post<{ token: string }>('/api/v1/session', { user: role, password: PASSWORD })
    tokens[role] = body.token
  }
})
afterAll(async () => {
  await service.stop()
  mine.remove()
})

const as = (role: string, path: string, body: unknown = {}) =>
  service.push(path, { body: JSON.stringify(body), headers: { authorization: `Bearer ${tokens[role]}` } })
const order = (role: string, alarm: string, command: string, body: Json = {}) =>
  as(role, `/api/v1/alarms/${alarm}/${command}`, body)
const code = async (reply: Promise<{ status: number; body: Json }>) => {
  const { status, body } = await reply
  return status === 200 ? 200 : [status, body.code]
}
const measure = (point: string, value: number) => service.post('/api/v1/sites/mine/readings', { point, value })

test('an acknowledgement of an unknown alarm, twice, of one that is over, and by somebody without the right', async () => {
  const ack = (alarm: string) => code(order('operator', alarm, 'ack'))
  expect(await ack(GAS)).toEqual([404, 'alarm-unknown'])
  await measure('t1', 2)
  expect(
    await code(service.push(`/api/v1/alarms/${GAS}/ack`, { body: '{}', headers: { authorization: 'Bearer x' } })),
  ).toEqual([401, 'credentials-missing'])
  await service.post('/api/v1/users', { user: 'guest', password: PASSWORD, role: 'viewer' })
  const { body } = await service.post<{ token: string }>('/api/v1/session', { user: 'guest', password: PASSWORD })
  tokens.guest = body.token
  expect(await code(order('guest', GAS, 'ack'))).toEqual([403, 'role-too-low'])
  expect(await ack(GAS)).toBe(200)
  expect(await ack(GAS)).toEqual([409, 'already-acked'])
  expect(await code(order('operator', GAS, 'confirm'))).toEqual([409, 'still-active'])
  await measure('t1', 0.1)
  const { body: waiting } = await service.get<{ state: string; last: Json }>(`/api/v1/alarms/${GAS}`)
  expect(waiting).toMatchObject({ state: 'rtn-unacked', last: { cause: 'cleared', held: 'unconfirmed' } })
  expect(await ack(GAS)).toEqual([409, 'already-acked'])
  expect(await code(order('operator', GAS, 'confirm', { reason: 'aired' }))).toBe(200)
  expect(await ack(GAS)).toEqual([409, 'nothing-to-ack'])
  expect(await code(order('operator', GAS, 'confirm'))).toEqual([409, 'nothing-to-confirm'])
  expect(await code(order('operator', GAS, 'reset'))).toEqual([409, 'nothing-to-reset'])
})

test('each refusal says in words of its own what to do', async () => {
  const titles = await Promise.all(
    [
      order('operator', GAS, 'ack'),
      order('operator', GAS, 'confirm'),
      order('operator', 'mine/gas/t9:high', 'ack'),
    ].map(async (reply) => {
      const { body, type } = await reply
      expect(type).toContain('application/problem+json')
      return `${body.title}; ${body.remedy}`
    }),
  )
  expect(new Set(titles).size).toBe(3)
})

test('shelving wants a reason; of what a clause asks for, a supervisor, and never for more than a day', async () => {
  await measure('t1', 2)
  await measure('t2', 30)
  const shelve = (role: string, alarm: string, body: Json) => code(order(role, alarm, 'shelve', body))
  expect(await shelve('operator', CO, { for: '1h' })).toEqual([400, 'reason-missing'])
  expect(await shelve('operator', CO, { for: '1h', reason: '  ' })).toEqual([400, 'reason-missing'])
  expect(await shelve('operator', CO, { for: '25h', reason: 'known' })).toEqual([409, 'shelf-too-long'])
  expect(await shelve('operator', CO, { once: true, reason: 'known' })).toBe(200)
  expect(await shelve('operator', CO, { once: true, reason: 'known' })).toEqual([409, 'already-shelved'])
  expect(await shelve('operator', GAS, { for: '1h', reason: 'known' })).toEqual([403, 'shelf-statutory'])
  const { status, body } = await order('supervisor', GAS, 'shelve', { for: '1h', reason: 'known leak' })
  expect(status).toBe(200)
  const [told] = body.transitions as Json[]
  expect(told).toMatchObject({
    cause: 'shelved',
    hush: { kind: 'shelved', by: 'supervisor', reason: 'known leak', until: expect.any(String) },
  })
  expect(await code(order('operator', GAS, 'unshelve'))).toBe(200)
})

test('out of service wants a reason, an end and a witness who is somebody else', async () => {
  const out = (body: Json) => code(order('supervisor', CO, 'out-of-service', body))
  expect(await code(order('operator', CO, 'out-of-service'))).toEqual([403, 'role-too-low'])
  expect(await out({})).toEqual([400, 'reason-missing'])
  expect(await out({ reason: 'exchanged' })).toEqual([400, 'until-missing'])
  expect(await out({ reason: 'exchanged', for: '8h' })).toEqual([400, 'witness-missing'])
  expect(await out({ reason: 'exchanged', for: '8h', witness: 'supervisor' })).toEqual([409, 'witness-same'])
  expect(await out({ reason: 'exchanged', for: '8h', witness: 'li' })).toBe(200)
  const { body } = await service.get<{ last: Json }>(`/api/v1/alarms/${CO}`)
  expect(body.last).toMatchObject({ hush: { kind: 'out-of-service', by: 'supervisor', witness: 'li' } })
})

test('a file is kept by its content, attached to an alarm, and comes back as it was', async () => {
  const bytes = new Uint8Array(100_000).map((_, i) => (i * 31) % 256)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const upload = (role: string, body: Uint8Array<ArrayBuffer>) =>
    service.push('/api/v1/attachments?name=face.jpg', {
      body,
      headers: { authorization: `Bearer ${tokens[role]}`, 'content-type': 'image/jpeg' },
    })
  expect(await code(upload('guest', bytes))).toEqual([403, 'role-too-low'])
  expect(await code(upload('operator', new Uint8Array()))).toEqual([400, 'attachment-empty'])
  const file = { name: 'face.jpg', sha256, size: bytes.length, mediaType: 'image/jpeg' }
  expect(await upload('operator', bytes)).toMatchObject({ status: 201, body: file })
  expect(await code(order('operator', GAS, 'attach', { name: 'x' }))).toEqual([400, 'attachment-missing'])
  const unknown = { name: 'x', sha256: '0'.repeat(64) }
  expect(await code(order('operator', GAS, 'attach', unknown))).toEqual([404, 'attachment-unknown'])
  const { name, mediaType } = file
  expect(await code(order('operator', GAS, 'attach', { name, sha256, mediaType }))).toBe(200)
  const { body } = await service.get<{ remarks: Json[] }>(`/api/v1/alarms/${GAS}`)
  expect(body.remarks.at(-1)).toMatchObject({ by: 'operator', attached: file })
  const back = await fetch(`${service.api}/api/v1/attachments/${sha256}`, {
    headers: { authorization: `Bearer ${tokens.operator}` },
  })
  expect(back.headers.get('content-disposition')).toContain('attachment')
  expect(new Uint8Array(await back.arrayBuffer())).toEqual(bytes)
  expect(await code(service.get(`/api/v1/attachments/${'1'.repeat(64)}`))).toEqual([404, 'attachment-unknown'])
  // A name that is no hash finds nothing, wherever it points.
  expect(await code(service.get(`/api/v1/attachments/${encodeURIComponent('../audit.jsonl')}`))).toEqual([
    404,
    'attachment-unknown',
  ])
})

test('a window is declared by a supervisor, with a witness, for a place that is configured', async () => {
  const declare = (role: string, more: Json) =>
    code(
      as(role, '/api/v1/sites/mine/windows', {
        command: 'calibrate',
        window: 'cal-1',
        area: 'face',
        until: new Date(Date.now() + 3_600_000).toISOString(),
        witness: 'li',
        ...more,
      }),
    )
  expect(await declare('operator', {})).toEqual([403, 'role-too-low'])
  expect(await declare('supervisor', { witness: 'supervisor' })).toEqual([409, 'witness-same'])
  expect(await declare('supervisor', { area: 'nowhere' })).toEqual([404, 'area-unknown'])
  expect(await declare('supervisor', { points: ['t1'] })).toEqual([409, 'window-placeless'])
  expect(await declare('supervisor', { until: '2199-01-01T00:00:00Z' })).toEqual([400, 'request-invalid'])
  expect(await declare('supervisor', {})).toBe(200)
  const { body } = await service.get<{ state: string; last: Json }>(`/api/v1/alarms/${GAS}`)
  expect(body).toMatchObject({
    state: 'unacked',
    last: { cause: 'suppressed', hush: { kind: 'suppressed', by: 'calibrate/cal-1', witness: 'li' } },
  })
})

test('a desk is handed over with what stands, and the log tells of it', async () => {
  const hand = (more: Json) =>
    as('operator', '/api/v1/handovers', {
      desk: 'mine',
      outgoing: 'wang',
      incoming: 'li',
      text: 'fan 2 is down',
      ...more,
    })
  expect(await code(hand({ desk: 'nowhere' }))).toEqual([404, 'desk-unknown'])
  expect(await code(hand({ incoming: 'wang' }))).toEqual([409, 'handover-same'])
  const { status, body } = await hand({})
  expect(status).toBe(200)
  expect(body).toMatchObject({ desk: 'mine', by: 'operator', outgoing: 'wang', incoming: 'li', count: 2 })
  expect((body.standing as Json[]).map(({ alarm }) => alarm).toSorted()).toEqual([CO, GAS])
  const { body: log } = await service.get<{ handovers: Json[] }>('/api/v1/handovers?desk=mine')
  expect(log.handovers).toEqual([body])
  expect((await service.get<{ handovers: Json[] }>('/api/v1/handovers?desk=other')).body.handovers).toEqual([])
})

test('all of it stands in a chain of records that still holds, and what was logged outlives a restart', async () => {
  expect(await service.stop()).toBe(0)
  const verified = await davy(['verify', '--data', mine.data])
  expect([verified.code, verified.err]).toEqual([0, ''])
  service = await start(mine)
  expect((await service.get<{ handovers: Json[] }>('/api/v1/handovers')).body.handovers).toHaveLength(1)
  const { body } = await service.get<{ last: Json; remarks: Json[] }>(`/api/v1/alarms/${GAS}`)
  expect(body.last).toMatchObject({ hush: { by: 'calibrate/cal-1' } })
  expect(body.remarks).toHaveLength(1)
})
