/** Journal: encode, decode and durable appends, beside plain file appends of the same bytes on the same disk. Prints JSON Lines. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BodyWriter, decodeBody } from '../src/adapters/journal-sqlite/codec.ts'
import { openJournal } from '../src/adapters/journal-sqlite/index.ts'
import type { Entry, NewEntry } from '../src/model/entry.ts'
import type { PointRef } from '../src/model/point.ts'
import { print as printLine, printMachine } from './machine.ts'

const POINTS = 10_000
const BATCH = 1_000
const SECONDS = Number(process.env.BENCH_SECONDS ?? 3)

const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'davy-bench-journal-'))
const points: PointRef[] = Array.from({ length: POINTS }, (_, i) => ({ siteId: 'bench', id: `face/ch4-${i}` }))
const START = Date.UTC(2026, 4, 1)

/** Readings as a round of polling brings them: every point in turn, a few milliseconds apart, a value with two decimals. */
const batches: NewEntry[][] = Array.from({ length: 100 }, (_, b) =>
  Array.from({ length: BATCH }, (_, i) => {
    const n = b * BATCH + i
    const ts = START + Math.floor(n / 10)
    const reading = {
      point: points[n % POINTS]!,
      ts,
      value: ((n * 7919) % 1000) / 100,
      quality: 'good',
    } as const
    return { type: 'reading', at: ts + 40 - (ts % 40), reading }
  }),
)

const print = (line: Record<string, unknown>) => printLine({ bench: 'journal', ...line })
const rate = (count: number, began: number) => Math.round((count / (performance.now() - began)) * 1_000)

function quantiles(times: number[]): { p50ms: number; p99ms: number } {
  times.sort((a, b) => a - b)
  const at = (q: number) => Number((times[Math.floor((times.length - 1) * q)] ?? 0).toFixed(2))
  return { p50ms: at(0.5), p99ms: at(0.99) }
}

/** Calls `work` with growing numbers until the time is up; the calls made. */
async function forSeconds(work: (n: number) => unknown): Promise<number> {
  const end = performance.now() + SECONDS * 1_000
  let n = 0
  while (performance.now() < end) await work(n++)
  return n
}

printMachine()

// Codec: one thread, no disk.
const numbers = new Map(points.map((point, i) => [point, i]))
const numberOf = (point: PointRef) => numbers.get(point)!
const encode = (entries: readonly NewEntry[]) => {
  const body = new BodyWriter({ first: 1, at: entries[0]!.at, capacity: 20_480 }, numberOf)
  for (const entry of entries) body.write(entry)
  return body.seal()
}
const bodies = batches.map(encode)
const bytes = bodies.reduce((sum, body) => sum + body.length, 0) / (batches.length * BATCH)
let began = performance.now()
let calls = await forSeconds((n) => void encode(batches[n % 100]!))
print({ case: 'encode', readingsPerSecond: rate(calls * BATCH, began), bytesPerReading: Number(bytes.toFixed(2)) })
began = performance.now()
let decoded = 0
await forSeconds((n) => {
  const into: Entry[] = []
  decodeBody(bodies[n % 100]!, { into, pointOf: (id) => points[id]! })
  // Every entry is looked at, so that nothing of the work can be left out.
  for (const entry of into) if (entry.type === 'reading' && entry.reading.point.siteId === 'bench') decoded++
})
print({ case: 'decode', readingsPerSecond: rate(decoded, began) })

// Baseline: the same bytes appended to a plain file, one fdatasync a batch.
const raw = openSync(join(folder, 'raw'), 'a')
let times: number[] = []
began = performance.now()
calls = await forSeconds((n) => {
  const from = performance.now()
  writeSync(raw, bodies[n % 100]!)
  fdatasyncSync(raw)
  times.push(performance.now() - from)
})
print({
  case: 'baseline: plain file + fdatasync, batches of 1000',
  readingsPerSecond: rate(calls * BATCH, began),
  ...quantiles(times),
})
closeSync(raw)

const file = join(folder, 'journal.db')
const journal = await openJournal({ file })
try {
  for (const depth of [1, 4]) {
    times = []
    began = performance.now()
    let sent = 0
    const end = began + SECONDS * 1_000
    await Promise.all(
      Array.from({ length: depth }, async () => {
        while (performance.now() < end) {
          const from = performance.now()
          await journal.append(batches[sent++ % 100]!)
          times.push(performance.now() - from)
        }
      }),
    )
    print({
      case: `durable, batches of 1000, ${depth} under way`,
      readingsPerSecond: rate(sent * BATCH, began),
      ...quantiles(times),
    })
  }
  times = []
  began = performance.now()
  let sent = 0
  const end = began + SECONDS * 1_000
  await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      while (performance.now() < end) {
        const from = performance.now()
        await journal.append([batches[i]![sent++ % BATCH]!])
        times.push(performance.now() - from)
      }
    }),
  )
  print({ case: 'durable, single readings, 100 callers', readingsPerSecond: rate(sent, began), ...quantiles(times) })

  began = performance.now()
  let read = 0
  for await (const batch of journal.read(1)) read += batch.length
  print({ case: 'read back', readingsPerSecond: rate(read, began), entries: read, complete: read === journal.last() })
} finally {
  await journal.close()
  rmSync(folder, { recursive: true })
}
