/** What every `AlarmStore` must do. */
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { Transition } from '../../src/model/alarm.ts'
import { ALARM_STATES, SEVERITIES } from '../../src/model/alarm.ts'
import type { AlarmQuery, AlarmRecord, AlarmStore } from '../../src/model/ports.ts'
import { life, START, transition } from './store-transitions.ts'

/** Every page of a list. */
async function pages(store: AlarmStore, query: AlarmQuery): Promise<AlarmRecord[]> {
  const items: AlarmRecord[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await store.list(cursor === undefined ? query : { ...query, cursor })
    items.push(...page.items)
    if (page.next === undefined) return items
    cursor = page.next
  }
}

/** Runs the suite; `open` gives an empty store each time, `dispose` removes what it kept. */
export function alarmStoreConformance({
  name,
  open,
  dispose,
}: {
  name: string
  open: () => Promise<AlarmStore>
  dispose: () => Promise<void>
}): void {
  describe(`alarm store: ${name}`, () => {
    let store: AlarmStore
    const opened = async () => {
      store = await open()
      return store
    }
    afterEach(async () => {
      await store.close()
      await dispose()
    })

    test('is empty at first', async () => {
      const store = await opened()
      expect(await store.list({})).toEqual({ items: [] })
      expect(await store.since(0, 10)).toEqual([])
      expect(await store.last()).toBe(0)
      expect(await store.timeline('a/b/c')).toEqual([])
      expect(await store.beginning('')).toEqual([])
      expect(await store.offset()).toBe(0)
      expect(await store.put([])).toEqual([])
    })

    test('numbers new transitions without gaps and leaves out known ones', async () => {
      const store = await opened()
      const [one, two, three] = life('face-101', { steps: 3 }) as [Transition, Transition, Transition]
      expect(await store.put([one, two])).toEqual([
        { seq: 1, transition: one },
        { seq: 2, transition: two },
      ])
      expect(await store.put([one, two])).toEqual([])
      expect(await store.put([two, three, three])).toEqual([{ seq: 3, transition: three }])
      expect(await store.since(0, 10)).toEqual([one, two, three].map((transition, i) => ({ seq: i + 1, transition })))
      expect(await store.since(1, 1)).toEqual([{ seq: 2, transition: two }])
      expect(await store.last()).toBe(3)
      expect(await store.timeline(one.alarm)).toEqual([one, two, three])
      expect((await store.list({})).items).toEqual([
        {
          alarm: one.alarm,
          episode: 1,
          state: 'normal',
          severity: 'major',
          raised: one.at,
          cleared: three.at,
          last: three,
        },
      ])
    })

    test('under a known id, what lies elsewhere in the journal is another event: it takes the place of that one and of what followed', async () => {
      const store = await opened()
      const [raised, acked, cleared] = life('a', { steps: 3, offset: 5 }) as [Transition, Transition, Transition]
      await store.put([raised, acked, cleared])
      const other = { ...acked, offset: 7, cause: 'escalated', to: 'unacked', severity: 'critical' } as const
      expect(await store.put([raised, other])).toEqual([{ seq: 4, transition: other }])
      expect(await store.timeline(raised.alarm)).toEqual([raised, other])
      expect(await store.list({})).toMatchObject({ items: [{ state: 'unacked', severity: 'critical', last: other }] })
      const again = { ...raised, offset: 9, at: raised.at + 60_000 }
      expect(await store.put([again])).toEqual([{ seq: 5, transition: again }])
      expect(await store.timeline(raised.alarm)).toEqual([again])
      const { items } = await store.list({})
      expect(items).toMatchObject([{ state: 'unacked', raised: again.at, last: again }])
      expect(items[0]).not.toHaveProperty('cleared')
      expect(await store.put([again])).toEqual([])
      expect(await store.since(0, 10)).toEqual([{ seq: 5, transition: again }])
    })

    test('keeps the offset up to which it is complete', async () => {
      const store = await opened()
      await store.put(life('a', { steps: 1, offset: 40 }))
      expect(await store.offset()).toBe(40)
      await store.put(life('a', { steps: 1, offset: 40 }))
      await store.put(life('b', { steps: 1, offset: 12 }))
      expect(await store.offset()).toBe(40)
    })

    test('evidence keeps the name of its point, not the configuration that hangs on it', async () => {
      const store = await opened()
      const site: Record<string, unknown> = { id: 'baoyuan' }
      const point = { siteId: 'baoyuan', id: 'face/ch4', index: 7, site }
      site.points = new Map([['face/ch4', point]])
      const [raised] = life('a', { steps: 1, evidence: [{ point, ts: START, value: null }] }) as [Transition]
      const plain = { ...raised, evidence: [{ point: { siteId: 'baoyuan', id: 'face/ch4' }, ts: START, value: null }] }
      expect(await store.put([raised])).toEqual([{ seq: 1, transition: plain }])
      expect(await store.timeline(raised.alarm)).toEqual([plain])
    })

    test('severity follows escalation; shelving changes neither state nor list', async () => {
      const store = await opened()
      await store.put(life('a', { steps: 1 }))
      await store.put([
        transition({ key: 'a', revision: 2, from: 'unacked', to: 'unacked', cause: 'escalated', severity: 'critical' }),
        transition({ key: 'a', revision: 3, from: 'unacked', to: 'unacked', cause: 'shelved', severity: 'critical' }),
      ])
      const { items } = await store.list({ state: ['unacked'] })
      expect(items).toMatchObject([{ state: 'unacked', severity: 'critical', last: { cause: 'shelved' } }])
      expect(items[0]).not.toHaveProperty('cleared')
      expect((await store.list({ severity: ['major'] })).items).toEqual([])
    })

    test('a rise before the acknowledgement is a new episode, and the one before is no longer outstanding', async () => {
      const store = await opened()
      await store.put(life('a', { steps: 1 }))
      const rtn = { from: 'unacked', to: 'rtn-unacked', cause: 'cleared', at: START + 1_000 } as const
      await store.put([transition({ key: 'a', revision: 2, ...rtn })])
      expect((await store.list({ state: ['rtn-unacked'] })).items).toMatchObject([{ cleared: START + 1_000 }])
      const again = { from: 'rtn-unacked', to: 'unacked', cause: 'raised', at: START + 2_000 } as const
      await store.put([transition({ key: 'a', episode: 2, revision: 1, ...again })])
      const outstanding = await store.list({ state: ['unacked', 'acked', 'rtn-unacked'] })
      expect(outstanding.items.map(({ episode }) => episode)).toEqual([2])
      expect((await store.list({})).items.map(({ episode, state }) => [episode, state])).toEqual([
        [2, 'unacked'],
        [1, 'normal'],
      ])
      expect((await store.timeline('baoyuan/crew/coal-face/a')).length).toBe(3)
    })

    test('finds alarms by how their ids begin, each once, whatever is written in them', async () => {
      const store = await opened()
      for (const key of ['9', '人员', '10%', '10_', '\u{1f9d1}']) await store.put(life(key, { steps: 3 }))
      await store.put(life('10_', { steps: 1, episode: 2 }))
      await store.put(life('x', { steps: 1, instance: 'crew/coal-face-2', rule: 'sos' }))
      const found = async (prefix: string) => (await store.beginning(prefix)).map(({ alarm }) => alarm)
      const head = 'baoyuan/crew/coal-face/'
      expect(await found(head)).toEqual(['10%', '10_', '9', '人员', '\u{1f9d1}'].map((key) => head + key))
      expect(await found(`${head}10_`)).toEqual([`${head}10_`])
      expect(await store.beginning('baoyuan/crew/coal-face-')).toEqual([
        { alarm: 'baoyuan/crew/coal-face-2/x', rule: 'sos' },
      ])
      expect(await found('baoyuan/crew/coal-fazz')).toEqual([])
    })

    test('a cursor that no list gave is refused', async () => {
      const store = await opened()
      await expect(store.list({ cursor: "1' OR 1" })).rejects.toMatchObject({ code: 'cursor-unreadable' })
    })

    test('pages are newest first and stay whole while new alarms rise', async () => {
      const store = await opened()
      // Many at the same instant, so that the order within it matters.
      const put = (n: number) => store.put(life(`k${n}`, { steps: 1, at: START + Math.floor(n / 7) * 1_000 }))
      for (let n = 0; n < 40; n++) await put(n)
      const first = await store.list({ limit: 15 })
      for (let n = 40; n < 60; n++) await put(n)
      const rest = await pages(store, { limit: 15, cursor: first.next! })
      const keys = [...first.items, ...rest].map(({ last }) => last.key)
      expect(keys.length).toBe(40)
      expect(new Set(keys).size).toBe(40)
      const raised = [...first.items, ...rest].map((item) => item.raised)
      expect(raised).toEqual([...raised].sort((a, b) => b - a))
    })

    test('by urgency a recovered critical stands below whatever holds, on every page', async () => {
      const store = await opened()
      const put = (key: string, severity: Transition['severity'], tos: readonly Transition['to'][], at: number) =>
        store.put(life(key, { steps: tos.length, severity, at: START + at }).map((one, i) => ({ ...one, to: tos[i]! })))
      await put('old-notice', 'notice', ['unacked'], 0)
      await put('known', 'critical', ['unacked', 'acked'], 1_000)
      await put('new-major', 'major', ['unacked'], 2_000)
      await put('newer-major', 'major', ['unacked'], 3_000)
      await put('worst', 'critical', ['unacked'], 4_000)
      await put('over', 'critical', ['unacked', 'rtn-unacked'], 5_000)
      await put('gone', 'critical', ['unacked', 'acked', 'normal'], 6_000)
      const expected = ['worst', 'newer-major', 'new-major', 'old-notice', 'known', 'over', 'gone']
      for (const limit of [1, 2, 3, 7, 100]) {
        const found = await pages(store, { order: 'urgency', limit })
        expect(found.map(({ last }) => last.key)).toEqual(expected)
      }
      const some = await pages(store, {
        order: 'urgency',
        limit: 1,
        state: ['rtn-unacked', 'unacked'],
        severity: ['critical'],
      })
      expect(some.map(({ last }) => last.key)).toEqual(['worst', 'over'])
    })

    test('the cursor of one order is none of the other', async () => {
      const store = await opened()
      for (let n = 0; n < 4; n++) await store.put(life(`k${n}`, { steps: 1 }))
      const newest = (await store.list({ limit: 2 })).next!
      const urgent = (await store.list({ limit: 2, order: 'urgency' })).next!
      const refused = { code: 'cursor-unreadable' }
      await expect(store.list({ cursor: urgent })).rejects.toMatchObject(refused)
      await expect(store.list({ cursor: newest, order: 'urgency' })).rejects.toMatchObject(refused)
    })

    test('every filter gives what going through all alarms gives', async () => {
      const store = await opened()
      const random = fc.sample(
        fc.record({
          site: fc.constantFrom('a', 'b', 'c'),
          rule: fc.constantFrom('limit', 'silent'),
          severity: fc.constantFrom(...SEVERITIES),
          steps: fc.integer({ min: 1, max: 3 }),
          at: fc.integer({ min: 0, max: 20 }).map((n) => START + n * 1_000),
        }),
        { numRuns: 150, seed: 7 },
      )
      await store.put(random.flatMap((given, n) => life(`k${n}`, given)))
      const everything = await pages(store, {})
      expect(everything.length).toBe(150)
      const some = <T>(values: readonly T[]) => fc.subarray([...values])
      const query = fc.record(
        {
          state: some(ALARM_STATES),
          severity: some(SEVERITIES),
          site: fc.constantFrom('a', 'b', 'nowhere'),
          rule: fc.constantFrom('limit', 'silent'),
          from: fc.integer({ min: 0, max: 20 }).map((n) => START + n * 1_000),
          to: fc.integer({ min: 0, max: 20 }).map((n) => START + n * 1_000),
          limit: fc.integer({ min: 1, max: 60 }),
        },
        { requiredKeys: [] },
      )
      await fc.assert(
        fc.asyncProperty(query, async (query) => {
          const { state, severity, site, rule, from = 0, to = Number.POSITIVE_INFINITY } = query
          const expected = everything.filter(
            (item) =>
              (!state || state.includes(item.state)) &&
              (!severity || severity.includes(item.severity)) &&
              (site === undefined || item.last.site === site) &&
              (rule === undefined || item.last.rule === rule) &&
              from <= item.raised &&
              item.raised < to,
          )
          expect(await pages(store, query)).toEqual(expected)
        }),
        { numRuns: 80 },
      )
    })
  })
}
