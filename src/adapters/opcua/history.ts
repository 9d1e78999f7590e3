/** What the server's own historian kept while nobody listened (HistoryRead, OPC UA Part 11): read once the link is back. */
import { HistoryReadRequest, type HistoryReadResult, ReadRawModifiedDetails, TimestampsToReturn } from 'node-opcua'
import type { Instant } from '../../model/time.ts'
import type { WireReading } from '../outgoing.ts'
import type { RawSession } from './raw-session.ts'
import { type DataValueLike, instantOf, qualityOf, statusName, worthOf } from './values.ts'

/** Nodes in one call at the most, and values of each in one answer. */
const NODES = 50
const VALUES = 1_000

export interface Wanted {
  /** Its place among the source's items. */
  readonly item: number
  readonly nodeId: string
  readonly point: string
  readonly element: number | undefined
  /** Up to when it has been heard: no earlier values are read, and it moves on with them. */
  since: Instant
}

export interface Filled {
  readonly values: number
  /** Points of which the server has no history, or not all of it. */
  readonly lacking: readonly string[]
  /** The status code with which the server refused the service as a whole. */
  readonly refused?: string
}

export interface HistoryCall {
  /** On the server's clock. */
  readonly until: Instant
  /** At most so many values of one node; what is beyond is said to be missing. */
  readonly most: number
  /** Nodes that the server takes in one call. */
  readonly nodes: number
  /** Resolves when there is room for more. */
  send(readings: readonly WireReading[]): Promise<void>
  /** Told up to when an item has been read and sent. */
  got(item: number, ts: Instant): void
  /** Whether nobody wants it any more. */
  over(): boolean
}

type Page = { readonly item: Wanted; readonly continuationPoint: Buffer | null }

/** Sends every value since each node was heard last, node by node in the order of time. Rejects where the session fails; a server that
 *  will not is no failure of the session. */
export async function readHistory(session: RawSession, wanted: readonly Wanted[], call: HistoryCall): Promise<Filled> {
  const lacking: string[] = []
  let values = 0
  // Neighbours in time share a call, which has one beginning for all of its nodes.
  const sorted = wanted.filter(({ since }) => since < call.until).sort((a, b) => a.since - b.since)
  const size = Math.min(NODES, call.nodes)
  const parts: Wanted[][] = []
  for (let i = 0; i < sorted.length; i += size) parts.push(sorted.slice(i, i + size))
  for (const part of parts) {
    const taken = new Map<Wanted, number>()
    let open = part.map((item): Page => ({ item, continuationPoint: null }))
    const from = part[0]!.since
    while (open.length > 0 && !call.over()) {
      const results = await ask(session, { open, from, call })
      if (typeof results === 'string') return { values, lacking, refused: results }
      const next: Page[] = []
      const readings: WireReading[] = []
      for (const [n, { item }] of open.entries()) {
        const result = results[n]
        if (!result || qualityOf(result.statusCode.value) === 'bad') {
          // It keeps its place for a few nodes at a time only.
          if (part.length > 1 && result?.statusCode.name === 'BadNoContinuationPoints') parts.push([item])
          else lacking.push(item.point)
          continue
        }
        const found = (result.historyData as { dataValues?: readonly DataValueLike[] | null } | null)?.dataValues ?? []
        for (const value of found) readings.push(...readingsOf(item, value))
        const count = (taken.get(item) ?? 0) + found.length
        taken.set(item, count)
        const more = result.continuationPoint
        if (!more || more.length === 0) continue
        if (count < call.most) next.push({ item, continuationPoint: more })
        else lacking.push(item.point)
      }
      values += readings.length
      if (readings.length > 0) await call.send(readings)
      if (call.over()) break
      for (const { item } of open) call.got(item.item, item.since)
      open = next
    }
  }
  return { values, lacking }
}

/** The results, or the name of the code with which the server refuses. */
async function ask(
  session: RawSession,
  { open, from, call }: { open: readonly Page[]; from: Instant; call: HistoryCall },
): Promise<readonly HistoryReadResult[] | string> {
  try {
    const { results } = await session.historyRead(
      new HistoryReadRequest({
        timestampsToReturn: TimestampsToReturn.Both,
        releaseContinuationPoints: false,
        historyReadDetails: new ReadRawModifiedDetails({
          isReadModified: false,
          startTime: new Date(from),
          endTime: new Date(call.until),
          numValuesPerNode: Math.min(VALUES, call.most),
          returnBounds: false,
        }),
        nodesToRead: open.map(({ item, continuationPoint }) => ({
          nodeId: item.nodeId,
          ...(continuationPoint && { continuationPoint }),
        })),
      }),
    )
    return results ?? []
  } catch (error) {
    const refusal = faultOf(error)
    if (refusal === undefined) throw error
    return refusal
  }
}

/** The server's own answer that it will not; `undefined` where it did not answer. */
function faultOf(error: unknown): string | undefined {
  const { response } = error as { response?: { responseHeader?: { serviceResult?: { name: string } } } }
  const name = response?.responseHeader?.serviceResult?.name
  return name === undefined ? undefined : statusName(name)
}

function readingsOf(item: Wanted, value: DataValueLike): WireReading[] {
  const { point, element, since } = item
  const ts = instantOf(value.sourceTimestamp, value.serverTimestamp)
  // Several values may bear one instant: the one that is known already is known at the door.
  if (ts === undefined || ts < since) return []
  item.since = ts
  return [{ point, ts, ...worthOf(value, element) }]
}
