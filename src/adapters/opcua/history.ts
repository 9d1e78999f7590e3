/** What the server's own historian kept while nobody listened (HistoryRead, OPC UA Part 11): read once the link is back. */
import { HistoryReadRequest, ReadRawModifiedDetails, TimestampsToReturn } from 'node-opcua'
import type { Instant } from '../../model/time.ts'
import type { WireReading } from '../outgoing.ts'
import type { RawSession } from './raw-session.ts'
import { type DataValueLike, instantOf, qualityOf, worthOf } from './values.ts'

/** Nodes in one call, and values of each in one answer. */
const NODES = 50
const VALUES = 1_000

export interface Gap {
  readonly from: Instant
  readonly to: Instant
  /** At most so many values of one node; what is beyond is said to be missing. */
  readonly most: number
}

export interface Wanted {
  readonly nodeId: string
  readonly point: string
  readonly element: number | undefined
}

export interface Filled {
  readonly values: number
  /** Points of which the server has no history, or not all of it. */
  readonly lacking: readonly string[]
}

/** Sends every value between two instants, node by node in the order of time; `send` resolves when there is room for more. */
export async function readHistory(
  session: RawSession,
  { wanted, gap, send }: { wanted: readonly Wanted[]; gap: Gap; send(readings: readonly WireReading[]): Promise<void> },
): Promise<Filled> {
  const lacking: string[] = []
  let values = 0
  for (let i = 0; i < wanted.length; i += NODES) {
    const taken = new Map<Wanted, number>()
    let open = wanted.slice(i, i + NODES).map((item) => ({ item, continuationPoint: null as Buffer | null }))
    while (open.length > 0) {
      const results = await ask(session, { open, gap })
      const next: typeof open = []
      for (const [n, { item }] of open.entries()) {
        const result = results[n]
        const found = (result?.historyData as { dataValues?: readonly DataValueLike[] | null } | null)?.dataValues ?? []
        const readings = found.flatMap((value) => readingOf(item, value))
        if (!result || qualityOf(result.statusCode.value) === 'bad') {
          lacking.push(item.point)
          continue
        }
        if (readings.length > 0) await send(readings)
        values += readings.length
        taken.set(item, (taken.get(item) ?? 0) + readings.length)
        const more = result.continuationPoint
        if (!more || more.length === 0) continue
        if (taken.get(item)! < gap.most) next.push({ item, continuationPoint: more })
        else lacking.push(item.point)
      }
      open = next
    }
  }
  return { values, lacking }
}

async function ask(
  session: RawSession,
  { open, gap }: { open: readonly { item: Wanted; continuationPoint: Buffer | null }[]; gap: Gap },
) {
  const { results } = await session.historyRead(
    new HistoryReadRequest({
      timestampsToReturn: TimestampsToReturn.Both,
      releaseContinuationPoints: false,
      historyReadDetails: new ReadRawModifiedDetails({
        isReadModified: false,
        startTime: new Date(gap.from),
        endTime: new Date(gap.to),
        numValuesPerNode: Math.min(VALUES, gap.most),
        returnBounds: false,
      }),
      nodesToRead: open.map(({ item, continuationPoint }) => ({
        nodeId: item.nodeId,
        ...(continuationPoint && { continuationPoint }),
      })),
    }),
  )
  return results ?? []
}

function readingOf({ point, element }: Wanted, value: DataValueLike): WireReading[] {
  const ts = instantOf(value.sourceTimestamp, value.serverTimestamp)
  return ts === undefined ? [] : [{ point, ts, ...worthOf(value, element) }]
}
