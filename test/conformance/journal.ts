/** What every `Journal` must do. */
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { NewEntry } from '../../src/model/entry.ts'
import type { PointRef } from '../../src/model/point.ts'
import type { Journal } from '../../src/model/ports.ts'
import type { Measurement } from '../../src/model/reading.ts'
import { all, nth, points, refOf, run, START } from './journal-entries.ts'

/** Any string at all, halves of surrogate pairs too. */
const anyText = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map((codes) => String.fromCharCode(...codes)),
)
const instant = fc.oneof(
  fc.integer({ min: START, max: START + 600_000 }),
  fc.integer({ min: Date.UTC(2000), max: Date.UTC(2100) }),
  fc.maxSafeInteger(),
)
const inJson = fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0)
const value = fc.oneof(
  { weight: 5, arbitrary: fc.double() },
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('online' as const, 'occluded' as const),
  fc.record(
    { card: anyText, distance: inJson, moving: fc.boolean(), sos: fc.boolean(), gone: fc.boolean() },
    { requiredKeys: ['card'] },
  ),
  fc.record({ direction: fc.constantFrom('in' as const, 'out' as const), person: anyText, card: anyText }),
  fc.record({ event: fc.constantFrom('scan' as const, 'lock' as const), permit: anyText }),
)
const measurement: fc.Arbitrary<Measurement> = fc.record(
  {
    point: fc.constantFrom(...points),
    ts: instant,
    value,
    quality: fc.constantFrom('good', 'uncertain', 'bad'),
    status: anyText,
    ref: anyText,
    stamped: fc.constant('arrival'),
  },
  { requiredKeys: ['point', 'ts', 'value', 'quality'] },
)
const bare: fc.Arbitrary<NewEntry> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('reading'), at: instant, reading: measurement }) },
  fc.record({ type: fc.constant('tick'), at: instant }),
  fc.record({ type: fc.constant('config'), at: instant, hash: anyText }),
  fc.record({
    type: fc.constant('command'),
    at: instant,
    command: fc.oneof(
      fc.record(
        { command: fc.constantFrom('ack', 'shelve'), alarm: anyText, by: anyText, ts: instant, reason: anyText },
        { requiredKeys: ['command', 'alarm', 'by', 'ts'] },
      ),
      fc.record({ command: fc.constant('permit'), permit: anyText, site: anyText, by: anyText, ts: instant }),
    ),
  }),
)

/** Runs the suite; `open` gives an empty journal each time, `dispose` removes what it kept. */
export function journalConformance({
  name,
  open,
  dispose,
}: {
  name: string
  open: () => Promise<Journal>
  dispose: () => Promise<void>
}): void {
  describe(`journal: ${name}`, () => {
    let journal: Journal
    const opened = async () => {
      journal = await open()
      return journal
    }
    afterEach(async () => {
      await journal.close()
      await dispose()
    })

    test('is empty at first', async () => {
      const journal = await opened()
      expect(journal.last()).toBe(0)
      expect(await all(journal)).toEqual([])
      expect(await journal.append([])).toBe(0)
    })

    test('numbers entries from 1 without gaps, in order of the calls', async () => {
      const journal = await opened()
      expect(await journal.append(run(3))).toBe(3)
      expect(journal.last()).toBe(3)
      expect(await journal.append([nth(4)])).toBe(4)
      expect(await journal.append([])).toBe(4)
      const entries = await all(journal)
      expect(entries).toEqual(run(4).map((entry, i) => ({ ...entry, offset: i + 1 })))
    })

    test('overlapping appends take effect in order, each told its own last offset', async () => {
      const journal = await opened()
      const sizes = Array.from({ length: 300 }, (_, i) => (i * 7) % 13)
      let first = 1
      const expected: number[] = []
      const calls = sizes.map((size) => {
        const call = journal.append(run(size, first))
        first += size
        expected.push(first - 1)
        return call
      })
      expect(await Promise.all(calls)).toEqual(expected)
      expect((await all(journal)).map(refOf)).toEqual(run(first - 1).map((e) => refOf({ ...e, offset: 0 })))
    })

    test('an entry is readable as soon as its append resolved', async () => {
      const journal = await opened()
      await Promise.all(
        Array.from({ length: 20 }, async (_, i) => {
          const offset = await journal.append([nth(i)])
          expect(journal.last()).toBeGreaterThanOrEqual(offset)
          expect(refOf((await all(journal, offset))[0]!)).toBe(`r-${i}`)
        }),
      )
    })

    test('big batches', async () => {
      const journal = await opened()
      await journal.append(run(10))
      expect(await journal.append(run(23_456, 11))).toBe(23_466)
      const entries = await all(journal)
      expect(entries.length).toBe(23_466)
      expect(entries.every((entry, i) => entry.offset === i + 1 && refOf(entry) === `r-${i + 1}`)).toBe(true)
    })

    test('reads from any offset, and nothing from beyond the end', async () => {
      const journal = await opened()
      await journal.append(run(12_000))
      for (const from of [0, 1, 2, 4_999, 5_000, 5_001, 11_999, 12_000]) {
        const entries = await all(journal, from)
        expect(entries[0]!.offset).toBe(Math.max(1, from))
        expect(entries.length).toBe(12_001 - Math.max(1, from))
      }
      expect(await all(journal, 12_001)).toEqual([])
    })

    test('a read ends where the journal ended when it was asked, whatever is appended meanwhile', async () => {
      const journal = await opened()
      await journal.append(run(6_000))
      const reading = journal.read(1)
      await journal.append(run(6_000, 6_001))
      let count = 0
      for await (const batch of reading) {
        count += batch.length
        await journal.append([nth(0)])
      }
      expect(count).toBe(6_000)
      expect(journal.last()).toBeGreaterThan(12_000)
    })

    test('an aborted read ends early and quietly', async () => {
      const journal = await opened()
      await journal.append(run(30_000))
      const stop = new AbortController()
      let count = 0
      for await (const batch of journal.read(1, stop.signal)) {
        count += batch.length
        stop.abort()
      }
      expect(count).toBeGreaterThan(0)
      expect(count).toBeLessThan(30_000)
      for await (const _ of journal.read(1, stop.signal)) expect.unreachable()
    })

    test('the same point is the same object for a reader', async () => {
      const journal = await opened()
      await journal.append(run(100))
      const seen = new Map<string, PointRef>()
      for (const entry of [...(await all(journal)), ...(await all(journal, 50))]) {
        if (entry.type !== 'reading') continue
        const { point } = entry.reading
        expect(seen.get(point.id) ?? point).toBe(point)
        seen.set(point.id, point)
      }
      expect(seen.size).toBe(20)
    })

    test('every kind of entry comes back as it went in', async () => {
      const journal = await opened()
      await fc.assert(
        fc.asyncProperty(fc.array(bare, { minLength: 1, maxLength: 40 }), async (entries) => {
          const first = journal.last() + 1
          await journal.append(entries)
          expect(await all(journal, first)).toEqual(entries.map((entry, i) => ({ ...entry, offset: first + i })))
        }),
        { numRuns: 150 },
      )
    })

    test('after closing it refuses', async () => {
      const journal = await opened()
      const last = journal.append(run(5))
      const closing = journal.close()
      expect(await last).toBe(5)
      await closing
      await expect(journal.append([nth(6)])).rejects.toMatchObject({ code: 'journal-closed' })
    })
  })
}
