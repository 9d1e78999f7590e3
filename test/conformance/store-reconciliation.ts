/** What every `AlarmStore` owes where a newer program judged the whole journal again and gives less than the store has. */
import { afterEach, describe, expect, test } from 'vitest'
import type { Transition } from '../../src/model/alarm.ts'
import type { AlarmStore, FoldedAlarms } from '../../src/model/ports.ts'
import { life, START, transition } from './store-transitions.ts'

/** Runs the suite; `open` gives an empty store each time. */
export function reconciliationConformance({ name, open }: { name: string; open: () => Promise<AlarmStore> }): void {
  describe(`alarm store and fold: ${name}`, () => {
    let store: AlarmStore
    const opened = async () => {
      store = await open()
      return store
    }
    afterEach(() => store.close())
    const folded = (...known: [key: string, episode: number, revision: number][]): FoldedAlarms => ({
      known: known.map(([key, episode, revision]) => ({ alarm: `baoyuan/crew/coal-face/${key}`, episode, revision })),
      since: START,
    })
    const rows = async () =>
      (await store.list({})).items
        .map(({ last, episode, state, withdrawn }) => [`${last.key} ${episode}`, state, withdrawn ?? false])
        .sort()

    test('what the fold knows stays as it is, whatever else is asked', async () => {
      const store = await opened()
      await store.put([...life('a', { steps: 3 }), ...life('a', { steps: 2, episode: 2, at: START + 60_000 })])
      const before = await store.list({})
      expect(await store.reconcile(folded(['a', 2, 2]))).toBe(0)
      expect(await store.list({})).toEqual(before)
      expect(await store.last()).toBe(5)
    })

    test('episodes behind the last, and of alarms never raised, are withdrawn, and stay readable and standing', async () => {
      const store = await opened()
      await store.put([
        ...life('a', { steps: 3 }),
        ...life('a', { steps: 3, episode: 2, at: START + 60_000 }),
        ...life('a', { steps: 1, episode: 3, at: START + 120_000 }),
        ...life('b', { steps: 1 }),
      ])
      expect(await store.reconcile(folded(['a', 1, 3]))).toBe(3)
      expect(await rows()).toEqual([
        ['a 1', 'normal', false],
        ['a 2', 'normal', true],
        ['a 3', 'unacked', true],
        ['b 1', 'unacked', true],
      ])
      expect(await store.timeline('baoyuan/crew/coal-face/a')).toHaveLength(7)
      expect(await store.reconcile(folded(['a', 1, 3])), 'once').toBe(0)
    })

    test('what is known again is counted again', async () => {
      const store = await opened()
      await store.put([...life('a', { steps: 1 }), ...life('b', { steps: 1 })])
      await store.reconcile(folded())
      await store.reconcile(folded(['a', 1, 1]))
      expect(await rows()).toEqual([
        ['a 1', 'unacked', false],
        ['b 1', 'unacked', true],
      ])
    })

    test('steps that the fold does not know at the end of the last episode go', async () => {
      const store = await opened()
      const [raised] = life('a', { steps: 3 }) as [Transition, ...Transition[]]
      await store.put(life('a', { steps: 3 }))
      expect(await store.reconcile(folded(['a', 1, 1]))).toBe(0)
      expect(await store.timeline(raised.alarm)).toEqual([raised])
      expect((await store.list({})).items).toMatchObject([{ state: 'unacked', last: raised }])
    })

    test('what was told before this journal began is of another one', async () => {
      const store = await opened()
      await store.put(life('old', { steps: 1, at: START - 3_600_000 }))
      expect(await store.reconcile(folded())).toBe(0)
      expect(await rows()).toEqual([['old 1', 'unacked', false]])
    })

    test('a step that withdraws ends its episode, and an event of now under the number of one that was withdrawn counts', async () => {
      const store = await opened()
      await store.put(life('a', { steps: 1 }))
      const end = transition({ key: 'a', revision: 2, from: 'unacked', to: 'normal', cause: 'withdrawn', offset: 9 })
      await store.put([end])
      expect(await rows()).toEqual([['a 1', 'normal', true]])
      await store.put(life('a', { steps: 1, offset: 12, at: START + 60_000 }))
      expect(await rows()).toEqual([['a 1', 'unacked', false]])
      expect(await store.timeline(end.alarm)).toHaveLength(1)
    })

    test('at the same place, what came out otherwise is another event', async () => {
      const store = await opened()
      const [raised, acked] = life('a', { steps: 2 }) as [Transition, Transition]
      await store.put([raised, acked])
      expect(await store.put([raised])).toEqual([])
      const graver = { ...raised, severity: 'critical' } as const
      expect(await store.put([graver])).toEqual([{ seq: 3, transition: graver }])
      expect(await store.timeline(raised.alarm)).toEqual([graver])
    })

    test('what is told again comes behind all else in the stream, and is the same in the list', async () => {
      const store = await opened()
      const [a, b] = [life('a', { steps: 2 }), life('b', { steps: 1 })]
      await store.put([...a, ...b])
      const before = await store.list({})
      expect(await store.retell([a[1]!.id, 'never/heard/of/1.1'])).toEqual([{ seq: 4, transition: a[1]! }])
      expect((await store.since(0, 10)).map(({ seq, transition }) => `${seq} ${transition.id}`)).toEqual([
        `1 ${a[0]!.id}`,
        `3 ${b[0]!.id}`,
        `4 ${a[1]!.id}`,
      ])
      expect(await store.list({})).toEqual(before)
      expect(await store.last()).toBe(4)
      expect(await store.put(life('c', { steps: 1 }))).toMatchObject([{ seq: 5 }])
    })
  })
}
