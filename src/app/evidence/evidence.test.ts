import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMemoryJournal } from '../../adapters/journal-memory/index.ts'
import type { Transition } from '../../model/alarm.ts'
import type { Entry, NewEntry } from '../../model/entry.ts'
import type { Value } from '../../model/reading.ts'
import type { Installation } from '../../model/site.ts'
import { LATEST, MINUTE, SECOND } from '../../model/time.ts'
import { RULES } from '../../rules/index.ts'
import { loadConfig } from '../config/load.ts'
import { openConfigurations } from '../kept-configurations.ts'
import type { Bundle } from './bundle.ts'
import { type CollectOptions, collect } from './collect.ts'
import { readBundle } from './read.ts'
import { createRefold } from './refold.ts'
import { rerun } from './rerun.ts'

const dir = mkdtempSync(join(tmpdir(), 'davy-evidence-test-'))
const data = join(dir, 'data')
const START = Date.parse('2026-05-01T08:00:00+08:00')
const SITE = `site: mine
timezone: Asia/Shanghai
areas:
  - { id: underground, kind: underground }
  - { id: face, kind: coal-face, in: underground }
points:
  - { id: ch4, kind: gas.ch4, unit: "%", area: face }
  - { id: reader, kind: card.reader, area: face }
`
/** Alarms here are latched, suppressed, grouped, called out and handed on. */
const DESK = {
  'sites/mine.yaml': SITE,
  'rules/pack.yaml': `regulation: { id: pack }
rules:
  - { id: gas, rule: limit, latch: true, realarm: 1m, raiseAfter: 0s, levels: [{ name: cut, high: 1.5, clear: 1 }] }
  - { id: crew, rule: over-crew, match: { kind: coal-face }, limit: 0, raiseAfter: 0s, clearAfter: 0s }
suppress: [{ id: crowd, while: { rule: crew }, alarms: { rule: gas }, same: area }]
`,
  'duty.yaml': `desks:
  - { id: low, level: mine, sites: [mine], parent: high }
  - { id: high, level: city }
clocks: { major: { ack: 90s } }
`,
}
const OTHER = 'site: other\npoints:\n  - { id: ch4, kind: gas.ch4 }\n'
const rules = (limit: number) => `regulation: { id: pack }
rules:
  - { id: crew, rule: over-crew, clause: "27", match: { kind: coal-face }, limit: ${limit}, raiseAfter: 60s, clearAfter: 60s }
  - { id: gas, rule: limit, raiseAfter: 10s, levels: [{ name: cut, high: 1.5, clear: 1 }] }
`
let first: Installation
let second: Installation

const configured = (name: string, limit: number): Promise<Installation> =>
  configure(name, { 'sites/mine.yaml': SITE, 'sites/other.yaml': OTHER, 'rules/pack.yaml': rules(limit) })

async function configure(name: string, contents: Readonly<Record<string, string>>): Promise<Installation> {
  const folder = join(dir, name)
  for (const [path, text] of Object.entries(contents)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const { installation, files } = await loadConfig(folder, { rules: RULES, adapters: {} })
  await openConfigurations({ data, rules: RULES }).keep(installation!.hash, files)
  return installation!
}

beforeAll(async () => {
  first = await configured('first', 2)
  second = await configured('second', 3)
})
afterAll(() => rmSync(dir, { recursive: true }))

const at = (seconds: number) => START + seconds * SECOND
function reading(seconds: number, point: string, value: Value | null, site = 'mine'): NewEntry {
  return {
    type: 'reading',
    at: at(seconds),
    reading: { point: { siteId: site, id: point }, ts: at(seconds), value, quality: 'good' },
  }
}
const ticks = (from: number, to: number): NewEntry[] =>
  Array.from({ length: to - from }, (_, i) => ({ type: 'tick', at: at(from + i) }))

/** An hour of calm, three cards at a face for two, gas, an acknowledgement, and a rule that is changed later. */
function story(): NewEntry[] {
  return [
    { type: 'config', at: at(0), hash: first.hash },
    ...ticks(1, 30),
    reading(30, 'ch4', 0.4),
    reading(31, 'ch4', 0.4, 'other'),
    reading(32, 'reader', { card: 'c-1' }),
    ...ticks(33, 3_600),
    reading(3_600, 'reader', { card: 'c-2' }),
    reading(3_610, 'reader', { card: 'c-3' }),
    ...ticks(3_611, 3_700),
    { type: 'command', at: at(3_700), command: { command: 'ack', alarm: 'mine/crew/face', by: 'duty', ts: at(3_700) } },
    reading(3_701, 'ch4', 1.7),
    reading(3_712, 'ch4', 1.7),
    reading(3_720, 'ch4', 0.4),
    reading(3_730, 'reader', { card: 'c-3', gone: true }),
    ...ticks(3_731, 3_800),
    { type: 'config', at: at(3_800), hash: second.hash },
    ...ticks(3_801, 3_900),
  ]
}

type More = Pick<CollectOptions, 'most' | 'told'>
async function evidence(alarm: string, entries = story(), more: More = {}): Promise<Bundle> {
  const journal = openMemoryJournal()
  await journal.append(entries)
  const configurationOf = openConfigurations({ data, rules: RULES }).load
  return collect({ journal, data, rules: RULES, configurationOf, alarm, ...more })
}

/** As the alarm store would have them. */
async function told(alarm: string): Promise<readonly Transition[]> {
  const refold = createRefold({ rules: RULES, configurationOf: openConfigurations({ data, rules: RULES }).load })
  const transitions: Transition[] = []
  for (const [i, entry] of story().entries()) await refold.apply({ ...entry, offset: i + 1 } as Entry, transitions)
  return transitions.filter((transition) => transition.alarm === alarm)
}

test('an alarm is proven from what came in: its whole episode, judged again byte for byte, elsewhere', async () => {
  const bundle = await evidence('mine/crew/face')
  expect(bundle.transitions.map(({ cause, at: when }) => `${cause} ${when.slice(11, 19)}`)).toEqual([
    'raised 09:01:10',
    'acked 09:01:40',
    'cleared 09:03:10',
  ])
  expect(bundle.rule).toMatchObject({ id: 'crew', rule: 'over-crew', clause: '27', params: { limit: 2 } })
  expect(bundle.rule.version).toBe(first.rules.find(({ id }) => id === 'crew')!.hash)
  expect(bundle.readings.map(({ point, ts }) => `${point} ${ts.slice(11, 19)}`)).toContain('reader 09:00:10')
  // The lead is part of the proof, the hour before it is in the state; the other site is nobody's business here.
  expect(bundle.entries[0]!.at).toBe(at(3_610) - 5 * MINUTE)
  expect(bundle.entries.filter((entry) => entry.type === 'reading').every(({ site }) => site === 'mine')).toBe(true)
  expect(JSON.stringify(bundle.before)).not.toContain('other')
  const elsewhere = JSON.parse(JSON.stringify(bundle)) as Bundle
  expect(await rerun(elsewhere, { rules: RULES })).toEqual({
    sealed: true,
    configured: true,
    reproduced: true,
    problems: [],
  })
})

test('an episode that another limit ends is judged by both configurations', async () => {
  const entries = story().filter((entry) => entry.at < at(3_730) || entry.at >= at(3_800))
  const bundle = await evidence('mine/crew/face', entries)
  expect(bundle.configurations.map(({ hash }) => hash)).toEqual([first.hash, second.hash])
  expect(bundle.transitions.at(-1)).toMatchObject({ cause: 'cleared', value: 3, limit: 3 })
  expect((await rerun(bundle, { rules: RULES })).problems).toEqual([])
})

test('what other alarms and the duty desks did to it is told, and the re-run answers for its own rule alone', async () => {
  const { hash } = await configure('desk', DESK)
  const alarm = 'mine/gas/ch4:cut'
  const bundle = await evidence(alarm, [
    { type: 'config', at: at(0), hash },
    reading(600, 'ch4', 1.7),
    ...ticks(601, 720),
    reading(720, 'reader', { card: 'c-1' }),
    ...ticks(721, 750),
    reading(750, 'reader', { card: 'c-1', gone: true }),
    ...ticks(751, 800),
    { type: 'command', at: at(800), command: { command: 'ack', alarm, by: 'duty', ts: at(800) } },
    reading(810, 'ch4', 0.2),
    { type: 'command', at: at(820), command: { command: 'reset', alarm, by: 'duty', ts: at(820) } },
  ])
  expect(bundle.transitions.map(({ cause, desk, hush }) => [cause, desk, hush?.by].filter(Boolean).join(' '))).toEqual([
    'raised low',
    'realarmed low',
    'handed-on high',
    'suppressed high mine/crew/face',
    'realarmed high mine/crew/face',
    'unsuppressed high',
    'realarmed high',
    'acked high',
    'cleared low',
    'reset low',
  ])
  expect(await rerun(bundle, { rules: RULES })).toMatchObject({ reproduced: true, problems: [] })
})

test('where more comes in than a bundle holds, it still holds the rise', async () => {
  const whole = await evidence('mine/crew/face')
  for (const most of [20, 60]) {
    const bundle = await evidence('mine/crew/face', story(), { most })
    expect(bundle).toMatchObject({ cut: true, transitions: whole.transitions })
    expect(bundle.entries).toHaveLength(most)
    expect(await rerun(bundle, { rules: RULES })).toMatchObject({ reproduced: true, problems: [] })
  }
})

test('changing any one value anywhere is found', async () => {
  const bundle = await evidence('mine/gas/ch4:cut')
  expect((await rerun(bundle, { rules: RULES })).problems).toEqual([])
  const paths: (string | number)[][] = []
  const walk = (value: unknown, path: (string | number)[]) => {
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key])
    else paths.push(path)
  }
  walk(bundle, [])
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), async (path) => {
      const changed = JSON.parse(JSON.stringify(bundle)) as Record<string, unknown>
      const holder = path
        .slice(0, -1)
        .reduce<Record<string, unknown>>((inner, key) => inner[key] as Record<string, unknown>, changed)
      const key = path.at(-1)!
      const before = holder[key]
      holder[key] = typeof before === 'number' ? before + 1 : typeof before === 'boolean' ? !before : `${before}x`
      const verdict = await rerun(changed as unknown as Bundle, { rules: RULES }).catch((error: unknown) => ({
        problems: [String(error)],
      }))
      expect(verdict.problems).not.toEqual([])
    }),
    { numRuns: 40 },
  )
})

test('a file that is no bundle, or no longer one, is refused by name or found wanting, never more', async () => {
  const bundle = await evidence('mine/gas/ch4:cut')
  const paths: (string | number)[][] = []
  const walk = (value: unknown, path: (string | number)[], depth: number) => {
    if (path.length > 0) paths.push(path)
    if (typeof value !== 'object' || value === null || depth === 0) return
    for (const [key, inner] of Object.entries(value).slice(0, 12)) walk(inner, [...path, key], depth - 1)
  }
  walk(bundle, [], 5)
  const put = (path: readonly (string | number)[], value: unknown): string => {
    const changed = JSON.parse(JSON.stringify(bundle)) as Record<string | number, unknown>
    let holder = changed
    for (const key of path.slice(0, -1)) holder = holder[key] as typeof holder
    holder[path.at(-1)!] = value
    return JSON.stringify(changed)
  }
  const replaced = fc.tuple(fc.constantFrom(...paths), fc.oneof(fc.jsonValue(), fc.constant(undefined)))
  const text = fc.oneof(
    { weight: 8, arbitrary: replaced.map(([path, value]) => put(path, value)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string() },
  )
  await fc.assert(
    fc.asyncProperty(text, async (given) => {
      let read: Bundle
      try {
        read = readBundle(given, 'a.json')
      } catch (error) {
        expect(error).toMatchObject({ code: 'bundle-unreadable', where: 'a.json' })
        return
      }
      const { problems } = await rerun(read, { rules: RULES })
      expect(given === JSON.stringify(bundle) || problems.length > 0).toBe(true)
    }),
    { numRuns: 120 },
  )
})

test('an entry of a time that no clock shows is refused by name, not waited for', async () => {
  const bundle = await evidence('mine/gas/ch4:cut')
  for (const at of [6.6e146, 8.64e15, LATEST + 1, -1, 0.5]) {
    const given = { ...bundle, entries: [...bundle.entries, { offset: 99_999, at, type: 'tick' }] }
    const read = () => readBundle(JSON.stringify(given), 'a.json')
    expect(read, String(at)).toThrow(expect.objectContaining({ code: 'bundle-unreadable', where: 'a.json' }))
  }
})

test('a broken audit log is said to be broken, and what it says of the alarm is not left out', async () => {
  const log = join(data, 'audit.jsonl')
  for (const lines of ['no record\n', '"mine/gas/ch4:cut"\n', '{"object":"mine/gas/ch4:cut",\n{"n":2}\n', 'null\n']) {
    writeFileSync(log, lines)
    await expect(evidence('mine/gas/ch4:cut'), lines).rejects.toMatchObject({ code: 'data-damaged', where: log })
  }
  rmSync(log)
})

test('values that were changed and sealed anew do not reproduce the decision', async () => {
  const bundle = await evidence('mine/gas/ch4:cut')
  const entries = bundle.entries.map((entry) =>
    entry.type === 'reading' && entry.value === 1.7 ? { ...entry, value: 1.2 } : entry,
  )
  const { seal } = await import('./bundle.ts')
  const { seal: _, ...contents } = bundle
  const verdict = await rerun(seal({ ...contents, entries }), { rules: RULES })
  expect(verdict).toMatchObject({ sealed: true, reproduced: false })
  expect(verdict.problems[0]).toContain('differs at transition 1')
})

test('what a bundle says of its rule, its decision and its readings is held against what it is judged by', async () => {
  const { seal: made, ...contents } = await evidence('mine/gas/ch4:cut')
  const { seal } = await import('./bundle.ts')
  const { rule, readings } = contents
  const forged: readonly (readonly [Partial<typeof contents>, string])[] = [
    [{ rule: { ...rule, params: { levels: [] } } }, 'the rule’s params'],
    [{ rule: { ...rule, clause: '99' } }, 'the rule’s clause'],
    [{ decision: { zh: '', en: 'all was well' } }, 'the decision'],
    [{ readings: readings.map((reading) => ({ ...reading, value: 0 })) }, `reading #${readings[0]!.offset}`],
  ]
  for (const [change, problem] of forged) {
    const verdict = await rerun(seal({ ...contents, ...change }), { rules: RULES })
    expect(verdict, problem).toMatchObject({ sealed: true, configured: true, reproduced: false })
    expect(verdict.problems.join('\n').replaceAll("'", '’')).toContain(problem)
  }
  expect(seal(contents).seal).toBe(made)
})

test('what was told is what must come again, not what comes now', async () => {
  const then = await told('mine/gas/ch4:cut')
  const same = await evidence('mine/gas/ch4:cut', story(), { told: then })
  expect(await rerun(same, { rules: RULES })).toMatchObject({ reproduced: true, problems: [] })
  // What was stored last before a crash may be less than the journal gives.
  expect(await evidence('mine/gas/ch4:cut', story(), { told: then.slice(0, 1) })).toEqual(same)
  const other = await evidence('mine/gas/ch4:cut', story(), { told: then.map((one) => ({ ...one, value: 9 })) })
  expect(other.transitions[0]!.value).toBe(9)
  const verdict = await rerun(other, { rules: RULES })
  expect(verdict).toMatchObject({ sealed: true, reproduced: false })
  expect(verdict.problems[0]).toContain('differs at transition 1')
})

test('a state that another version saved is not folded on', async () => {
  const bundle = await evidence('mine/crew/face')
  const before = { ...(bundle.before as object), form: 0 }
  const verdict = await rerun({ ...bundle, before } as Bundle, { rules: RULES })
  expect(verdict.reproduced).toBe(false)
  expect(verdict.problems).toContainEqual(expect.stringContaining('another version'))
})

test('what cannot be explained says why', async () => {
  await expect(evidence('mine/gas/ch4:nothing')).rejects.toMatchObject({ code: 'alarm-unknown' })
  const lost: NewEntry[] = [{ type: 'config', at: at(0), hash: 'f'.repeat(64) }, ...story()]
  await expect(evidence('mine/gas/ch4:cut', lost)).rejects.toMatchObject({ code: 'configuration-lost' })
})
