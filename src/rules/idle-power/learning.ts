/** What a meter draws while nothing is produced, learnt from its own readings: how long it was at which power, exactly and in bounded room. */
import type { Json } from '../../model/json.ts'
import { type Duration, HOUR, type Instant } from '../../model/time.ts'
import type { IdlePowerParams } from './params.ts'

/** A value stands for the time up to the next one, but no longer than this. */
const STANDS = HOUR
/** Powers below are none, powers above are as many. */
const LEAST = 2 ** -4
const MOST = 2 ** 30

export interface Learning {
  /** The site's status that it is learnt for. */
  status: string
  /** Event time of the first good value. */
  since: Instant | undefined
  /** The last good value, and when. */
  value: number
  at: Instant
  /** How much of the time the values cover. */
  covered: Duration
  /** Milliseconds at each class of power. */
  readonly times: Map<number, Duration>
  /** The power that was not exceeded for the wanted share of the time, once learnt. */
  usual: number | undefined
}

export function beginLearning(status: string): Learning {
  return { status, since: undefined, value: 0, at: 0, covered: 0, times: new Map(), usual: undefined }
}

/** Takes in a good value, not older than those before it. */
export function learn(
  learning: Learning,
  { ts, value }: { ts: Instant; value: number },
  params: IdlePowerParams,
): void {
  if (learning.usual !== undefined) return
  if (learning.since === undefined) {
    learning.since = ts
  } else {
    const stood = Math.min(ts - learning.at, STANDS)
    const power = classOf(learning.value)
    learning.times.set(power, (learning.times.get(power) ?? 0) + stood)
    learning.covered += stood
    if (ts - learning.since >= params.learn && learning.covered * 2 >= params.learn && learning.covered > 0) {
      learning.usual = usual(learning, params.share)
      learning.times.clear()
    }
  }
  learning.value = value
  learning.at = ts
}

/** The upper edge of the lowest class that, with all below it, holds the share of the time. */
function usual({ times, covered }: Learning, share: number): number {
  let sum = 0
  const classes = [...times].sort(([a], [b]) => a - b)
  for (const [power, stood] of classes) {
    sum += stood
    if (sum >= covered * share) return edgeOf(power)
  }
  return edgeOf(classes.at(-1)![0])
}

const view = new DataView(new ArrayBuffer(8))

/** 64 classes an octave, by the bits of the number: no logarithm that another machine might round otherwise. */
function classOf(value: number): number {
  if (!(value >= LEAST)) return 0
  view.setFloat64(0, Math.min(value, MOST))
  return view.getUint32(0) >>> 14
}

/** The highest power of a class, at most 1.6 % over its lowest. */
function edgeOf(power: number): number {
  if (power === 0) return 0
  view.setUint32(0, (power + 1) << 14)
  view.setUint32(4, 0)
  return view.getFloat64(0)
}

export function saveLearning({ status, since, value, at, covered, times, usual: found }: Learning): Json {
  return [status, since ?? null, value, at, covered, [...times].sort(([a], [b]) => a - b), found ?? null]
}

type Saved = readonly [
  string,
  number | null,
  number,
  number,
  number,
  readonly (readonly [number, number])[],
  number | null,
]

export function loadLearning(saved: Json): Learning {
  const [status, since, value, at, covered, times, found] = saved as unknown as Saved
  return { status, since: since ?? undefined, value, at, covered, times: new Map(times), usual: found ?? undefined }
}
