/** Packed bodies and repeated requests, as gateways send them. */
import { randomBytes } from 'node:crypto'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { withKey } from './idempotency.ts'
import type { Problem } from './schemas-admin.ts'
import { type Bench, openBench } from './test-service.ts'

let bench: Bench
let token: string

beforeAll(async () => {
  bench = await openBench({ bodyLimit: 10_000 })
  token = await bench.login()
})
afterAll(() => bench.close())
beforeEach(() => {
  bench.submitted.length = 0
})

const READINGS = Array.from({ length: 50 }, (_, i) => ({ point: `p-${i}`, value: i, ts: i }))

async function send(body: Uint8Array | string, headers: Record<string, string>) {
  const response = await bench.call('/api/v1/sites/baoyuan/readings', {
    method: 'POST',
    body: body as BodyInit,
    headers: { 'content-type': 'application/json', ...headers },
    token,
  })
  return { status: response.status, body: (await response.json()) as Problem & { accepted?: number } }
}

test.each([
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const)('a body packed with %s is unpacked', async (encoding, pack) => {
  const answer = await send(pack(JSON.stringify(READINGS)), { 'content-encoding': encoding })
  expect(answer).toMatchObject({ status: 202, body: { accepted: 50 } })
  expect(bench.submitted[0]!.readings).toEqual(READINGS)
})

test('a small body that unpacks to a huge one is refused at the limit', async () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000, 0x20))
  const before = process.memoryUsage().arrayBuffers
  expect(await send(bomb.subarray(0, 9_000), { 'content-encoding': 'gzip' })).toMatchObject({
    status: 413,
    body: { code: 'payload-too-large' },
  })
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000)
  expect(bench.submitted).toEqual([])
})

test('a packed body that is broken, cut or of another kind has its own name, and the next request is served', async () => {
  const whole = gzipSync(JSON.stringify(READINGS))
  for (const body of [randomBytes(500), whole.subarray(0, whole.length - 20), Buffer.from('[]')]) {
    expect(await send(body, { 'content-encoding': 'gzip' })).toMatchObject({
      status: 400,
      body: { code: 'body-packed' },
    })
  }
  expect(await send('[]', { 'content-encoding': 'lzma' })).toMatchObject({
    status: 415,
    body: { code: 'encoding-unknown' },
  })
  expect(await send('[]', { 'content-encoding': 'identity' })).toMatchObject({ status: 202 })
  expect(bench.logged).toEqual([])
})

test('a key names what nothing else tells apart, the same each time', () => {
  const bare = { point: 'a', value: 1 }
  const batch = [bare, bare, { point: 'a', value: 2 }, { ...bare, ts: 5 }, { ...bare, ref: 'own' }, 7, null]
  const first = withKey(batch, 'k-1')
  expect(withKey(batch, 'k-1')).toEqual(first)
  expect(first.slice(3)).toEqual(batch.slice(3))
  const refs = (items: readonly unknown[]) => items.slice(0, 3).map((item) => (item as { ref: string }).ref)
  expect(new Set([...refs(first), ...refs(withKey(batch, 'k-2'))]).size).toBe(6)
  expect(withKey(batch, undefined)).toBe(batch)
})

test('a key that cannot be one is refused', async () => {
  expect(await send('[]', { 'idempotency-key': 'x'.repeat(201) })).toMatchObject({
    status: 400,
    body: { code: 'request-invalid' },
  })
})
