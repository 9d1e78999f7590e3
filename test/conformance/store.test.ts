/** The SQLite store: its alarm store against the suite, its snapshots and dead letters, and what a file owes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listStatement } from '../../src/adapters/store-sqlite/alarm-list.ts'
import { openStore, type Store } from '../../src/adapters/store-sqlite/index.ts'
import { readTold } from '../../src/adapters/store-sqlite/told.ts'
import type { DeadLetter } from '../../src/model/errors.ts'
import type { AlarmQuery } from '../../src/model/ports.ts'
import { alarmStoreConformance } from './store-alarms.ts'
import { hazardStoreConformance } from './store-hazards.ts'
import { reconciliationConformance } from './store-reconciliation.ts'
import { life, START } from './store-transitions.ts'

let folder = ''
let file = ''
let store: Store

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'davy-store-'))
  file = join(folder, 'data', 'store.db')
})
afterEach(async () => {
  await store?.close()
  rmSync(folder, { recursive: true, force: true })
})

alarmStoreConformance({
  name: 'sqlite',
  open: async () => {
    store = await openStore({ file })
    return store.alarms
  },
  dispose: async () => {},
})

reconciliationConformance({
  name: 'sqlite',
  open: async () => {
    store = await openStore({ file })
    return store.alarms
  },
})

hazardStoreConformance({
  name: 'sqlite',
  open: async () => {
    store = await openStore({ file })
    return store.hazards
  },
  close: async () => {},
})

test('everything is there after closing and opening again', async () => {
  store = await openStore({ file })
  await store.alarms.put(life('a', { steps: 2, offset: 9 }))
  await store.snapshots.save({ offset: 5, hash: 'h', state: { 人: [1, null, 'x'] } })
  await store.close()
  store = await openStore({ file })
  expect(await store.alarms.offset()).toBe(9)
  expect(await store.alarms.put(life('a', { steps: 3, offset: 9 }))).toMatchObject([{ seq: 3 }])
  expect(await store.snapshots.latest()).toEqual({ offset: 5, hash: 'h', state: { 人: [1, null, 'x'] } })
})

test('a second opener is refused', async () => {
  store = await openStore({ file })
  await expect(openStore({ file })).rejects.toMatchObject({ code: 'data-in-use' })
})

test('the list walks an index, with a filter or without, among 200 000 alarms', async () => {
  store = await openStore({ file })
  await store.close()
  const raw = new DatabaseSync(file)
  raw.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
    INSERT INTO transition SELECT i, 'id' || i, 'alarm' || i, '{}' FROM n`)
  raw.exec(`INSERT INTO alarm (alarm, episode, revision, site, rule, state, severity, raised, cleared, last)
    SELECT alarm, 1, 1, 'site' || (seq % 30), CASE seq % 3 WHEN 0 THEN 'limit' ELSE 'silent' END,
      CASE WHEN seq % 5000 = 0 THEN 'unacked' WHEN seq % 7000 = 0 THEN 'acked' ELSE 'normal' END,
      CASE seq % 4 WHEN 0 THEN 'critical' WHEN 1 THEN 'major' WHEN 2 THEN 'minor' ELSE 'notice' END,
      ${START} + seq * 10, NULL, seq FROM transition`)
  const queries: AlarmQuery[] = [
    {},
    { cursor: `${(START + 1_000_000).toString(36)}.2s` },
    { site: 'site7' },
    { rule: 'limit', from: START, to: START + 900_000 },
    { severity: ['critical', 'major'] },
    { state: ['unacked', 'acked', 'rtn-unacked'] },
    { state: ['unacked', 'acked', 'rtn-unacked'], site: 'site20', severity: ['critical'] },
    { state: ['normal'] },
    { order: 'urgency', state: ['unacked', 'acked', 'rtn-unacked'] },
    { order: 'urgency', state: ['acked', 'normal'], site: 'site7' },
    { state: ['normal'], site: 'site7' },
    { state: ['normal'], site: 'site6', rule: 'limit' },
    { site: 'site8', severity: ['critical'] },
    { rule: 'silent', severity: ['minor'] },
  ]
  for (const query of queries) {
    const { sql, values } = listStatement(query)
    const plan = raw
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...values)
      .map(({ detail }) => String(detail))
    const alarms = plan.filter((step) => /\balarm\b/.test(step))
    expect(alarms.length, plan.join('\n')).toBeGreaterThan(0)
    // A scan along an index in its order is the page itself; within a branch nothing may have to be sorted.
    for (const step of alarms) expect(step).toMatch(/USING (COVERING )?INDEX alarm_by_/)
    // Of two filters both are in the index, or the walk passes by rows without end that the other one drops.
    const both = query.site !== undefined && query.rule !== undefined
    if (both) expect(plan.join('\n')).toContain('alarm_by_site_rule (site=? AND rule=?')
    if (!query.state?.[1] && !query.severity?.[1]) expect(plan.join('\n')).not.toContain('TEMP B-TREE')
    expect(raw.prepare(sql).all(...values).length).toBeGreaterThan(0)
  }
  raw.close()
})

test('damage met after opening is named, with the file and what to do', async () => {
  store = await openStore({ file })
  await store.alarms.put(Array.from({ length: 200 }, (_, i) => life(`a${i}`, { steps: 2, offset: 1 + i * 2 })).flat())
  await store.close()
  const raw = new DatabaseSync(file)
  const page = raw.prepare(
    `SELECT rootpage, page_size AS size FROM sqlite_schema, pragma_page_size WHERE name = 'alarm'`,
  )
  const { rootpage, size } = page.get() as { rootpage: number; size: number }
  raw.close()
  const bytes = readFileSync(file)
  bytes.fill(0xa5, (rootpage - 1) * size, rootpage * size)
  writeFileSync(file, bytes)
  const named = { code: 'data-damaged', where: file, remedy: expect.stringContaining('built anew') }
  store = await openStore({ file })
  await expect(store.alarms.list({})).rejects.toMatchObject(named)
})

test('a text that is no longer what was written is named likewise', async () => {
  store = await openStore({ file })
  await store.alarms.put(life('a', { steps: 2 }))
  const raw = new DatabaseSync(file)
  raw.exec(`UPDATE transition SET body = substr(body, 2)`)
  raw.close()
  const named = { code: 'data-damaged', where: file, remedy: expect.stringContaining('built anew') }
  await expect(store.alarms.list({})).rejects.toMatchObject(named)
  expect(() => readTold({ file, alarm: life('a', { steps: 1 })[0]!.alarm })).toThrow(expect.objectContaining(named))
})

test('keeps two snapshots; a damaged one is passed over, and said to be', async () => {
  const warnings: string[] = []
  store = await openStore({ file, warn: (message) => warnings.push(message) })
  expect(await store.snapshots.latest()).toBeUndefined()
  for (const offset of [10, 20, 30]) await store.snapshots.save({ offset, hash: 'h', state: { at: offset } })
  expect(await store.snapshots.latest()).toEqual({ offset: 30, hash: 'h', state: { at: 30 } })
  await store.close()
  const raw = new DatabaseSync(file)
  expect(raw.prepare('SELECT upto FROM snapshot ORDER BY id').all()).toMatchObject([{ upto: 20 }, { upto: 30 }])
  raw.exec('UPDATE snapshot SET upto = 31 WHERE upto = 30')
  store = await openStore({ file, warn: (message) => warnings.push(message) })
  expect(await store.snapshots.latest()).toEqual({ offset: 20, hash: 'h', state: { at: 20 } })
  raw.exec('UPDATE snapshot SET body = zeroblob(12)')
  expect(await store.snapshots.latest()).toBeUndefined()
  raw.close()
  expect(warnings[0]).toContain('31 is damaged')
  expect(warnings.length).toBe(3)
})

const letter = (n: number, code: DeadLetter['code'] = 'point-unknown'): DeadLetter => ({
  source: 'mqtt',
  topic: `davy/v1/s/p${n}`,
  payload: Buffer.from(`payload ${n}`),
  at: START + n,
  code,
  detail: `p${n}`,
})

test('dead letters are kept whole, newest first, by code, and marked when replayed', async () => {
  store = await openStore({ file })
  await store.letters.put([letter(1), letter(2, 'value-type'), letter(3)])
  const all = await store.letters.list({})
  expect(all.map(({ topic }) => topic)).toEqual(['davy/v1/s/p3', 'davy/v1/s/p2', 'davy/v1/s/p1'])
  expect(Buffer.from(all[0]!.payload).toString()).toBe('payload 3')
  expect((await store.letters.list({ code: 'point-unknown', before: all[0]!.id })).map(({ detail }) => detail)).toEqual(
    ['p1'],
  )
  expect((await store.letters.list({ limit: 1 })).length).toBe(1)
  await store.letters.markReplayed(all[2]!.id)
  const { payload, ...marked } = (await store.letters.get(all[2]!.id))!
  expect(marked).toMatchObject({ source: 'mqtt', at: START + 1, code: 'point-unknown', replayed: true })
  expect(Buffer.from(payload).toString()).toBe('payload 1')
  expect(await store.letters.get(999)).toBeUndefined()
})

test('dead letters are bounded in number and bytes, the oldest go first, the counts stay', async () => {
  store = await openStore({ file, letters: 5, letterBytes: 1_000 })
  await store.letters.put(Array.from({ length: 8 }, (_, n) => letter(n)))
  expect((await store.letters.list({})).map(({ detail }) => detail)).toEqual(['p7', 'p6', 'p5', 'p4', 'p3'])
  await store.close()
  store = await openStore({ file, letters: 5, letterBytes: 1_000 })
  await store.letters.put([{ ...letter(8, 'payload-not-json'), payload: new Uint8Array(980) }])
  expect((await store.letters.list({})).map(({ detail }) => detail)).toEqual(['p8', 'p7', 'p6'])
  expect(await store.letters.counts()).toEqual({ 'payload-not-json': 1, 'point-unknown': 8 })
})
