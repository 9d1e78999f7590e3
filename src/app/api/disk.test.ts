/** What the API says of the disk: to whom, in which units, and what it does not claim to know. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bench, openBench } from './test-service.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

const metric = async (name: string) => {
  const text = await (await bench.call('/metrics')).text()
  return text.match(new RegExp(`^${name} (.*)$`, 'm'))?.[1]
}

test('room, parts and how long it lasts, in bytes and milliseconds, for who is signed in', async () => {
  expect((await bench.call('/api/v1/disk')).status).toBe(401)
  const token = await bench.login()
  expect(await (await bench.call('/api/v1/disk', { token })).json()).toEqual({
    state: 'enough',
    at: expect.any(String),
    free: 6e9,
    size: 8e9,
    parts: { journal: 1e9, history: 5e8, store: 3e8, configurations: 2e5, other: 1e5 },
    perDay: 2.4e8,
    lastsMs: 2_160_000_000,
  })
  expect(await metric('davy_disk_free_bytes')).toBe('6000000000')
  expect(await metric('davy_disk_lasts_seconds')).toBe('2160000')
  expect(await metric('davy_disk_part_bytes{part="journal"}')).toBe('1000000000')
})

test('a disk that cannot be read fails no readiness and has no numbers, but is low to whoever watches', async () => {
  const { at } = bench.disk
  bench.disk = { at, state: 'unread', reason: 'EIO' }
  const ready = await bench.call('/readyz')
  expect(ready.status).toBe(200)
  expect(await ready.json()).toMatchObject({ status: 'ready', disk: 'unread' })
  expect(await metric('davy_disk_low')).toBe('1')
  expect(await metric('davy_disk_free_bytes')).toBe('Nan')
  const token = await bench.login()
  expect(await (await bench.call('/api/v1/disk', { token })).json()).toMatchObject({ state: 'unread', reason: 'EIO' })
})

test('a room that does not shrink lasts for ever; in the first hour nobody knows', async () => {
  const { at } = bench.disk
  bench.disk = { at, state: 'enough', rate: 0 }
  expect(await metric('davy_disk_lasts_seconds')).toBe('+Inf')
  bench.disk = { at, state: 'enough' }
  expect(await metric('davy_disk_lasts_seconds')).toBe('Nan')
})
