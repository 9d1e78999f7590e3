import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openJournal } from '../adapters/journal-sqlite/index.ts'
import { createJournalWork, type JournalWork } from './journal-work.ts'

let data: string
let work: JournalWork
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'davy-work-'))
  await (await openJournal({ file: join(data, 'journal.db') })).close()
  work = createJournalWork({ data, most: 1 })
})
afterEach(async () => {
  await work.close()
  rmSync(data, { recursive: true })
})

/** The processes that work for this one. */
const children = () =>
  readdirSync('/proc/self/task')
    .flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' '))
    .filter((pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('journal-worker'))
    .map(Number)

test('what the work says is answered by its code, and one more than may run at once is refused', async () => {
  const asked = work.evidence('mine/gas/ch4:high')
  expect(() => work.evidence('mine/gas/ch4:high')).toThrow(expect.objectContaining({ code: 'busy' }))
  await expect(asked).rejects.toMatchObject({ code: 'alarm-unknown' })
})

test('work whose process dies is an error, and nothing else', async () => {
  const asked = work.evidence('mine/gas/ch4:high')
  for (const pid of children()) process.kill(pid, 'SIGABRT')
  await expect(asked).rejects.toThrow('the work over the journal ended with SIGABRT')
  await expect(work.evidence('mine/gas/ch4:high')).rejects.toMatchObject({ code: 'alarm-unknown' })
})

test('work for nobody is ended, and so is what runs at the end', async () => {
  const left = new AbortController()
  const asked = work.evidence('mine/gas/ch4:high', { signal: left.signal })
  left.abort()
  await expect(asked).rejects.toMatchObject({ code: 'aborted' })
  await work.close()
  expect(children()).toEqual([])
  const running = work.evidence('mine/gas/ch4:high')
  const told = expect(running).rejects.toMatchObject({ code: 'aborted' })
  await work.close()
  await told
  expect(children()).toEqual([])
})
