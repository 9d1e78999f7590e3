/** A city under every rule: 30 mines at 20 000 readings a second of event time, through the sequencer as fast as it goes, beside a bare JSON.parse of the same bytes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openJournal } from '../src/adapters/journal-sqlite/index.ts'
import { openStore } from '../src/adapters/store-sqlite/index.ts'
import { createFold } from '../src/app/fold.ts'
import { createSequencer } from '../src/app/sequencer.ts'
import { createDoor } from '../src/ingest/door.ts'
import type { PermitCommand } from '../src/model/command.ts'
import type { Frame } from '../src/model/ports.ts'
import { RULES } from '../src/rules/index.ts'
import { loadMines } from './estate.ts'
import { perSecond, print, timed } from './machine.ts'
import { createLife, createStamp } from './mine-life.ts'

const SITES = 30
const SIZE = { pointsPerSite: 1_000, peoplePerSite: 2_000 }
/** 08:00 at UTC+8, in the middle of a shift. */
const START = Date.UTC(2026, 4, 1, 0, 0, 0)
const WARM = Number(process.env.BENCH_WARM ?? 420)
const SECONDS = Number(process.env.BENCH_SECONDS ?? 120)
/** Readings a frame, as a gateway bundles them. */
const FRAME = 50
/** Seconds of event time made at once, outside the measurement. */
const CHUNK = 10

interface Second {
  readonly at: number
  readonly frames: Frame[]
  readonly permits: readonly Readonly<Record<string, unknown>>[]
}

export async function benchCity(): Promise<void> {
  const loading = await timed(async () => {
    await loadMines({ sites: SITES, ...SIZE })
  })
  const installation = await loadMines({ sites: SITES, ...SIZE })
  const lives = [...installation.sites.keys()].map((site, seed) => ({
    site,
    life: createLife({
      site,
      seed,
      points: SIZE.pointsPerSite,
      people: SIZE.peoplePerSite,
      start: START,
      cardEvery: 1_160,
      sampleEvery: [5, 10],
    }),
  }))
  const dir = mkdtempSync(join(tmpdir(), 'davy-bench-'))
  const journal = await openJournal({ file: join(dir, 'journal.db') })
  const store = await openStore({ file: join(dir, 'store.db') })
  const tally = { readings: 0, late: 0, transitions: 0, refused: 0 }
  const rules = new Map<string, number>()
  let now = START
  const fold = createFold({ installation, rules: RULES })
  const sequencer = createSequencer({
    clock: { now: () => now, every: () => ({ cancel() {} }), wait: () => Promise.resolve() },
    journal,
    letters: store.letters,
    fold,
    door: createDoor(installation),
    onJudged(judged) {
      tally.transitions += judged.transitions.length
      tally.readings += judged.readings.length
      for (const { timing } of judged.readings) if (timing === 'late') tally.late += 1
      for (const { rule } of judged.transitions) rules.set(rule, (rules.get(rule) ?? 0) + 1)
      return store.alarms.put(judged.transitions)
    },
    onCounted() {},
    onRefused() {
      tally.refused += 1
    },
    onFatal(error) {
      throw error
    },
    onDefect(error) {
      throw error
    },
  })

  const stamp = createStamp()
  const settle = () => {}
  function make(from: number): Second[] {
    return Array.from({ length: CHUNK }, (_, i) => {
      const at = from + i * 1_000
      const frames: Frame[] = []
      const permits = lives.flatMap(({ life }) => life.permits(at))
      for (const { site, life } of lives) {
        let readings: string[] = []
        const send = () => {
          if (readings.length === 0) return
          frames.push({ topic: `davy/v1/${site}`, payload: Buffer.from(`[${readings.join(',')}]`), settle })
          readings = []
        }
        life.second(at, (point, ts, value) => {
          readings.push(`{"point":"${point}","ts":"${stamp(ts)}","value":${value}}`)
          if (readings.length === FRAME) send()
        })
        send()
      }
      return { at, frames, permits }
    })
  }

  async function feed(seconds: readonly Second[]): Promise<void> {
    for (const { at, frames, permits } of seconds) {
      // What was measured within a second has arrived at its end.
      now = at + 1_000
      for (const permit of permits) void sequencer.command(permit as unknown as PermitCommand)
      for (let i = 0; i < frames.length; i += 100) await sequencer.offer('bench', frames.slice(i, i + 100))
      sequencer.tick()
      await sequencer.drain()
    }
  }

  for (let at = START; at < START + WARM * 1_000; at += CHUNK * 1_000) await feed(make(at))
  Object.assign(tally, { readings: 0, late: 0, transitions: 0 })
  rules.clear()
  const sum = { seconds: 0, cpu: 0, parse: 0, parseCpu: 0 }
  const decoder = new TextDecoder()
  const end = START + (WARM + SECONDS) * 1_000
  for (let at = START + WARM * 1_000; at < end; at += CHUNK * 1_000) {
    const seconds = make(at)
    const parsed = await timed(() => {
      for (const { frames } of seconds) for (const { payload } of frames) JSON.parse(decoder.decode(payload))
    })
    const took = await timed(() => feed(seconds))
    sum.seconds += took.seconds
    sum.cpu += took.cpuSeconds
    sum.parse += parsed.seconds
    sum.parseCpu += parsed.cpuSeconds
  }
  const perEventSecond = tally.readings / SECONDS
  const cores = (sum.cpu / tally.readings) * 20_000
  print({
    bench: 'city',
    sites: SITES,
    points: installation.points.length,
    people: SITES * SIZE.peoplePerSite,
    rules: RULES.size,
    eventSeconds: SECONDS,
    readingsPerEventSecond: Math.round(perEventSecond),
    ...tally,
    transitionsByRule: Object.fromEntries([...rules].sort()),
    perSecond: perSecond(tally.readings, sum.seconds),
    perCpuSecond: perSecond(tally.readings, sum.cpu),
    coresAt20000: Number(cores.toFixed(3)),
    baseline: 'JSON.parse of the same payloads',
    baselinePerCpuSecond: perSecond(tally.readings, sum.parseCpu),
    ratio: Number((sum.parseCpu / sum.cpu).toFixed(3)),
    rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
    snapshotMiB: Number((JSON.stringify(fold.save()).length / 2 ** 20).toFixed(1)),
    loadSeconds: Number(loading.seconds.toFixed(1)),
    target: 'at most one core at 20 000/s',
    met: cores <= 1,
  })
  await journal.close()
  await store.close()
  rmSync(dir, { recursive: true })
}

if (import.meta.main) await benchCity()
