/** What the server's own historian kept while nobody listened (HistoryRead, OPC UA Part 11): read once the link is back. */
import { HistoryReadRequest, type HistoryReadResult, ReadRawModifiedDetails, TimestampsToReturn } from 'node-opcua'
import type { Instant } from '../../model/time.ts'
import type { WireReading } from '../outgoing.ts'
import { isPassing } from './passing.ts'
import type { Mark } from './protocol.ts'
import type { RawSession } from './raw-session.ts'
import { type DataValueLike, instantOf, qualityOf, statusName, worthOf } from './values.ts'

/** Nodes in one call at the most. */
export const MOST_NODES = 50
/** Values of each in one answer. */
const VALUES = 1_000

export interface Wanted {
  /** Its place among the source's items. */
  readonly item: number
  readonly nodeId: string
  readonly point: string
  readonly element: number | undefined
  /** Up to when it has been heard: no earlier values are read, and it moves on with them. */
  since: Instant
  /** `lacking`: the server has no history of it, or not all of it. */
  state: 'open' | 'read' | 'lacking'
}

/** What became of a pass: all were read that the server has; it refuses the service as a whole, by the name of its status code; or it
 *  could not answer now, and may when it is asked again. */
export type Outcome = { readonly became: 'read' } | { readonly became: 'refused' | 'failed'; readonly reason: string }

export interface HistoryCall {
  /** On the server's clock. */
  readonly until: Instant
  /** At most so many values of one node; what is beyond is said to be missing. */
  readonly most: number
  /** Nodes asked for in one call. */
  readonly nodes: number
  /** Resolves when there is room for more. `got`: up to when each item has been read with these. */
  send(readings: readonly WireReading[], got: readonly Mark[]): Promise<void>
  /** Whether nobody wants it any more. */
  over(): boolean
}

type Page = { readonly item: Wanted; readonly continuationPoint: Buffer | null }

/** Sends every value since each node that is `open` was heard last, node by node in the order of time. */
export async function readHistory(session: RawSession, wanted: readonly Wanted[], call: HistoryCall): Promise<Outcome> {
  const failing = new Map<string, string>()
  // Neighbours in time share a call, which has one beginning for all of its nodes.
  const sorted = wanted.filter(({ state }) => state === 'open').sort((a, b) => a.since - b.since)
  const size = call.nodes
  const parts: Wanted[][] = []
  for (let i = 0; i < sorted.length; i += size) parts.push(sorted.slice(i, i + size))
  for (const part of parts) {
    const taken = new Map<Wanted, number>()
    let open = part
      .filter((item) => {
        if (item.since >= call.until) item.state = 'read'
        return item.state === 'open'
      })
      .map((item): Page => ({ item, continuationPoint: null }))
    const from = part[0]!.since
    while (open.length > 0 && !call.over()) {
      const results = await ask(session, { open, from, call })
      if (!Array.isArray(results)) return results as Outcome
      const next: Page[] = []
      const readings: WireReading[] = []
      for (const [n, { item }] of open.entries()) {
        const result = (results as readonly HistoryReadResult[])[n]
        if (!result || qualityOf(result.statusCode.value) === 'bad') {
          const name = result?.statusCode.name ?? 'no answer'
          // It keeps its place for a few nodes at a time only.
          if (part.length > 1 && name === 'BadNoContinuationPoints') parts.push([item])
          else if (isPassing(name)) failing.set(item.point, name)
          else item.state = 'lacking'
          continue
        }
        const found = (result.historyData as { dataValues?: readonly DataValueLike[] | null } | null)?.dataValues ?? []
        for (const value of found) readings.push(...readingsOf(item, value))
        const count = (taken.get(item) ?? 0) + found.length
        taken.set(item, count)
        const more = result.continuationPoint
        if (!more || more.length === 0) item.state = 'read'
        else if (count < call.most) next.push({ item, continuationPoint: more })
        else item.state = 'lacking'
      }
      const got = open.map(({ item }): Mark => [item.item, item.since])
      if (readings.length > 0) await call.send(readings, got)
      open = next
    }
    if (call.over()) break
  }
  const [first] = failing
  if (!first) return { became: 'read' }
  const others = failing.size > 1 ? `, and ${failing.size - 1} more` : ''
  return { became: 'failed', reason: `${first[1]} of ${first[0]}${others}` }
}

/** The results, or why there are none. */
async function ask(
  session: RawSession,
  { open, from, call }: { open: readonly Page[]; from: Instant; call: HistoryCall },
): Promise<readonly HistoryReadResult[] | Outcome> {
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
    const fault = faultOf(error)
    if (fault !== undefined && !isPassing(fault)) return { became: 'refused', reason: statusName(fault) }
    return { became: 'failed', reason: fault ?? messageOf(error) }
  }
}

/** The first line of what an error says. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!.trim()
}

/** The server's own answer that it will not; `undefined` where it did not answer. */
function faultOf(error: unknown): string | undefined {
  const { response } = error as { response?: { responseHeader?: { serviceResult?: { name: string } } } }
  return response?.responseHeader?.serviceResult?.name
}

function readingsOf(item: Wanted, value: DataValueLike): WireReading[] {
  const { point, element, since } = item
  const ts = instantOf(value.sourceTimestamp, value.serverTimestamp)
  // Several values may bear one instant: the one that is known already is known at the door.
  if (ts === undefined || ts < since) return []
  item.since = ts
  return [{ point, ts, ...worthOf(value, element) }]
}
