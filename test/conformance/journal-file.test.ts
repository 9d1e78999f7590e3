/** What a journal on disk owes beyond the port: it survives, it tells damage, it has one writer. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openJournal, openJournalReader } from '../../src/adapters/journal-sqlite/index.ts'
import { all, nth, refOf, run } from './journal-entries.ts'

const writer = new URL('./journal-writer.ts', import.meta.url).pathname
let folder = ''
let file = ''
let child: ChildProcess | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'davy-journal-'))
  file = join(folder, 'journal.db')
})
afterEach(() => {
  child?.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** The lines of the child, until it ends or `enough` says so, when it is killed. Its writes are small enough to arrive whole. */
async function linesOf(process: ChildProcess, enough: (count: number) => boolean): Promise<string[]> {
  child = process
  const ended = once(process, 'close')
  const lines: string[] = []
  for await (const line of createInterface({ input: process.stdout! })) {
    lines.push(line)
    if (enough(lines.length)) process.kill('SIGKILL')
  }
  await ended
  return lines
}

test('kill -9 under load, three times: everything acknowledged is there once, and the next process takes over', async () => {
  const acknowledged: string[] = []
  for (const [life, after] of [700, 4_000, 1].entries()) {
    const process_ = spawn(process.execPath, [writer, file, `life${life}`, 'forever'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    acknowledged.push(...(await linesOf(process_, (count) => count >= after)))
    expect(process_.signalCode).toBe('SIGKILL')
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(4_701)
  // What a killed service left can be read as it lies, before any service took it over.
  const left = openJournalReader({ file })
  const found = await all(left)
  await left.close()
  const journal = await openJournal({ file })
  const entries = await all(journal)
  await journal.close()
  expect(found).toEqual(entries)
  expect(entries.every((entry, i) => entry.offset === i + 1)).toBe(true)
  const counts = new Map<string, number>()
  for (const entry of entries) counts.set(refOf(entry)!, (counts.get(refOf(entry)!) ?? 0) + 1)
  expect(acknowledged.filter((ref) => counts.get(ref) !== 1)).toEqual([])
  expect(counts.size).toBe(entries.length)
})

test('a full disk refuses by name, and nothing is acknowledged out of order', async () => {
  // A limit on the size of files fails writes just as a full disk does.
  const command = `ulimit -f 600; exec "${process.execPath}" "${writer}" "${file}" full until-refused`
  const lines = await linesOf(spawn('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'] }), () => false)
  const refusals = lines.filter((line) => line.startsWith('refused'))
  expect(refusals[0]).toBe('refused journal-write')
  const acknowledged = lines.filter((line) => line.startsWith('full-'))
  expect(acknowledged.length).toBeGreaterThan(100)
  const journal = await openJournal({ file })
  const refs = (await all(journal)).map(refOf)
  // With room again, the journal goes on where it ended.
  const last = journal.last()
  expect(await journal.append([nth(1, 'room')])).toBe(last + 1)
  await journal.close()
  const taken = lines.find((line) => line.startsWith('taken'))
  expect(lines.at(-1)).toBe(`last ${last}`)
  expect(refs.slice(0, acknowledged.length)).toEqual(acknowledged)
  expect(refs.length).toBe(acknowledged.length + (taken ? 1 : 0))
})

/** Changes bytes of the file in the place where `text` stands. */
function damage(text: string): void {
  const bytes = readFileSync(file)
  const at = bytes.indexOf(text)
  expect(at).toBeGreaterThan(0)
  bytes[at] = bytes[at]! ^ 0x01
  writeFileSync(file, bytes)
}

test('changed bytes are told with the range of offsets, after everything before them was read', async () => {
  const journal = await openJournal({ file })
  for (const first of [1, 5_001, 10_001]) await journal.append(run(5_000, first))
  await journal.close()
  damage('r-7000')
  const reader = openJournalReader({ file })
  const read: number[] = []
  await expect(
    (async () => {
      for await (const batch of reader.read(1)) read.push(...batch.map(({ offset }) => offset))
    })(),
  ).rejects.toMatchObject({
    code: 'journal-damaged',
    message: expect.stringContaining('5001 to 10000'),
    remedy: expect.any(String),
  })
  expect(read).toEqual(Array.from({ length: 5_000 }, (_, i) => i + 1))
  expect((await all(reader, 10_001)).length).toBe(5_000)
  await reader.close()
})

test('missing and exchanged groups are told too', async () => {
  const journal = await openJournal({ file })
  for (const first of [1, 11, 21, 31]) await journal.append(run(10, first))
  await journal.close()
  const raw = new DatabaseSync(file)
  raw.exec('DELETE FROM entries WHERE first = 11')
  const reader = openJournalReader({ file })
  await expect(all(reader)).rejects.toMatchObject({ code: 'journal-damaged', message: expect.stringContaining('11') })
  raw.exec('UPDATE entries SET body = (SELECT body FROM entries WHERE first = 1) WHERE first = 31')
  await expect(all(reader, 31)).rejects.toMatchObject({
    code: 'journal-damaged',
    message: expect.stringContaining('31 to 40'),
  })
  raw.close()
  await reader.close()
})

test('a second opener is refused and told which process has it; after closing it may', async () => {
  const journal = await openJournal({ file })
  await expect(openJournal({ file })).rejects.toMatchObject({
    code: 'data-in-use',
    message: expect.stringContaining(`process ${process.pid}`),
  })
  const other = spawn(process.execPath, [writer, file, 'other', 'forever'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child = other
  let words = ''
  for await (const chunk of other.stderr) words += chunk
  expect(words).toContain('data-in-use')
  await journal.append(run(3))
  await journal.close()
  const again = await openJournal({ file })
  expect(again.last()).toBe(3)
  await again.close()
})

test('a reader beside the writer sees what is durable, and points named since it opened', async () => {
  const journal = await openJournal({ file })
  const reader = openJournalReader({ file })
  expect(reader.last()).toBe(0)
  await journal.append(run(5))
  expect((await all(reader)).length).toBe(5)
  await journal.append(run(100, 6))
  expect(reader.last()).toBe(105)
  expect(await all(reader)).toEqual(await all(journal))
  await reader.close()
  await journal.close()
})

test('a reader needs a journal that exists', () => {
  expect(() => openJournalReader({ file })).toThrow(expect.objectContaining({ code: 'data-missing' }))
})

test('a newer format and a file of another kind are refused in words', async () => {
  await (await openJournal({ file })).close()
  const raw = new DatabaseSync(file)
  raw.exec('PRAGMA user_version = 99')
  await expect(openJournal({ file })).rejects.toMatchObject({
    code: 'data-newer',
    message: expect.stringContaining('99'),
  })
  expect(() => openJournalReader({ file })).toThrow(expect.objectContaining({ code: 'data-newer' }))
  raw.exec('PRAGMA user_version = 1; PRAGMA application_id = 7')
  raw.close()
  await expect(openJournal({ file })).rejects.toMatchObject({ code: 'data-foreign' })
  writeFileSync(file, 'not a database, but long enough to be taken for the head of one'.repeat(100))
  await expect(openJournal({ file })).rejects.toMatchObject({ code: 'data-damaged' })
})

test('a folder in its place, and a lock that something else wrote to, are refused in words', async () => {
  mkdirSync(file, { recursive: true })
  const folder = { code: 'data-foreign', where: file, message: expect.stringContaining('folder') }
  await expect(openJournal({ file })).rejects.toMatchObject(folder)
  expect(() => openJournalReader({ file })).toThrow(expect.objectContaining(folder))
  rmdirSync(file)
  writeFileSync(`${file}.lock`, 'no lock at all '.repeat(1_000))
  const damaged = { code: 'data-damaged', where: `${file}.lock`, remedy: expect.stringContaining('remove') }
  await expect(openJournal({ file })).rejects.toMatchObject(damaged)
})

test('an entry that cannot be encoded is refused alone', async () => {
  const journal = await openJournal({ file })
  const cyclic: Record<string, unknown> = { card: '7' }
  cyclic.self = cyclic
  const bad = {
    ...nth(2),
    reading: { point: { siteId: 's', id: 'new' }, ts: 1, value: cyclic, quality: 'good' },
  } as never
  const first = journal.append([nth(1)])
  await expect(journal.append([nth(2), bad])).rejects.toMatchObject({ code: 'journal-entry' })
  expect(await journal.append([nth(3)])).toBe(2)
  expect(await first).toBe(1)
  expect((await all(journal)).map(refOf)).toEqual(['r-1', 'r-3'])
  await journal.close()
})
