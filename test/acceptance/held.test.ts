/** A token that was revoked: what could not be told meanwhile survives kill -9, and is told once when the token is mended. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Receiver, receiver } from '../receivers.ts'
import { house, type Json, type Running, start } from './house-rig.ts'

const PATIENCE = { timeout: 30_000, interval: 50 }
let peer: Receiver
let rented: ReturnType<typeof house>
let service: Running

beforeAll(async () => {
  peer = await receiver()
  peer.answer = ({ headers }) => ({ status: headers.authorization === 'Bearer new' ? 200 : 401 })
  rented = house({
    'sites/mine.yaml': {
      site: 'mine',
      kind: 'coal-mine',
      areas: [{ id: 'face', kind: 'coal-face' }],
      points: ['a', 'b'].map((id) => ({ id, kind: 'gas.ch4', unit: '%', area: 'face', range: [0, 10] })),
    },
    'rules/plan.yaml': {
      regulation: { id: 'plan', title: 'A plan' },
      rules: [{ id: 'ch4', rule: 'limit', levels: [{ name: 'cut', high: 1.5, severity: 'critical' }] }],
    },
    'davy.yaml': settings('old'),
  })
  service = await start(rented)
})
afterAll(async () => {
  await service?.stop()
  rented?.remove()
  await peer?.close()
})

function settings(token: string) {
  const headers = { Authorization: `Bearer ${token}` }
  const channels = [{ name: 'hook', adapter: 'webhook', url: peer.url, headers }]
  return { notify: { group: '1ms', retry: { first: '20ms', longest: '100ms' }, channels } }
}
const channel = async () => (await service.get<{ channels: Json[] }>('/api/v1/channels')).body.channels[0]
const ids = (of: readonly { readonly body: string }[]) => of.map(({ body }) => (JSON.parse(body) as { id: string }).id)

test('a revoked token loses nothing', async () => {
  const ts = Date.now()
  await service.post(
    '/api/v1/sites/mine/readings',
    ['a', 'b'].map((point) => ({ point, ts, value: 2 })),
  )
  await expect.poll(channel, PATIENCE).toMatchObject({ state: 'failing', lacks: 'credentials', dead: 0 })
  await expect
    .poll(async () => {
      const { waiting, unsent } = (await channel()) as { waiting: number; unsent: number }
      return waiting + unsent
    }, PATIENCE)
    .toBe(2)
  await service.stop('SIGKILL')
  const before = peer.got.length
  rented.write('davy.yaml', settings('new'))
  service = await start(rented)
  await expect.poll(channel, PATIENCE).toMatchObject({ state: 'up', unsent: 0, waiting: 0, dead: 0 })
  const after = ids(peer.got.slice(before))
  expect(after).toHaveLength(2)
  expect(new Set(after).size).toBe(2)
  for (const tried of ids(peer.got.slice(0, before))) expect(after).toContain(tried)
})
