import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Bench, openBench } from './api/test-service.ts'
import { openAttachments } from './attachments.ts'

let data: string
let bench: Bench
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'davy-attachments-'))
  bench = await openBench()
})
afterAll(async () => {
  await bench.close()
  await rm(data, { recursive: true })
})

const bytes = (size: number, fill: number) => new Uint8Array(size).fill(fill)

test('the same bytes are kept once, and room is counted across restarts', async () => {
  const limits = { file: 100, all: 250 }
  const first = openAttachments({ data, limits })
  const kept = await first.keep(bytes(100, 1))
  expect(await first.keep(bytes(100, 1))).toEqual(kept)
  expect(await first.keep(bytes(100, 2))).not.toBe('full')
  expect(await first.keep(bytes(100, 3))).toBe('full')
  const second = openAttachments({ data, limits })
  expect(await second.keep(bytes(60, 4))).toBe('full')
  expect(await second.keep(bytes(50, 4))).not.toBe('full')
  if (kept === 'full') throw new Error('the first file fits')
  expect(await second.read(kept.sha256)).toEqual(Buffer.from(bytes(100, 1)))
  expect(await second.size(kept.sha256)).toBe(100)
})

test('uploads side by side share the room, and a folder that could not be read once is read again', async () => {
  const own = await mkdtemp(join(tmpdir(), 'davy-attachments-'))
  onTestFinished(() => rm(own, { recursive: true }))
  const attachments = openAttachments({ data: own, limits: { file: 100, all: 250 } })
  await writeFile(join(own, 'attachments'), 'in the way')
  await expect(attachments.keep(bytes(100, 1))).rejects.toThrow()
  await rm(join(own, 'attachments'))
  const kept = await Promise.all([1, 2, 3, 4].map((fill) => attachments.keep(bytes(100, fill))))
  expect(kept.filter((each) => each === 'full')).toHaveLength(2)
})

test('only names that are hashes are looked for', async () => {
  await writeFile(join(data, 'secret'), 'x')
  const attachments = openAttachments({ data })
  expect(await attachments.read('../secret')).toBeUndefined()
  expect(await attachments.size('../secret')).toBeUndefined()
})

test('a file over the limit is refused, whatever its type', async () => {
  const token = await bench.login()
  const send = async (size: number) => {
    const reply = await bench.app.inject({
      method: 'POST',
      url: '/api/v1/attachments?name=film.mp4',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'video/mp4' },
      payload: Buffer.alloc(size, 7),
    })
    return [reply.statusCode, (reply.json() as { code?: string }).code]
  }
  expect(await send(16 * 1024 * 1024)).toEqual([201, undefined])
  expect(await send(16 * 1024 * 1024 + 1)).toEqual([413, 'payload-too-large'])
})
