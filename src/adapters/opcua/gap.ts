/** Fills the gap between what the journal holds of each item and the new subscription, from the server's history. */
import { setTimeout } from 'node:timers/promises'
import { AttributeIds, VariableIds } from 'node-opcua'
import type { Duration, Instant } from '../../model/time.ts'
import type { WireReading } from '../outgoing.ts'
import { type Filled, type HistoryCall, readHistory, type Wanted } from './history.ts'
import type { FromThread, SessionRequest } from './protocol.ts'
import type { RawSession } from './raw-session.ts'
import type { Gap, Kept } from './subscription.ts'
import { instantOf } from './values.ts'
import { nodeOf } from './watch.ts'

/** Values of one node that are read from a server's history at the most. */
const MOST_HISTORY = 100_000
/** A source's clock may be ahead of the server's. */
const SOURCE_AHEAD: Duration = 60_000
/** What is live waits so long for what is past, so that after a crash in between the gap is still known; then both go on side by side. */
const AHEAD_OF_LIVE: Duration = 5_000

/** A historian may write down a little later what has been measured: it is asked once more. */
const AGAIN: Duration = 10_000

/** Resolves when the gap is filled, or what is live should wait no longer; rejects where the session fails before. A later failure is the
 *  session's own, which is told otherwise. An item that was never heard has no gap: its first value is the present one. What is not
 *  read before the session ends is left in `kept` for the next. */
export async function fillGap(
  session: RawSession,
  {
    request,
    kept,
    nodes,
    say,
    send,
    signal,
  }: {
    request: SessionRequest
    kept: Kept
    /** Nodes that the server takes in one call. */
    nodes: number
    say(message: FromThread): void
    /** Resolves when there is room for more. */
    send(readings: readonly WireReading[]): Promise<void>
    signal: Promise<unknown>
  },
): Promise<void> {
  if (request.history === 0) return
  // What a session before did not get to goes further back than what has been heard since.
  const gap = request.since.map((since, item) => kept.gap?.[item] ?? since)
  if (gap.every((since) => since === undefined)) return
  kept.gap = gap
  let over = false
  void signal.then(() => {
    over = true
  })
  const filling = (async () => {
    const now = await serverNow(session)
    const wanted = await wantedOf(session, { request, gap, now })
    const from = Math.min(now, ...wanted.map(({ since }) => since))
    const call: HistoryCall = {
      until: now + SOURCE_AHEAD,
      most: MOST_HISTORY,
      nodes,
      send,
      over: () => over,
      got: (item, ts) => {
        gap[item] = ts
      },
    }
    const first = await readHistory(session, wanted, call)
    if (!over) say(reportOf(first, Math.round((now - from) / 1_000)))
    if (first.refused !== undefined || first.lacking.length === wanted.length) return
    return async () => {
      await Promise.race([signal, pause(AGAIN)])
      if (!over) await readHistory(session, wanted, { ...call, until: now })
    }
  })()
  filling
    .then((again) => again?.())
    .then(() => {
      if (!over) kept.gap = undefined
    })
    .catch(() => {})
  await Promise.race([filling, pause(AHEAD_OF_LIVE), signal])
}

const pause = (delay: Duration) => setTimeout(delay, undefined, { ref: false })

async function wantedOf(
  session: RawSession,
  { request, gap, now }: { request: SessionRequest; gap: Gap; now: Instant },
): Promise<Wanted[]> {
  const namespaces = request.items.some(({ node }) => node.startsWith('nsu=')) ? await session.readNamespaceArray() : []
  return request.items.flatMap(({ node, point, element }, item) => {
    const heard = gap[item]
    const nodeId = heard === undefined ? 'never heard' : nodeOf(node, namespaces)
    if (typeof nodeId === 'string') return []
    return [{ item, nodeId: nodeId.toString(), point, element, since: Math.max(heard!, now - request.history) }]
  })
}

/** The server's clock, by which it dates what it keeps; ours where it does not say. */
async function serverNow(session: RawSession): Promise<Instant> {
  const nodeId = `i=${VariableIds.Server_ServerStatus_CurrentTime}`
  const { value, serverTimestamp } = await session.read({ nodeId, attributeId: AttributeIds.Value })
  const told = value?.value instanceof Date ? value.value : undefined
  return instantOf(told, serverTimestamp) ?? Date.now()
}

function reportOf({ values, lacking, refused }: Filled, seconds: number): FromThread {
  if (refused !== undefined) {
    const message = `the server does not read its history out (${refused}): what happened while nobody listened is missing`
    return { type: 'log', level: 'warn', message }
  }
  const named = `${lacking.slice(0, 10).join(', ')}${lacking.length > 10 ? ` and ${lacking.length - 10} more` : ''}`
  const without = lacking.length === 0 ? '' : `; none, or not all, of ${named}`
  const message = `${values} values read from the server's history of the last ${seconds} s${without}`
  return { type: 'log', level: lacking.length === 0 ? 'info' : 'warn', message }
}
