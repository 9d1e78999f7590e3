/** Asks the server to watch the items, names those it will not, and tries these again from time to time. */
import {
  AttributeIds,
  coerceNodeId,
  DataChangeFilter,
  DataChangeTrigger,
  DeadbandType,
  MonitoringMode,
  type NodeId,
  TimestampsToReturn,
} from 'node-opcua'
import type { Duration } from '../../model/time.ts'
import type { WireReading } from '../outgoing.ts'
import type { FromThread, ItemRequest, SessionRequest } from './protocol.ts'
import type { RawSession } from './raw-session.ts'
import type { Kept } from './subscription.ts'
import { qualityOf, statusName } from './values.ts'

/** Servers limit the operations of a call; a thousand is what the common ones take. */
const AT_ONCE = 1_000
/** A server that has just started may not have its nodes yet. */
const AGAIN: Duration = 30_000

/** Resolves when `signal` does, or rejects where the session fails. A client handle is an index into `items`; those that a session before has seen to are left alone. */
export async function watchItems(
  session: RawSession,
  {
    request,
    kept: { items, watched },
    subscriptionId,
    say,
    send,
    signal,
  }: {
    request: SessionRequest
    kept: Pick<Kept, 'items' | 'watched'>
    subscriptionId: number
    say(message: FromThread): void
    send(readings: readonly WireReading[]): void
    signal: Promise<unknown>
  },
): Promise<void> {
  const failed = new Map<number, string>()
  let over = false
  void signal.then(() => {
    over = true
  })
  let wanted = request.items.flatMap((_, handle) => (watched.has(handle) ? [] : [handle]))
  const namespaces = request.items.some(({ node }) => node.startsWith('nsu=')) ? await session.readNamespaceArray() : []

  while (!over && wanted.length > 0) {
    const refused: number[] = []
    const refuse = (handle: number, name: string) => {
      refused.push(handle)
      if (failed.get(handle) === name) return
      failed.set(handle, name)
      const { node, point } = request.items[handle]!
      say({ type: 'log', level: 'warn', message: `node ${node} of point ${point} cannot be watched: ${name}` })
      fresh.push({ point, ts: Date.now(), value: null, quality: 'bad', status: statusName(name) })
    }
    const fresh: WireReading[] = []
    const known: { handle: number; nodeId: NodeId }[] = []
    for (const handle of wanted) {
      const nodeId = nodeOf(request.items[handle]!.node, namespaces)
      if (typeof nodeId === 'string') refuse(handle, nodeId)
      else known.push({ handle, nodeId })
    }
    for (let i = 0; i < known.length && !over; i += AT_ONCE) {
      const part = known.slice(i, i + AT_ONCE)
      const { results } = await session.createMonitoredItems({
        subscriptionId,
        timestampsToReturn: TimestampsToReturn.Both,
        itemsToCreate: part.map(({ handle, nodeId }) => creation(request.items[handle]!, { handle, nodeId })),
      })
      part.forEach(({ handle }, n) => {
        const result = results![n]!
        if (qualityOf(result.statusCode.value) === 'bad') refuse(handle, result.statusCode.name)
        else {
          items[handle]!.sampling = Math.max(0, result.revisedSamplingInterval)
          failed.delete(handle)
          watched.add(handle)
        }
      })
    }
    if (over) return
    if (fresh.length > 0) send(fresh)
    wanted = refused
    await Promise.race([signal, new Promise((resolve) => setTimeout(resolve, AGAIN))])
  }
}

function creation({ sampling, queue, deadband }: ItemRequest, { handle, nodeId }: { handle: number; nodeId: NodeId }) {
  return {
    itemToMonitor: { nodeId, attributeId: AttributeIds.Value },
    monitoringMode: MonitoringMode.Reporting,
    requestedParameters: {
      clientHandle: handle,
      samplingInterval: sampling,
      queueSize: queue,
      discardOldest: true,
      ...(deadband !== undefined && {
        filter: new DataChangeFilter({
          trigger: DataChangeTrigger.StatusValue,
          deadbandType: DeadbandType.Absolute,
          deadbandValue: deadband,
        }),
      }),
    },
  }
}

/** The node's id under the server's namespaces of today, or the name of what is wrong with it. */
export function nodeOf(node: string, namespaces: readonly string[]): NodeId | string {
  const [, uri, rest] = /^nsu=([^;]*);(.*)$/.exec(node) ?? []
  const index = uri === undefined ? 0 : namespaces.indexOf(uri)
  if (index < 0) return 'BadNodeIdUnknown'
  try {
    return coerceNodeId(uri === undefined ? node : `ns=${index};${rest}`)
  } catch {
    return 'BadNodeIdInvalid'
  }
}
