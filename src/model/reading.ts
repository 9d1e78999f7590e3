/** Readings (读数): one value of one point at one instant, with what is known of its worth. */
import type { DeviceState, Point, PointRef } from './point.ts'
import type { Instant } from './time.ts'

/** OPC UA's three grades. Only `good` may clear an alarm; `uncertain` may raise; `bad` does neither and counts as silence. */
export type Quality = 'good' | 'uncertain' | 'bad'

/** Statuses that make a reading `bad` whatever its value: the device says the value is not the place's. */
export const BAD_STATUSES: ReadonlySet<string> = new Set([
  'calibrating',
  'over-range',
  'fault',
  'paused',
  'out-of-service',
  'not-polled',
  'station-fault',
])

/** `card.reader`: this reader saw this card. */
export interface Sighting {
  readonly card: string
  /** Metres from the reader, signed by side. */
  readonly distance?: number
  readonly moving?: boolean
  readonly sos?: boolean
  readonly battery?: number
  /** The reader lost the card: it left the reader's range, or the mine. */
  readonly gone?: boolean
}

/** `gate`: somebody passed, perhaps with a name. */
export interface Passage {
  readonly direction: 'in' | 'out'
  readonly person?: string
  readonly card?: string
  readonly method?: string
}

/** `weld.session`: a step of the welding chip's unlock sequence. */
export interface WeldStep {
  readonly event: 'scan' | 'unlock' | 'start' | 'stop' | 'lock'
  readonly person?: string
  readonly permit?: string
}

export type Value = number | boolean | DeviceState | Sighting | Passage | WeldStep

/** As decoded at the door, before it is judged; what the journal keeps. */
export interface Measurement<P extends PointRef = PointRef> {
  readonly point: P
  /** Event time at the device. */
  readonly ts: Instant
  /** `null`: the source said there is no value. */
  readonly value: Value | null
  /** As the source claimed it. */
  readonly quality: Quality
  readonly status?: string
  /** The source's own id of this reading. */
  readonly ref?: string
  /** `arrival`: the source gave no time, so `ts` is the arrival time. */
  readonly stamped?: 'arrival'
}

/** Where a reading stands between its event time and the arrival clock. Only `live` and `early` reach the rules. */
export type Timing = 'live' | 'late' | 'early'

/** A measurement judged against its point: what the rules see. */
export interface Reading extends Measurement<Point> {
  /** The worth after range, sentinels, status and clock were looked at. */
  readonly quality: Quality
  readonly received: Instant
  readonly timing: Timing
  /** The device's own time, where rules are given the arrival's instead: it ran ahead. Evidence keeps it. */
  readonly claimed?: Instant
}
