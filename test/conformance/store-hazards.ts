/** What every `HazardStore` must do. */
import { afterEach, describe, expect, test } from 'vitest'
import type { Hazard, HazardCause, HazardStep } from '../../src/model/hazard.ts'
import type { HazardStore } from '../../src/model/hazard-store.ts'

const START = Date.UTC(2026, 4, 1)

function step(cause: HazardCause, given: Partial<Hazard> & Pick<Hazard, 'hazard'>): HazardStep {
  const hazard: Hazard = {
    site: given.hazard.slice(0, given.hazard.lastIndexOf('.')),
    source: 'inspection',
    grade: 'general',
    state: 'open',
    text: { zh: '护栏缺失', en: 'No railing' },
    opened: START,
    by: 'inspector',
    overdue: false,
    revision: 1,
    ...given,
  }
  const at = START + hazard.revision
  return { id: `${hazard.hazard}/${hazard.revision}`, at, received: at, offset: hazard.revision, cause, hazard }
}

/** Runs the suite; `open` gives an empty store each time, `close` ends it. */
export function hazardStoreConformance({
  name,
  open,
  close,
}: {
  name: string
  open: () => Promise<HazardStore>
  close: () => Promise<void>
}): void {
  describe(`list of hazards: ${name}`, () => {
    afterEach(close)

    test('is empty at first', async () => {
      const store = await open()
      expect(await store.list({})).toEqual({ items: [] })
      expect(await store.get('mine.1')).toBeUndefined()
      expect(await store.steps('mine.1')).toEqual([])
      expect(await store.counts()).toEqual([])
      await store.put([])
    })

    test('keeps every step once, and the hazard as its newest one left it', async () => {
      const store = await open()
      const opened = step('opened', { hazard: 'mine.1' })
      const assigned = step('assign', { hazard: 'mine.1', state: 'assigned', owner: 'wang', revision: 2 })
      await store.put([opened, assigned])
      await store.put([opened])
      expect(await store.steps('mine.1')).toEqual([opened, assigned])
      expect(await store.get('mine.1')).toEqual(assigned.hazard)
      expect(await store.list({})).toEqual({ items: [assigned.hazard] })
    })

    test('pages newest first, by state, site, grade and overdue', async () => {
      const store = await open()
      const all = Array.from({ length: 7 }, (_, i) =>
        step('opened', {
          hazard: `${i % 2 ? 'north' : 'south'}.${i}`,
          opened: START + Math.floor(i / 2),
          state: i === 3 ? 'closed' : 'open',
          grade: i > 4 ? 'major' : 'general',
          overdue: i === 2,
        }),
      )
      await store.put(all)
      const names: string[] = []
      for (let cursor: string | undefined, more = true; more; ) {
        const page = await store.list({ limit: 3, ...(cursor !== undefined && { cursor }) })
        names.push(...page.items.map(({ hazard }) => hazard))
        cursor = page.next
        more = cursor !== undefined
      }
      expect(names).toEqual(all.map(({ hazard }) => hazard.hazard).reverse())
      const of = async (query: Parameters<HazardStore['list']>[0]) =>
        (await store.list(query)).items.map(({ hazard }) => hazard)
      expect(await of({ sites: ['north'] })).toEqual(['north.5', 'north.3', 'north.1'])
      expect(await of({ sites: [] })).toEqual([])
      expect(await of({ state: ['closed'] })).toEqual(['north.3'])
      expect(await of({ grade: ['major'] })).toEqual(['south.6', 'north.5'])
      expect(await of({ overdue: true })).toEqual(['south.2'])
      expect(await of({ overdue: false, sites: ['south'] })).toEqual(['south.6', 'south.4', 'south.0'])
      await expect(store.list({ cursor: 'what' })).rejects.toMatchObject({ code: 'cursor-unreadable' })
    })

    test('counts by site, grade and state, with the time to close; and what happened in a time', async () => {
      const store = await open()
      await store.put([
        step('opened', { hazard: 'north.1' }),
        step('overdue', { hazard: 'north.1', overdue: true, revision: 2 }),
        step('opened', { hazard: 'north.2' }),
        step('close', { hazard: 'north.2', state: 'closed', closed: START + 500, revision: 5 }),
        step('opened', { hazard: 'south.1', grade: 'major' }),
      ])
      const none = { overdue: 0, supervised: 0, open: 0 }
      expect(await store.counts()).toEqual([
        { site: 'north', grade: 'general', state: 'closed', count: 1, ...none, open: 500 },
        { site: 'north', grade: 'general', state: 'open', count: 1, ...none, overdue: 1 },
        { site: 'south', grade: 'major', state: 'open', count: 1, ...none },
      ])
      const between = (from: number, to: number) => store.between({ site: 'north', from: START + from, to: START + to })
      expect(await between(0, 10)).toEqual({ opened: 2, closed: 1, overdue: 1 })
      expect(await between(2, 5)).toEqual({ opened: 0, closed: 0, overdue: 1 })
    })

    test("knows the numbers of other lists, each site's own", async () => {
      const store = await open()
      await store.put([step('opened', { hazard: 'north.1', external: 'A-7' })])
      expect(await store.known({ site: 'north', external: ['A-6', 'A-7'] })).toEqual(['A-7'])
      expect(await store.known({ site: 'south', external: ['A-7'] })).toEqual([])
    })
  })
}
