import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { openMemoryJournal } from '../adapters/journal-memory/index.ts'
import { createBatch } from '../ingest/batch.ts'
import { createDoor } from '../ingest/door.ts'
import type { Transition } from '../model/alarm.ts'
import type { NewEntry } from '../model/entry.ts'
import type { Snapshot, Snapshots } from '../model/ports.ts'
import type { Installation } from '../model/site.ts'
import { parseInstant } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { loadConfig } from './config/load.ts'
import { createFold, type Fold } from './fold.ts'
import { openConfigurations } from './kept-configurations.ts'
import { type RecoverOptions, recover } from './recover.ts'

const NOW = parseInstant('2026-05-01T08:00:00+08:00')!
const SITE = { points: [{ id: 'ch4', kind: 'gas.ch4', range: [0, 10] }] }
const rule = (high: number) => ({
  id: 'gas',
  rule: 'limit',
  match: { kind: 'gas.ch4' },
  levels: [{ name: 'alarm', high, raiseAfter: '2s' }],
})
const under = (high: number) => inlineInstallation({ file: 'mine', known: RULES, site: SITE, rules: [rule(high)] })

/** What happened: at each second a value, or a configuration that came into force. */
type Happening = number | Installation

/** Journals and judges what happened as a running service does; `snapped`: with a snapshot after each entry. */
async function live(happenings: readonly Happening[], { snapped = true } = {}) {
  const journal = openMemoryJournal()
  const transitions: Transition[] = []
  const snapshots: Snapshot[] = []
  let fold: Fold | undefined
  for (const [second, happening] of happenings.entries()) {
    const at = NOW + second * 1_000
    const entries: NewEntry[] =
      typeof happening === 'number'
        ? [
            {
              type: 'reading',
              at,
              reading: { point: { siteId: 'mine', id: 'ch4' }, ts: at, value: happening, quality: 'good' },
            },
            { type: 'tick', at },
          ]
        : [{ type: 'config', at, hash: happening.hash }]
    for (const entry of entries) {
      if (typeof happening !== 'number') {
        const saved = fold && JSON.parse(JSON.stringify(fold.save()))
        fold = createFold({ installation: happening, rules: RULES, ...(saved && { saved }) })
      }
      const offset = await journal.append([entry])
      fold!.apply({ ...entry, offset }, transitions)
      if (snapped)
        snapshots.push({ offset, hash: fold!.installation.hash, state: JSON.parse(JSON.stringify(fold!.save())) })
    }
  }
  return { journal, transitions, snapshots, fold: fold! }
}

const kept = (snapshot: Snapshot | undefined): Snapshots => ({ save: async () => {}, latest: async () => snapshot })

async function again(options: Pick<RecoverOptions, 'journal' | 'installation'> & Partial<RecoverOptions>) {
  const transitions: Transition[] = []
  const recovered = await recover({
    snapshots: kept(undefined),
    rules: RULES,
    door: createDoor(options.installation),
    remember: 1_000,
    onTransitions: async (batch) => transitions.push(...batch),
    ...options,
  })
  return { ...recovered, transitions }
}

const plain = (transitions: readonly Transition[]) =>
  JSON.stringify(transitions.map(({ evidence: _, ...rest }) => rest))

test('from any snapshot, the tail gives the transitions that came after it, and the same state', async () => {
  const installation = under(1)
  const straight = await live([installation, 0.5, 1.2, 1.2, 1.2, 0.5, 0.5, 1.5, 1.5, 1.5, 1.5])
  expect(straight.transitions.length).toBeGreaterThan(2)
  for (const snapshot of [undefined, ...straight.snapshots]) {
    const { journal } = straight
    const { transitions, fold, replayed } = await again({ journal, installation, snapshots: kept(snapshot) })
    const from = snapshot?.offset ?? 0
    expect(plain(transitions)).toBe(plain(straight.transitions.filter(({ offset }) => offset > from)))
    expect(replayed).toBe(journal.last() - from)
    expect(JSON.stringify(fold.desk.save())).toBe(JSON.stringify(straight.fold.desk.save()))
    expect(fold.judge.save()).toEqual(straight.fold.judge.save())
  }
})

test('a snapshot of another form is passed over: the whole journal is folded again', async () => {
  const installation = under(1)
  const straight = await live([installation, 0.5, 1.2, 1.2, 1.2, 0.5, 0.5, 1.5, 1.5, 1.5, 1.5])
  const { state, ...rest } = straight.snapshots.at(-2)!
  const { form, ...before } = state as { form: number }
  for (const other of [before, { ...before, form: form + 1 }, null, 7, { form: form - 1 }]) {
    const warnings: string[] = []
    const { transitions, replayed } = await again({
      journal: straight.journal,
      installation,
      snapshots: kept({ ...rest, state: other as never }),
      warn: (message) => warnings.push(message),
    })
    expect(plain(transitions)).toBe(plain(straight.transitions))
    expect(replayed).toBe(straight.journal.last())
    expect(warnings).toEqual([expect.stringContaining('another version')])
  }
})

test('the tail is judged by the configurations that were in force, not by the one of today', async () => {
  const [strict, loose, today] = [under(1), under(2), under(3)]
  const straight = await live([strict, 1.5, 1.5, 1.5, loose, 1.5, 2.5, 2.5, 2.5, 1.5, strict, 1.5, 1.5, 1.5, 1.5])
  const known = new Map([strict, loose].map((each) => [each.hash, each]))
  const configurationOf = async (hash: string) => known.get(hash)
  expect(straight.transitions.map(({ cause }) => cause)).toEqual(['raised', 'cleared', 'raised', 'cleared', 'raised'])
  for (const snapshot of [undefined, ...straight.snapshots]) {
    const seen: string[] = []
    const { transitions, fold } = await again({
      journal: straight.journal,
      installation: today,
      snapshots: kept(snapshot),
      configurationOf,
      onInstallation: ({ hash }) => seen.push(hash),
    })
    const from = snapshot?.offset ?? 0
    expect(plain(transitions), `from ${from}`).toBe(plain(straight.transitions.filter(({ offset }) => offset > from)))
    expect(fold.installation).toBe(today)
    expect(seen.at(-1)).toBe(today.hash)
  }
})

test("a configuration that was not kept is said, and today's is used", async () => {
  const [then, today] = [under(1), under(2)]
  const { journal } = await live([then, 1.5, 1.5, 1.5, 1.5])
  const warnings: string[] = []
  const { transitions } = await again({ journal, installation: today, warn: (text) => warnings.push(text) })
  expect(transitions).toEqual([])
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toContain(then.hash)
})

test('a snapshot ahead of the journal belongs to another one', async () => {
  const installation = under(1)
  const { journal, transitions } = await live([installation, 1.5, 1.5, 1.5, 1.5])
  const foreign: Snapshot = { offset: 999, hash: installation.hash, state: { nonsense: true } }
  const recovered = await again({ journal, installation, snapshots: kept(foreign) })
  expect(plain(recovered.transitions)).toBe(plain(transitions))
})

test('readings go out in order, once, with where they end; the door knows those before the snapshot, too', async () => {
  const installation = under(1)
  const { journal, snapshots } = await live([installation, 0.1, 0.2, 0.3, 0.4])
  const door = createDoor(installation)
  const given: unknown[] = []
  const snapshot = snapshots.find(({ offset }) => offset === 5)
  await again({
    journal,
    installation,
    door,
    snapshots: kept(snapshot),
    onTail: (from) => given.push(from),
    onReadings: (readings, upTo) => given.push(...readings.map(({ value }) => value), upTo),
  })
  expect(given).toEqual([6, 0.3, 0.4, 9])
  const batch = createBatch()
  const first = { site: 'mine', point: 'ch4', ts: NOW + 1_000, value: 0.1 }
  expect(door.admitObject(first, NOW + 60_000, batch)).toBe('duplicate')
})

test('a long journal hands its transitions on in portions, and waits for each', async () => {
  const installation = under(1)
  const values = Array.from({ length: 4_500 }, (_, i) => (i % 6 < 3 ? 1.5 : 0.5))
  const { journal, transitions } = await live([installation, ...values], { snapped: false })
  expect(transitions.length).toBeGreaterThan(1_000)
  const sizes: number[] = []
  let busy = false
  await again({
    journal,
    installation,
    async onTransitions(batch) {
      expect(busy).toBe(false)
      busy = true
      await new Promise((resolve) => setImmediate(resolve))
      sizes.push(batch.length)
      busy = false
    },
  })
  expect(sizes.length).toBeGreaterThan(1)
  expect(sizes.reduce((a, b) => a + b)).toBe(transitions.length)
})

test('a configuration is kept by its hash and read back as the same one; settings and their secrets are not kept', async () => {
  const data = await mkdtemp(join(tmpdir(), 'davy-kept-'))
  onTestFinished(() => rm(data, { recursive: true }))
  const kept = openConfigurations({ data, rules: RULES })
  const file = (path: string, content: unknown) => ({
    path,
    text: typeof content === 'string' ? content : stringify(content),
    hash: '',
  })
  const files = [
    file('davy.yaml', 'secret: 1'),
    file('sites/mine.yaml', { site: 'mine', people: 'people.csv', ...SITE }),
    file('sites/people.csv', 'person,card,name\np-1,c-1,A\n'),
    file('rules/gas.yaml', { regulation: { id: 'gas' }, rules: [rule(1)] }),
  ]
  const unnamed = '0'.repeat(64)
  await kept.keep(unnamed, files)
  const { installation, problems } = await loadConfig(join(data, 'configurations', unnamed), {
    rules: RULES,
    adapters: {},
  })
  expect(problems.filter(({ level }) => level === 'error')).toEqual([])
  const { hash } = installation!
  await kept.keep(hash, files)
  await kept.keep(hash, [])
  expect((await kept.load(hash))!.sites.get('mine')!.cards.get('c-1')!.id).toBe('p-1')
  // What reads as another configuration than its name says is none.
  expect(await kept.load(unnamed)).toBeUndefined()
  expect(await kept.load('../escape')).toBeUndefined()
  await expect(loadConfig(join(data, 'configurations', hash), { rules: RULES, adapters: {} })).resolves.toMatchObject({
    files: expect.not.arrayContaining([expect.objectContaining({ path: 'davy.yaml' })]),
  })
})
