/** The alarm desk: transitions a second into store and stream, and a storm of 50 000 alarms in 10 s with critical ones in its middle, beside the bare store. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openJournal } from '../src/adapters/journal-sqlite/index.ts'
import { openStore } from '../src/adapters/store-sqlite/index.ts'
import { systemClock } from '../src/app/clock.ts'
import { createFold } from '../src/app/fold.ts'
import { createPublisher } from '../src/app/publisher.ts'
import { createSequencer } from '../src/app/sequencer.ts'
import { createDoor } from '../src/ingest/door.ts'
import type { Transition } from '../src/model/alarm.ts'
import { CLOCKS } from '../src/model/duty.ts'
import { PRACTICE } from '../src/model/handling.ts'
import type { Frame } from '../src/model/ports.ts'
import type { Installation } from '../src/model/site.ts'
import { RULES } from '../src/rules/index.ts'
import { loadEstate } from './estate.ts'
import { perSecond, print, timed } from './machine.ts'

const ALARMS = 50_000
const STORM_SECONDS = 10
const TARGET_PER_SECOND = 10_000
const TARGET_DELAY_MS = 1_000
const SITES = 10

/** Everything that handles alarms, as a bureau would have it: desks, clocks, floods, chatter, a suppression. */
async function estate(): Promise<Installation> {
  const bare = await loadEstate({ sites: SITES, pointsPerSite: ALARMS / SITES + 200, peoplePerSite: 1 })
  const desks = [...bare.sites.keys()].map((site) => ({
    id: `desk-${site}`,
    name: { zh: site, en: site },
    level: 'mine' as const,
    sites: [site],
    parent: 'county',
    contacts: [],
    timezone: 'Asia/Shanghai',
  }))
  const county = { id: 'county', name: { zh: '县', en: 'county' }, level: 'county' as const, contacts: [] }
  return {
    ...bare,
    practice: PRACTICE,
    duty: { desks: [...desks, { ...county, timezone: 'Asia/Shanghai' }], clocks: CLOCKS },
    suppressions: [{ id: 's', while: { rule: 'silent' }, alarms: { rule: 'unwatched', match: {} }, same: 'area' }],
  }
}

async function open(installation: Installation, onPublished: (transitions: readonly Transition[]) => void) {
  const dir = mkdtempSync(join(tmpdir(), 'davy-bench-'))
  const journal = await openJournal({ file: join(dir, 'journal.db') })
  const store = await openStore({ file: join(dir, 'store.db') })
  const log = { info() {}, warn() {}, error: (message: string) => process.stderr.write(`${message}\n`) }
  const publisher = await createPublisher({ alarms: store.alarms, sinks: [], open: Promise.resolve(), log })
  publisher.onTransitions((batch) => onPublished(batch.map(({ transition }) => transition)))
  const fail = (error: unknown) => {
    throw error
  }
  const sequencer = createSequencer({
    clock: systemClock(),
    journal,
    letters: store.letters,
    fold: createFold({ installation, rules: RULES }),
    door: createDoor(installation),
    onJudged: ({ transitions }) =>
      transitions.length === 0 ? Promise.resolve([]) : publisher.publish(transitions).then((streamed) => streamed),
    onCounted() {},
    onRefused: ({ code, detail }) => fail(new Error(`refused: ${code} ${detail}`)),
    onFatal: fail,
    onDefect: fail,
  })
  const close = async () => {
    await sequencer.drain()
    await publisher.drain()
    await journal.close()
    await store.close()
    rmSync(dir, { recursive: true })
  }
  return { sequencer, publisher, store, close }
}

const settle = () => {}

/** Frames of 50 readings of one site each, points taken in turn. */
function* framesOf(installation: Installation, value: (n: number) => number): Generator<Frame> {
  const sites = [...installation.sites.values()].map((site) => ({
    site,
    points: [...site.points.values()].filter(({ kind }) => kind === 'gas.ch4'),
  }))
  for (let n = 0; ; n += 50) {
    const { site, points } = sites[(n / 50) % sites.length]!
    const first = Math.floor(n / 50 / sites.length) * 50
    const readings = Array.from({ length: 50 }, (_, i) => {
      const point = points[(first + i) % points.length]!
      return { point: point.id, ts: Date.now(), value: value(n + i), ref: `s-${n + i}` }
    })
    yield { topic: `davy/v1/${site.id}`, payload: Buffer.from(JSON.stringify(readings)), settle }
  }
}

/** As many rises and returns as the machine takes. */
async function benchRate(installation: Installation): Promise<readonly Transition[]> {
  const told: Transition[] = []
  const { sequencer, publisher, close } = await open(installation, (transitions) => void told.push(...transitions))
  const round = SITES * 5_000
  const frames = framesOf(installation, (n) => (Math.floor(n / round) % 2 === 0 ? 1.2 : 0.2))
  const took = await timed(async () => {
    for (let sent = 0; sent < 2 * round; sent += 50_000) {
      const batch = Array.from({ length: 1_000 }, () => frames.next().value as Frame)
      await sequencer.offer('bench', batch)
    }
    await sequencer.drain()
    await publisher.drain()
  })
  await close()
  print({
    bench: 'desk-rate',
    transitions: told.length,
    perSecond: perSecond(told.length, took.seconds),
    perCpuSecond: perSecond(told.length, took.cpuSeconds),
    target: TARGET_PER_SECOND,
    met: told.length / took.seconds >= TARGET_PER_SECOND,
  })
  return told
}

/** The same transitions into the bare store. */
async function benchStore(told: readonly Transition[]): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'davy-bench-'))
  const store = await openStore({ file: join(dir, 'store.db') })
  const took = await timed(async () => {
    for (let i = 0; i < told.length; i += 5_000) await store.alarms.put(told.slice(i, i + 5_000))
  })
  await store.close()
  rmSync(dir, { recursive: true })
  print({ bench: 'desk-baseline', what: 'alarm store alone', perSecond: perSecond(told.length, took.seconds) })
}

/** 50 000 alarms in 10 s; once a second one that is critical, of which the way to the stream is timed. */
async function benchStorm(installation: Installation): Promise<void> {
  let raised = 0
  const delays: number[] = []
  const sent = new Map<string, number>()
  const { sequencer, publisher, close } = await open(installation, (transitions) => {
    for (const { cause, rule, severity, key } of transitions) {
      if (cause === 'raised' && rule === 'limit') raised += 1
      const since = severity === 'critical' && cause === 'raised' ? sent.get(key) : undefined
      if (since !== undefined) delays.push(performance.now() - since)
    }
  })
  const frames = framesOf(installation, () => 1.2)
  const ticking = setInterval(() => sequencer.tick(), 1_000)
  const started = performance.now()
  const steps = STORM_SECONDS * 10
  for (let step = 0; step < steps; step++) {
    const batch = Array.from({ length: ALARMS / 50 / steps }, () => frames.next().value as Frame)
    void sequencer.offer('bench', batch)
    if (step % 10 === 5) {
      const point = `gas/ch4-${5_100 + step}`
      sent.set(`${point}:cut`, performance.now())
      const payload = Buffer.from(JSON.stringify({ ts: Date.now(), value: 2, ref: `c-${step}` }))
      void sequencer.offer('bench', [{ topic: `davy/v1/mine-0/${point}`, payload, settle }])
    }
    const wait = started + (step + 1) * 100 - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
  }
  await sequencer.drain()
  await publisher.drain()
  const seconds = (performance.now() - started) / 1_000
  clearInterval(ticking)
  await close()
  delays.sort((a, b) => a - b)
  const worst = Math.round(delays.at(-1) ?? Number.NaN)
  print({
    bench: 'desk-storm',
    alarms: ALARMS,
    raised,
    seconds: Number(seconds.toFixed(1)),
    lost: ALARMS + 2 * sent.size - raised,
    criticals: delays.length,
    delayMedianMs: Math.round(delays[Math.floor(delays.length / 2)] ?? Number.NaN),
    delayWorstMs: worst,
    target: TARGET_DELAY_MS,
    met: worst <= TARGET_DELAY_MS && delays.length === sent.size,
  })
}

export async function benchDesk(): Promise<void> {
  const installation = await estate()
  const told = await benchRate(installation)
  await benchStore(told)
  await benchStorm(installation)
}

if (import.meta.main) await benchDesk()
