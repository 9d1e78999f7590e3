/** What every `History` must do. */
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { PointRef } from '../../src/model/point.ts'
import type { History, HistoryRow } from '../../src/model/ports.ts'
import { gas, row, START } from './history-rows.ts'

const ever = { from: 0, to: Date.UTC(2100) }

const reader = (id: string): PointRef => ({ siteId: 's', id: `readers/${id}` })
const sighting = (id: string, seconds: number, more: object = {}): HistoryRow =>
  row({ point: reader(id), ts: START + seconds * 1_000, value: { card: '7', ...more } })

/** Runs the suite; `open` gives an empty history each time, `dispose` removes what it kept. */
export function historyConformance({
  name,
  open,
  dispose,
}: {
  name: string
  open: () => Promise<History>
  dispose: () => Promise<void>
}): void {
  describe(`history: ${name}`, () => {
    let history: History
    const opened = async () => {
      history = await open()
      return history
    }
    const raw = (point = gas, limit = 10_000) => history.raw({ point, ...ever, limit })
    afterEach(async () => {
      await history.close()
      await dispose()
    })

    test('is empty at first, and knows nothing of points never heard', async () => {
      const history = await opened()
      expect(await history.offset()).toBe(0)
      expect(await raw()).toEqual([])
      expect(await history.series({ point: gas, from: START, to: START + 1_000, every: 1_000 })).toEqual([])
      expect(await history.track({ site: 's', card: '7', ...ever })).toEqual([])
    })

    test('a written row is found at once, as it was', async () => {
      const history = await opened()
      const rows = [
        row({ ts: START, value: 0.42 }),
        row({ ts: START + 1, value: null, quality: 'bad', status: 'fault' }),
        row({ ts: START + 2, value: true, timing: 'late', received: START + 90_000 }),
        row({ ts: START + 3, value: 'occluded', timing: 'early', quality: 'uncertain', received: START - 60_000 }),
        row({ ts: START + 4, value: { direction: 'in', person: '王' }, ref: 'gw-1', stamped: 'arrival' }),
        row({ ts: START + 5, value: 0 }),
        row({ ts: START + 6, value: -1e300 }),
      ]
      await history.write(rows, 7)
      expect(await raw()).toEqual(rows)
      expect(await history.offset()).toBe(7)
      expect(await raw()).toEqual(rows)
      expect(await raw({ siteId: '宝源', id: 'another' })).toEqual([])
    })

    test('writing again changes nothing; another value of the same instant is kept beside the first', async () => {
      const history = await opened()
      const rows = [row({ ts: START, value: 1 }), row({ ts: START, value: 2 }), row({ ts: START, value: false })]
      await history.write([...rows, rows[1]!], 3)
      await history.offset()
      await history.write([rows[2]!, rows[0]!], 3)
      expect(await raw()).toEqual(rows)
    })

    test('rows come in order of event time, from inclusive, to exclusive, the oldest up to the limit', async () => {
      const history = await opened()
      for (const s of [5, 3, 9, 1, 7]) await history.write([row({ ts: START + s, value: s })], s)
      const values = async (from: number, to: number, limit = 100) =>
        (await history.raw({ point: gas, from: START + from, to: START + to, limit })).map(({ value }) => value)
      expect(await values(0, 100)).toEqual([1, 3, 5, 7, 9])
      expect(await values(3, 7)).toEqual([3, 5])
      expect(await values(0, 100, 2)).toEqual([1, 3])
    })

    test('a bucket keeps extremes, the last value, the count and the worst quality', async () => {
      const history = await opened()
      await history.write(
        [
          row({ ts: START + 100, value: 0.5 }),
          row({ ts: START + 300, value: 0.2 }),
          row({ ts: START + 200, value: 4.2 }),
          row({ ts: START + 400, value: 9.9, quality: 'uncertain' }),
          row({ ts: START + 1_000, value: 1 }),
          row({ ts: START + 3_000, value: null, quality: 'bad' }),
          row({ ts: START + 3_500, value: 8, quality: 'bad' }),
          row({ ts: START + 5_000, value: 1 }),
        ],
        8,
      )
      expect(await history.series({ point: gas, from: START, to: START + 5_000, every: 1_000 })).toEqual([
        { ts: START, min: 0.2, max: 4.2, last: 0.2, count: 4, worst: 'uncertain' },
        { ts: START + 1_000, min: 1, max: 1, last: 1, count: 1, worst: 'good' },
        { ts: START + 3_000, count: 2, worst: 'bad' },
      ])
    })

    test('switches chart as 0 and 1', async () => {
      const history = await opened()
      await history.write([row({ ts: START, value: true }), row({ ts: START + 1, value: false })], 2)
      expect(await history.series({ point: gas, from: START, to: START + 10, every: 10 })).toEqual([
        { ts: START, min: 0, max: 1, last: 0, count: 2, worst: 'good' },
      ])
    })

    test('series agree with going through the raw rows', async () => {
      const history = await opened()
      const measured = fc.record({
        ts: fc.integer({ min: START - 5_000, max: START + 5_000 }),
        value: fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constant(null)),
        quality: fc.constantFrom('good', 'uncertain', 'bad'),
      })
      let upTo = 0
      await fc.assert(
        fc.asyncProperty(
          fc.array(measured, { maxLength: 60 }),
          fc.integer({ min: START - 6_000, max: START + 4_000 }),
          fc.integer({ min: 7, max: 3_000 }),
          async (rows, from, every) => {
            const point = { siteId: 's', id: `p${upTo}` }
            await history.write(
              rows.map((given) => row({ ...given, point })),
              ++upTo,
            )
            const to = from + 4_000
            const kept = await history.raw({ point, from, to, limit: 1_000 })
            const expected = new Map<number, { good: number[]; all: HistoryRow[] }>()
            for (const one of kept) {
              const ts = from + Math.floor((one.ts - from) / every) * every
              const bucket = expected.get(ts) ?? { good: [], all: [] }
              expected.set(ts, bucket)
              bucket.all.push(one)
              if (one.quality === 'good' && typeof one.value === 'number') bucket.good.push(one.value)
            }
            const worst = (all: HistoryRow[]) =>
              (['bad', 'uncertain', 'good'] as const).find((quality) => all.some((one) => one.quality === quality))
            expect(await history.series({ point, from, to, every })).toEqual(
              [...expected].map(([ts, { good, all }]) => ({
                ts,
                ...(good.length ? { min: Math.min(...good), max: Math.max(...good), last: good.at(-1) } : {}),
                count: all.length,
                worst: worst(all),
              })),
            )
          },
        ),
        { numRuns: 60 },
      )
    })

    test('a series has at most 5 000 buckets', async () => {
      const history = await opened()
      const ask = (to: number, every: number) => history.series({ point: gas, from: START, to: START + to, every })
      await expect(ask(5_001, 1)).rejects.toMatchObject({ code: 'series-too-long', remedy: expect.any(String) })
      await expect(ask(100, 0)).rejects.toMatchObject({ code: 'series-too-long' })
      expect(await ask(5_000, 1)).toEqual([])
    })

    test('a track is a step a reader, in event time, and a card that was gone begins anew', async () => {
      const history = await opened()
      await history.write(
        [
          sighting('a', 0),
          sighting('a', 10),
          sighting('b', 40),
          sighting('b', 30, { gone: false }),
          row({ point: reader('a'), ts: START + 35_000, value: { card: '8' } }),
          row({ point: reader('c'), ts: START + 36_000, value: { card: '7' }, quality: 'bad' }),
          sighting('b', 50, { gone: true }),
          sighting('b', 90),
          row({ point: { siteId: 'other', id: 'readers/a' }, ts: START + 95_000, value: { card: '7' } }),
          sighting('a', 99),
        ],
        10,
      )
      const step = (id: string, from: number, until: number, readings: number) => ({
        point: reader(id),
        ts: START + from * 1_000,
        until: START + until * 1_000,
        readings,
      })
      const track = (from: number, to: number) =>
        history.track({ site: 's', card: '7', from: START + from * 1_000, to: START + to * 1_000 })
      const steps = [step('a', 0, 10, 2), step('b', 30, 50, 3), step('b', 90, 90, 1), step('a', 99, 99, 1)]
      expect(await track(0, 100)).toEqual(steps)
      await history.offset()
      expect(await track(0, 100)).toEqual(steps)
      expect(await track(10, 99)).toEqual([step('a', 10, 10, 1), ...steps.slice(1, 3)])
    })
  })
}
