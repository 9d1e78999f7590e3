/** `kill -9` at random moments while alarms are told: no notification is lost, and none is doubled at a receiver that goes by ids. */
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../simulators/ports.ts'
import { openStore } from '../../src/adapters/store-sqlite/index.ts'
import { type Answer, type Receiver, receiver } from '../receivers.ts'
import { createGateway } from './gateway.ts'
import { random, start } from './killed.ts'

const KILLS = 8
const POINTS = 8
const dir = mkdtempSync(join(tmpdir(), 'davy-notify-kill-'))
const config = join(dir, 'config')
const data = join(dir, 'data')
let peer: Receiver

beforeAll(async () => {
  peer = await receiver()
  for (const folder of ['sites', 'rules']) mkdirSync(join(config, folder), { recursive: true })
  const write = (name: string, content: object) => writeFileSync(join(config, name), JSON.stringify(content))
  const points = Array.from({ length: POINTS }, (_, i) => ({
    id: `ch4-${i}`,
    kind: 'gas.ch4',
    unit: '%',
    area: 'face',
    range: [0, 10],
  }))
  write('sites/mine.yaml', { site: 'mine', kind: 'coal-mine', areas: [{ id: 'face', kind: 'coal-face' }], points })
  write('rules/gas.yaml', {
    regulation: { id: 'gas', title: 'Gas' },
    rules: [
      {
        id: 'ch4',
        rule: 'limit',
        levels: [
          { name: 'cut', high: 1, severity: 'critical' },
          { name: 'warn', high: 0.8, severity: 'major' },
        ],
      },
    ],
  })
  const rate = { messages: 100_000 }
  write('davy.yaml', {
    notify: {
      group: '50ms',
      retry: { first: '20ms', longest: '200ms' },
      channels: [{ name: 'hook', adapter: 'webhook', url: `${peer.url}/hook`, rate, timeout: '2s' }],
      routes: [{ match: { severity: ['critical', 'major'] }, to: ['hook'] }],
    },
  })
})
afterAll(async () => {
  await peer.close()
  rmSync(dir, { recursive: true, force: true })
})

test(`${KILLS} kills: every transition is told, and ids tell repetitions`, async () => {
  const seed = Date.now() % 100_000
  const chance = random(seed)
  const port = await freePort()
  let child = await start({ config, data, port })
  const gateway = createGateway({ port, clientId: 'gateway' })
  let sent = 0
  let acknowledged = 0
  let open = 0
  let stopped = false
  const publish = () => {
    while (!stopped && open < 20) {
      const n = sent++
      const value = Math.floor(n / POINTS) % 5 === 0 ? 1.2 + (n % POINTS) / 100 : 0.3
      open += 1
      const payload = JSON.stringify({ ts: Date.now(), value, ref: `r-${n}` })
      gateway.publish(`davy/v1/mine/ch4-${n % POINTS}`, payload, () => {
        open -= 1
        acknowledged += 1
        setTimeout(publish, 5)
      })
    }
  }
  publish()
  // A peer that fails now and then keeps messages between their attempts when the kill comes.
  const mishaps: Answer[] = [{ status: 200 }, { status: 200 }, { status: 500 }, { status: 200 }, 'reset']
  peer.answers = Array.from({ length: 3_000 }, () => mishaps[Math.floor(chance() * mishaps.length)]!)
  for (let kill = 0; kill < KILLS; kill++) {
    await pause(150 + chance() * 600)
    child.kill('SIGKILL')
    await once(child, 'exit')
    child = await start({ config, data, port })
  }
  await pause(300)
  stopped = true
  peer.answers = [{ status: 200 }]
  await expect.poll(() => acknowledged, { timeout: 60_000, interval: 100 }).toBe(sent)
  gateway.close()

  /** What a receiver that goes by the event's id has: each event once, whatever came how often. */
  const taken = () => {
    const events = new Map<string, string>()
    for (const { body, headers } of peer.got) {
      const known = events.get(headers['idempotency-key'] as string)
      expect(known ?? body, `seed ${seed}: one id, two contents`).toBe(body)
      events.set(headers['idempotency-key'] as string, body)
    }
    return [...events.values()].flatMap((body) => {
      const event = JSON.parse(body) as { data: { transitions: { id: string }[] } }
      return event.data.transitions.map(({ id }) => id)
    })
  }
  child.kill('SIGTERM')
  await once(child, 'exit')
  const store = await openStore({ file: join(data, 'store.db') })
  const wanted: string[] = []
  for (let seq = 0; ; ) {
    const page = await store.alarms.since(seq, 1_000)
    if (page.length === 0) break
    for (const { transition } of page) {
      if (['raised', 'cleared', 'escalated'].includes(transition.cause)) wanted.push(transition.id)
    }
    seq = page.at(-1)!.seq
  }
  await store.close()
  expect(wanted.length, `seed ${seed}`).toBeGreaterThan(KILLS)
  // What waited when it was stopped is told by the next start.
  child = await start({ config, data, port })
  await expect
    .poll(() => new Set(taken()).size, { timeout: 60_000, interval: 200 })
    .toBeGreaterThanOrEqual(wanted.length)
  child.kill('SIGTERM')
  await once(child, 'exit')
  expect(taken().toSorted(), `seed ${seed}, ${peer.got.length} posts`).toEqual(wanted.toSorted())
}, 300_000)
