/** Measures the door and the judge on one core, beside a bare JSON.parse of the same payloads; prints JSON Lines. */
import { Buffer } from 'node:buffer'
import { type Arriving, type Batch, createBatch } from '../src/ingest/batch.ts'
import { createDoor } from '../src/ingest/door.ts'
import { install, type PointSpec } from '../src/ingest/installation.fixture.ts'
import { createJudge } from '../src/ingest/judge.ts'
import type { Installation } from '../src/model/site.ts'
import type { Instant } from '../src/model/time.ts'

const POINTS = 10_000
const READINGS = 1_000_000
const ROUNDS = 3
const AT: Instant = Date.UTC(2026, 4, 1)

interface Load {
  readonly name: string
  readonly card?: true
  readonly iso?: true
  readonly ref?: true
  /** Readings a frame. */
  readonly frame: number
}

const LOADS: readonly Load[] = [
  { name: 'gas, milliseconds', frame: 1 },
  { name: 'gas, ISO 8601, ref', frame: 1, iso: true, ref: true },
  { name: 'gas, milliseconds', frame: 50 },
  { name: 'gas, ISO 8601, ref', frame: 50, iso: true, ref: true },
  { name: 'cards, ISO 8601', frame: 50, card: true, iso: true },
]

function installation(card: boolean) {
  const points: PointSpec[] = []
  for (let i = 0; i < POINTS; i++) {
    points.push(
      card ? { id: `readers/r-${i}`, kind: 'card.reader' } : { id: `face-${i}/ch4`, kind: 'gas.ch4', range: [0, 10] },
    )
  }
  return install({ baoyuan: points })
}

/** Every point speaks once a second; distinct readings throughout. */
function* frames({ card, iso, ref, frame }: Load): Generator<Arriving> {
  for (let first = 0; first < READINGS; first += frame) {
    const readings = []
    for (let i = first; i < first + frame; i++) {
      const ts = AT + Math.floor(i / POINTS) * 1_000 + (i % 997)
      readings.push({
        ...(frame > 1 && { point: card ? `readers/r-${i % POINTS}` : `face-${i % POINTS}/ch4` }),
        ts: iso ? new Date(ts + 8 * 3_600_000).toISOString().replace('Z', '+08:00') : ts,
        value: card ? { card: `c-${i % 3_001}`, distance: (i % 400) / 10, moving: i % 3 === 0 } : (i % 211) / 100,
        ...(ref && { ref: `gw1-${i}` }),
      })
    }
    yield {
      source: 'bench',
      topic: frame > 1 ? 'davy/v1/baoyuan' : `davy/v1/baoyuan/face-${first % POINTS}/ch4`,
      payload: Buffer.from(JSON.stringify(frame > 1 ? readings : readings[0])),
    }
  }
}

/** The best of some rounds, in items a second. */
function rate(items: number, round: () => void): number {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now()
    round()
    best = Math.min(best, performance.now() - start)
  }
  return Math.round((items / best) * 1_000)
}

/** As the sequencer does it: a batch an append, the arrival clock a step a batch. */
function pass(
  all: readonly Arriving[],
  { house, per, take }: { house: Installation; per: number; take: (batch: Batch) => void },
): void {
  const door = createDoor(house)
  const step = Math.ceil(500 / per)
  for (let i = 0; i < all.length; i += step) {
    const batch = createBatch()
    const until = Math.min(i + step, all.length)
    const at = AT + Math.floor((until * per) / POINTS) * 1_000
    for (let k = i; k < until; k++) door.admit(all[k]!, at, batch)
    take(batch)
  }
}

for (const load of LOADS) {
  const house = installation(load.card === true)
  const all = [...frames(load)]
  const bytes = all.reduce((sum, { payload }) => sum + payload.byteLength, 0)
  const baseline = rate(all.length, () => {
    for (const { payload } of all) JSON.parse(payload.toString())
  })
  const door = rate(all.length, () => pass(all, { house, per: load.frame, take: () => {} }))
  const taken: Batch[] = []
  pass(all, { house, per: load.frame, take: (batch) => taken.push(batch) })
  const accepted = taken.reduce((sum, batch) => sum + batch.accepted, 0)
  if (accepted !== READINGS) throw new Error(`${accepted} of ${READINGS} readings accepted`)
  const judged = rate(READINGS, () => {
    const bench = createJudge(house)
    for (const { entries } of taken) {
      for (const entry of entries) if (entry.type === 'reading') bench.judge(entry.reading, entry.at)
    }
  })
  const per = load.frame
  console.log(
    JSON.stringify({
      bench: 'ingest',
      load: load.name,
      readingsPerFrame: per,
      bytesPerFrame: Math.round(bytes / all.length),
      points: POINTS,
      baselineJsonParse: { framesPerSecond: baseline, readingsPerSecond: baseline * per },
      door: { framesPerSecond: door, readingsPerSecond: door * per, ofBaseline: Number((door / baseline).toFixed(2)) },
      judge: { readingsPerSecond: judged },
      node: process.version,
    }),
  )
}
