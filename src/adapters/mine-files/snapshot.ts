/** RYSS, the snapshot of who is below, into sightings, passages and `gone`; RYQJ, the calls for help, into sightings. */
import type { Sighting } from '../../model/reading.ts'
import type { Instant } from '../../model/time.ts'
import { type MineRecord, readTrail } from './decode.ts'
import { instantOf, type Reading, refOf, refuseRecord, stranger } from './meaning.ts'

/** What the snapshots so far said of one card. */
interface Known {
  /** The reader that has it; absent once gone. */
  readonly reader?: string
  readonly entered: string
  readonly left: string
  /** The newest step of its trail. */
  readonly trail: Instant
}

/** What is kept between the snapshots of one mine: cards, a bounded number, those longest unheard of going first. */
export type Cards = Map<string, Known>

const MOST_CARDS = 20_000

/** Absence from a snapshot says nothing: only a record with flag 2 ends a card's stay. */
export function readSnapshot(reading: Reading, { cards, gate }: { cards: Cards; gate: string | undefined }): void {
  for (const record of reading.file.records) {
    const { card, entered, left, trail } = record.cells as Record<string, string>
    const was = cards.get(card!)
    const newest = followTrail(record, { reading, since: was?.trail ?? Number.NEGATIVE_INFINITY })
    if (gate !== undefined) {
      if (entered && entered !== was?.entered) pass(reading, { gate, direction: 'in', card: card!, time: entered })
      if (left && left !== was?.left) pass(reading, { gate, direction: 'out', card: card!, time: left })
    }
    const reader = record.cells.flag === '2' ? leave(record, { reading, was }) : sight(record, reading)
    cards.delete(card!)
    cards.set(card!, {
      ...(reader !== undefined && { reader }),
      entered: entered!,
      left: left!,
      trail: trail ? newest : (was?.trail ?? newest),
    })
    if (cards.size > MOST_CARDS) cards.delete(cards.keys().next().value!)
  }
}

/** Calls for help hold at the file's time while they have no end: told with their beginning, they would be late and never live. One
 *  that has ended says nothing of where the card is now; the next snapshot does. */
export function readCalls(reading: Reading, { cards }: { cards: Cards }): void {
  for (const record of reading.file.records) {
    const { card, end } = record.cells as Record<string, string>
    if (end) continue
    const point = readerOf(record, { reading, last: cards.get(card!)?.reader })
    if (point === undefined) continue
    const value: Sighting = { card: card!, sos: true }
    reading.meaning.readings.push({ point, ts: reading.at, value, ref: refOf(record, reading) })
  }
}

function sight(record: MineRecord, reading: Reading): string | undefined {
  const { card, distance, state } = record.cells as Record<string, string>
  const point = readerOf(record, { reading })
  if (point === undefined) return undefined
  const sos = /求救|^sos$|^1$/i.test(state!)
  if (!sos && !/^(正常|0|normal|)$/i.test(state!)) {
    reading.meaning.notices.push(`RYSS: ${JSON.stringify(state!.slice(0, 20))} is no state of a card that is known`)
  }
  const value: Sighting = {
    card: card!,
    ...(distance && { distance: Number(distance) }),
    ...(sos && { sos }),
  }
  reading.meaning.readings.push({ point, ts: reading.at, value, ref: refOf(record, reading) })
  return point
}

/** The reader that has the card loses it, at the snapshot's time: a way out told minutes later would be late, and never live. */
function leave(record: MineRecord, { reading, was }: { reading: Reading; was: Known | undefined }): undefined {
  // Said once: a mine lists for the rest of the day who has left.
  if (was && was.reader === undefined) return undefined
  const { card, station, area } = record.cells as Record<string, string>
  // A card that was never seen and left no place behind: there is nobody to take out.
  if (!was && !station && !area) return undefined
  const point = was?.reader ?? readerOf(record, { reading })
  if (point === undefined || !reading.site.points.has(point)) return undefined
  const value: Sighting = { card: card!, gone: true }
  reading.meaning.readings.push({ point, ts: reading.at, value, ref: refOf(record, reading) })
}

/** The reader of a record's station; where the station has none, that of its area; where the record names no place, the `last` one. */
function readerOf(
  record: MineRecord,
  { reading, last }: { reading: Reading; last?: string | undefined },
): string | undefined {
  const { station, area } = record.cells as Record<string, string>
  const { codes } = reading
  if (!station && !area) {
    if (last === undefined) refuseRecord(record, { code: 'record-field', why: 'field station: nothing' }, reading)
    return last
  }
  const point = codes.find(station!, 'sighting') ?? codes.find(area!, 'sighting')
  if (!point) stranger(station || area!, record, reading)
  return point?.id
}

/** Steps since the last ones told, in order of time, each with the ref it has in every snapshot. */
function followTrail(record: MineRecord, { reading, since }: { reading: Reading; since: Instant }): Instant {
  const { card, trail } = record.cells as Record<string, string>
  if (!trail) return since
  const steps = readTrail(trail)!
    .map(([station, time]) => ({ station, ts: instantOf(time, reading)! }))
    .filter(({ ts }) => ts > since && ts < reading.at)
    .sort((a, b) => a.ts - b.ts)
  for (const { station, ts } of steps) {
    const point = reading.codes.find(station, 'sighting')
    if (!point) stranger(station, record, reading)
    else reading.meaning.readings.push({ point: point.id, ts, value: { card: card! }, ref: `trail-${card}-${ts}` })
  }
  return steps.at(-1)?.ts ?? since
}

function pass(
  reading: Reading,
  { gate, direction, card, time }: { gate: string; direction: 'in' | 'out'; card: string; time: string },
): void {
  const ts = instantOf(time, reading)!
  reading.meaning.readings.push({ point: gate, ts, value: { direction, card }, ref: `${direction}-${card}-${ts}` })
}
