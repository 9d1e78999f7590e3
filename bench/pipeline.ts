/** Readings in process: decode → journal (fsync) → six rules → transitions, over 10 000 points, beside a bare JSON.parse of the same bytes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openJournal } from '../src/adapters/journal-sqlite/index.ts'
import { openStore } from '../src/adapters/store-sqlite/index.ts'
import { systemClock } from '../src/app/clock.ts'
import { createFold } from '../src/app/fold.ts'
import { createSequencer } from '../src/app/sequencer.ts'
import { createDoor } from '../src/ingest/door.ts'
import type { Frame } from '../src/model/ports.ts'
import type { Installation } from '../src/model/site.ts'
import { RULES } from '../src/rules/index.ts'
import { loadEstate } from './estate.ts'
import { perSecond, print, timed } from './machine.ts'

const READINGS = 1_500_000
const TARGET = 250_000

/** Frames of `size` readings; one in forty is a card, one gas point in a thousand goes over its limit. */
function frames(
  installation: Installation,
  { size, count, from }: { size: number; count: number; from: number },
): Frame[] {
  const pack = packer()
  const sites = [...installation.sites.values()]
  const made: Frame[] = []
  const settle = () => {}
  let n = from
  for (let i = 0; i < count; i += size) {
    const site = sites[(i / size) % sites.length]!
    const points = [...site.points.values()]
    const readings = Array.from({ length: size }, () => {
      n += 1
      const ts = Date.now()
      if (n % 40 === 0) {
        return { point: `readers/r-${n % 10}`, ts, value: { card: `card-${(n / 40) % 200}`, distance: n % 30 } }
      }
      const gas = points[21 + (n % (points.length - 21))]!
      const high = n % 1_000 < 2
      return { point: gas.id, ts, value: high ? 1.2 + (n % 7) / 100 : 0.3 + (n % 31) / 100, ref: `gw1-${n}` }
    })
    const [first] = readings
    const single = size === 1 && first
    const { point, ...rest } = first!
    made.push({
      topic: pack(single ? `davy/v1/${site.id}/${point}` : `davy/v1/${site.id}`).toString(),
      payload: pack(JSON.stringify(single ? rest : readings)),
      settle,
    })
  }
  return made
}

/** Bytes as sockets deliver them: pieces of larger chunks. */
function packer(): (text: string) => Buffer {
  let chunk = Buffer.alloc(65_536)
  let used = 0
  return (text) => {
    const size = Buffer.byteLength(text)
    if (used + size > chunk.length) {
      chunk = Buffer.alloc(Math.max(65_536, size))
      used = 0
    }
    const piece = chunk.subarray(used, used + size)
    used += piece.write(text)
    return piece
  }
}

export async function benchPipeline(): Promise<void> {
  const installation = await loadEstate({ sites: 10, pointsPerSite: 1_000, peoplePerSite: 200 })
  for (const size of [1, 50]) {
    const dir = mkdtempSync(join(tmpdir(), 'davy-bench-'))
    const journal = await openJournal({ file: join(dir, 'journal.db') })
    const store = await openStore({ file: join(dir, 'store.db') })
    let transitions = 0
    let readings = 0
    const sequencer = createSequencer({
      clock: systemClock(),
      journal,
      letters: store.letters,
      fold: createFold({ installation, rules: RULES }),
      door: createDoor(installation),
      onJudged(judged) {
        transitions += judged.transitions.length
        readings += judged.readings.length
        return store.alarms.put(judged.transitions)
      },
      onCounted() {},
      onRefused(letter) {
        throw new Error(`refused: ${letter.code} ${letter.detail}`)
      },
      onFatal(error) {
        throw error
      },
      onDefect(error) {
        throw error
      },
    })
    const feed = async (batch: Frame[]) => {
      for (let i = 0; i < batch.length; i += 1_000) await sequencer.offer('bench', batch.slice(i, i + 1_000))
      await sequencer.drain()
    }
    await feed(frames(installation, { size, count: READINGS / 10, from: 0 }))
    const batch = frames(installation, { size, count: READINGS, from: READINGS })
    const decoder = new TextDecoder()
    const parsed = await timed(() => {
      for (const { payload } of batch) JSON.parse(decoder.decode(payload))
    })
    readings = 0
    transitions = 0
    const took = await timed(() => feed(batch))
    print({
      bench: 'pipeline',
      points: installation.points.length,
      readingsPerFrame: size,
      readings,
      transitions,
      perSecond: perSecond(readings, took.seconds),
      perCpuSecond: perSecond(readings, took.cpuSeconds),
      baseline: 'JSON.parse of the same payloads',
      baselinePerSecond: perSecond(READINGS, parsed.seconds),
      ratio: Number((parsed.seconds / took.seconds).toFixed(3)),
      target: TARGET,
      met: readings / took.seconds >= TARGET,
    })
    await journal.close()
    await store.close()
    rmSync(dir, { recursive: true })
  }
}

if (import.meta.main) await benchPipeline()
