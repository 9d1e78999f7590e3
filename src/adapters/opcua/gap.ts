/** Fills the gap between what the journal holds of each item and the new subscription, from the server's history. */
import { setTimeout } from 'node:timers/promises'
import { AttributeIds, VariableIds } from 'node-opcua'
import { type Duration, formatInstant, type Instant } from '../../model/time.ts'
import type { WireReading } from '../outgoing.ts'
import { MOST_NODES, messageOf, type Outcome, readHistory, type Wanted } from './history.ts'
import type { FromThread, Mark, SessionRequest } from './protocol.ts'
import type { RawSession } from './raw-session.ts'
import { instantOf } from './values.ts'
import { nodeOf } from './watch.ts'

/** Values of one node that are read from a server's history at the most. */
const MOST_HISTORY = 100_000
/** A source's clock may be ahead of the server's. */
const SOURCE_AHEAD: Duration = 60_000
/** What is live waits so long for what is past, so that a short gap is filled in the order of time; then both go on side by side. */
const AHEAD_OF_LIVE: Duration = 5_000
/** A historian may write down a little later what has been measured: it is asked once more. */
const AGAIN: Duration = 10_000
/** Where the server cannot answer now it is asked again after each of these; then the gap is left to the next session. */
const PAUSES: readonly Duration[] = [2_000, 5_000, 15_000, 60_000, 300_000]

/** Resolves when the gap is filled, or what is live should wait no longer. An item that was never heard has no gap: its first value is the
 *  present one. How it stands is said each time it changes; `filled` once, when everything read has been sent. */
export async function fillGap(
  session: RawSession,
  {
    request,
    nodes,
    say,
    send,
    signal,
  }: {
    request: SessionRequest
    /** Nodes that the server takes in one call. */
    nodes: number
    say(message: FromThread): void
    /** Resolves when there is room for more. */
    send(readings: readonly WireReading[], got: readonly Mark[]): Promise<void>
    signal: Promise<unknown>
  },
): Promise<void> {
  if (request.history === 0 || request.since.every((since) => since === undefined)) return
  let over = false
  void signal.then(() => {
    over = true
  })
  const pause = (delay: Duration) => Promise.race([signal, setTimeout(delay, undefined, { ref: false })])
  const oldest = Math.min(...request.since.filter((since) => since !== undefined))
  const gap = `the gap since ${formatInstant(oldest)}`
  const live = Promise.withResolvers<void>()
  let values = 0
  let now: Instant | undefined
  let wanted: Wanted[] = []

  /** One try at all that is still open. Each takes fewer nodes at once, since it may have been too much. */
  async function pass(tries: number, again: boolean): Promise<Outcome> {
    try {
      now ??= await serverNow(session)
      if (wanted.length === 0) wanted = await wantedOf(session, { request, now })
    } catch (error) {
      return { became: 'failed', reason: messageOf(error) }
    }
    return readHistory(session, wanted, {
      until: again ? now : now + SOURCE_AHEAD,
      most: MOST_HISTORY,
      nodes: Math.max(1, Math.floor(Math.min(nodes, MOST_NODES) / 4 ** tries)),
      over: () => over,
      async send(readings, got) {
        values += readings.length
        await send(readings, got)
      },
    })
  }

  /** `undefined` where it has to be left to the next session. */
  async function persist(again: boolean): Promise<Outcome | undefined> {
    for (let tries = 0; !over; tries++) {
      const outcome = await pass(tries, again)
      if (outcome.became !== 'failed' || over) return outcome
      const delay = PAUSES[tries]
      const asked = delay === undefined ? 'the next session asks for it again' : `asking again in ${delay / 1_000} s`
      const message = `${gap} is not filled from the server's history: ${outcome.reason}; ${asked}`
      say({ type: 'gap', state: delay === undefined ? 'unfilled' : 'waiting', message })
      live.resolve()
      if (delay === undefined) return undefined
      await pause(delay)
    }
    return undefined
  }

  async function fill(): Promise<void> {
    say({ type: 'gap', state: 'filling', message: `${gap} is being filled from the server's history` })
    const outcome = await persist(false)
    if (over || !outcome) return
    const report = reportOf(outcome, { values, wanted, gap })
    say({ type: 'log', ...report })
    live.resolve()
    for (const item of wanted) if (item.state === 'read') item.state = 'open'
    if (outcome.became === 'read' && wanted.some(({ state }) => state === 'open')) {
      await pause(AGAIN)
      if (over || !(await persist(true)) || over) return
    }
    say({ type: 'gap', state: 'filled', ...(report.level === 'warn' && { message: report.message }) })
  }

  fill().catch((error) => say({ type: 'gap', state: 'unfilled', message: messageOf(error) }))
  await Promise.race([live.promise, pause(AHEAD_OF_LIVE)])
}

async function wantedOf(
  session: RawSession,
  { request, now }: { request: SessionRequest; now: Instant },
): Promise<Wanted[]> {
  const namespaces = request.items.some(({ node }) => node.startsWith('nsu=')) ? await session.readNamespaceArray() : []
  return request.items.flatMap(({ node, point, element }, item) => {
    const heard = request.since[item]
    const nodeId = heard === undefined ? 'never heard' : nodeOf(node, namespaces)
    if (typeof nodeId === 'string') return []
    const since = Math.max(heard!, now - request.history)
    return [{ item, nodeId: nodeId.toString(), point, element, since, state: 'open' }]
  })
}

/** The server's clock, by which it dates what it keeps; ours where it does not say. */
async function serverNow(session: RawSession): Promise<Instant> {
  const nodeId = `i=${VariableIds.Server_ServerStatus_CurrentTime}`
  const { value, serverTimestamp } = await session.read({ nodeId, attributeId: AttributeIds.Value })
  const told = value?.value instanceof Date ? value.value : undefined
  return instantOf(told, serverTimestamp) ?? Date.now()
}

function reportOf(
  outcome: Outcome,
  { values, wanted, gap }: { values: number; wanted: readonly Wanted[]; gap: string },
): { level: 'info' | 'warn'; message: string } {
  if (outcome.became !== 'read') {
    const message = `the server does not read its history out (${outcome.reason}): ${gap} is missing`
    return { level: 'warn', message }
  }
  const lacking = wanted.flatMap(({ point, state }) => (state === 'lacking' ? [point] : []))
  const named = `${lacking.slice(0, 10).join(', ')}${lacking.length > 10 ? ` and ${lacking.length - 10} more` : ''}`
  const without = lacking.length === 0 ? '' : `; none, or not all, of ${named}`
  const message = `${values} values read from the server's history for ${gap}${without}`
  return { level: lacking.length === 0 ? 'info' : 'warn', message }
}
