/** What a mine of the benchmarks sends, second by second: sampled points, cards, meters, cameras, welding machines. The same seed gives the same stream. */
import { PLACES, SAMPLED, WELDERS } from './mine-files.ts'
import { createWorkers } from './mine-people.ts'

const SECOND = 1_000

/** A reading: its point, its event time, its value as JSON. */
export type Say = (point: string, ts: number, value: string) => void

export interface Life {
  /** Everything of the second that begins at `at`; seconds come one after the other. */
  second(at: number, say: Say): void
  /** Permits, as commands, that the mine's officer gives in this second. */
  permits(at: number): readonly Readonly<Record<string, unknown>>[]
}

export interface LifeOptions {
  readonly site: string
  readonly seed: number
  readonly points: number
  readonly people: number
  readonly start: number
  /** Milliseconds between two sightings of a card. */
  readonly cardEvery: number
  /** Shortest and longest sampling period, in seconds. */
  readonly sampleEvery: readonly [number, number]
}

/** Usual value, and how far it moves, by kind. */
const LEVELS: Readonly<Record<string, readonly [number, number]>> = {
  'gas.ch4': [0.3, 0.04],
  'gas.co': [6, 1],
  'env.temperature': [22, 0.4],
  'env.wind': [2.5, 0.3],
}

/** Numbers from 0 to 1, by a xorshift: the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** One of these a site. */
export function createLife(options: LifeOptions): Life {
  const { site, points, people, start, cardEvery } = options
  const [shortest, longest] = options.sampleEvery
  const random = randomFrom(options.seed + 1)
  const workers = createWorkers({ people, start, every: cardEvery, random })
  const fixed = 2 + PLACES.length * 6 + WELDERS * 2
  const samples = Array.from({ length: points - fixed }, (_, s) => {
    const [kind] = SAMPLED[s % SAMPLED.length]!
    const [level, moves] = LEVELS[kind]!
    const period = shortest + (s % (longest - shortest + 1))
    return {
      id: `s/${s}`,
      level: level * (0.9 + 0.2 * random()),
      moves,
      period,
      lag: (s * 53) % 900,
      gas: kind === 'gas.ch4',
      left: 0,
      by: 0,
    }
  })

  function sample(at: number, say: Say): void {
    const second = at / SECOND
    for (let s = 0; s < samples.length; s++) {
      const one = samples[s]!
      if ((second + s) % one.period !== 0) continue
      const chance = random()
      // Now and then gas comes up for a minute or two, seldom so far that the power goes.
      if (one.left > 0) one.left -= 1
      else if (one.gas && chance < 1 / 20_000) {
        one.left = 12
        one.by = chance < 1 / 80_000 ? 1.4 : 0.9
      }
      const value = one.level + (random() - 0.5) * 2 * one.moves + (one.left > 0 ? one.by : 0)
      say(one.id, at - one.lag, chance > 0.9995 ? 'null' : value.toFixed(2))
    }
  }

  function equipment(at: number, say: Say): void {
    const second = at / SECOND
    for (let p = 0; p < PLACES.length; p++) {
      const { area } = PLACES[p]!
      if ((second + p) % 15 === 0) say(`feeders/${area}`, at - 300, 'true')
      if ((second + p) % 30 === 0) say(`power/${area}`, at - 400, (80 + 40 * random()).toFixed(1))
      if (at === start || (second + p * 7) % 600 === 0)
        say(`cameras/${area}`, at, at > start && random() < 0.01 ? '"offline"' : '"online"')
    }
    if (second % 60 === 0) say('lamps', at, String(workers.inside()))
  }

  /** Each machine welds for three minutes of ten. */
  function weld(at: number, say: Say): void {
    const second = at / SECOND
    for (let w = 0; w < WELDERS; w++) {
      const turn = (second + w * 60) % 600
      const step = STEPS[turn]
      if (step) say(`weld-${w}/session`, at, `{"event":"${step}","person":"p-${w * 10}","permit":"hw-${w}"}`)
      if (turn % 5 === 0)
        say(`weld-${w}/current`, at, turn >= 10 && turn < 190 ? (110 + 20 * random()).toFixed(0) : '0')
    }
  }

  return {
    second(at, say) {
      sample(at, say)
      equipment(at, say)
      weld(at, say)
      workers.second(at, say)
    },
    permits(at) {
      if (at !== start && (at / SECOND) % 1_200 !== 0) return []
      const holds = { until: at + 8 * 3_600_000, tested: at, limit: 0.8 }
      return Array.from({ length: WELDERS }, (_, w) => {
        return { command: 'permit', permit: `hw-${w}`, site, machine: `weld-${w}`, by: 'officer', ts: at, ...holds }
      })
    },
  }
}

const STEPS: Readonly<Record<number, string>> = { 0: 'scan', 3: 'unlock', 8: 'start', 192: 'stop', 196: 'lock' }

/** Writes instants as devices do, `2026-05-01T08:00:00.000+08:00`; the text of a second is made once. */
export function createStamp(): (ts: number) => string {
  const known: { second: number; text: string }[] = [
    { second: -1, text: '' },
    { second: -1, text: '' },
  ]
  return (ts) => {
    const second = Math.floor(ts / SECOND)
    const kept = known[second & 1]!
    if (kept.second !== second) {
      kept.second = second
      kept.text = new Date(second * SECOND + 8 * 3_600_000).toISOString().slice(0, 19)
    }
    return `${kept.text}.${String(ts - second * SECOND).padStart(3, '0')}+08:00`
  }
}
