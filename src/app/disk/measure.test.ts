import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { measureDisk } from './measure.ts'

const data = mkdtempSync(join(tmpdir(), 'davy-disk-'))
afterAll(() => rmSync(data, { recursive: true }))

test('each part has what its files take, logs and folders included; the rest is other', async () => {
  const write = (path: string, kib: number) => writeFileSync(join(data, path), Buffer.alloc(kib * 1024, 1))
  mkdirSync(join(data, 'configurations', 'abc', 'sites'), { recursive: true })
  write('journal.db', 400)
  write('journal.db-wal', 100)
  write('history.db', 300)
  write('store.db-shm', 64)
  write('configurations/abc/sites/mine.yaml', 40)
  write('audit.jsonl', 20)
  const { free, size, parts } = await measureDisk(data)
  const kib = Object.fromEntries(Object.entries(parts).map(([part, bytes]) => [part, Math.round(bytes / 1024)]))
  expect(kib).toEqual({ journal: 500, history: 300, store: 64, configurations: 40, other: 20 })
  expect(free).toBeGreaterThan(0)
  expect(size).toBeGreaterThan(free)
})

test('a folder that is not there is an error, not an empty disk', async () => {
  await expect(measureDisk(join(data, 'gone'))).rejects.toThrow('ENOENT')
})
