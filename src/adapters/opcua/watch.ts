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

/** Operations of a call where the server sets no limit: what the common ones take. */
const AT_ONCE = 1_000
/** A server that has just started may not have its nodes yet. */
const AGAIN: Duration = 30_000
/** Refused nodes that are named in the log. */
const NAMED = 20

export interface Watch {
  /** Asks for every item that is not watched; resolves with how many were refused. */
  pass(): Promise<number>
  /** Asks again for those from time to time; resolves when all are watched or `signal` has resolved. */
  persist(): Promise<void>
}

/** Both reject where the session fails. A client handle is an index into `items`; those that a session before has seen to are left alone. */
export function createWatch(
  session: RawSession,
  {
    request,
    kept: { items, watched },
    subscriptionId,
    limit,
    say,
    send,
    signal,
  }: {
    request: SessionRequest
    kept: Pick<Kept, 'items' | 'watched'>
    subscriptionId: number
    /** Items that the server takes in one call. */
    limit: number
    say(message: FromThread): void
    send(readings: readonly WireReading[]): void
    signal: Promise<unknown>
  },
): Watch {
  const failed = new Map<number, string>()
  let namespaces: readonly string[] | undefined
  let over = false
  void signal.then(() => {
    over = true
  })

  async function pass(): Promise<number> {
    let refused = 0
    const fresh: WireReading[] = []
    const refuse = (handle: number, name: string) => {
      refused++
      if (failed.get(handle) === name) return
      failed.set(handle, name)
      const { node, point } = request.items[handle]!
      // A server without its program lacks them all: some names tell as much as twenty thousand.
      if (failed.size <= NAMED) {
        say({ type: 'log', level: 'warn', message: `node ${node} of point ${point} cannot be watched: ${name}` })
      }
      fresh.push({ point, ts: Date.now(), value: null, quality: 'bad', status: statusName(name) })
    }
    // A server that has restarted may number its namespaces anew, and one that is starting may still add some.
    const named = request.items.some(({ node }) => node.startsWith('nsu='))
    namespaces = named ? await session.readNamespaceArray() : []
    const known: { handle: number; nodeId: NodeId }[] = []
    for (const [handle, { node }] of request.items.entries()) {
      if (watched.has(handle)) continue
      const nodeId = nodeOf(node, namespaces)
      if (typeof nodeId === 'string') refuse(handle, nodeId)
      else known.push({ handle, nodeId })
    }
    const size = Math.min(AT_ONCE, limit)
    for (let i = 0; i < known.length && !over; i += size) {
      const part = known.slice(i, i + size)
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
      // Many items take their time: the server is not silent meanwhile.
      say({ type: 'alive' })
    }
    if (over) return 0
    const beyond = failed.size - NAMED
    if (fresh.length > 0 && beyond > 0) say({ type: 'log', level: 'warn', message: `${beyond} more cannot be watched` })
    if (fresh.length > 0) send(fresh)
    return refused
  }

  async function persist(): Promise<void> {
    while (!over && watched.size < items.length) {
      let timer: NodeJS.Timeout | undefined
      const pause = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, AGAIN)
      })
      await Promise.race([signal, pause])
      clearTimeout(timer)
      if (!over) await pass()
    }
  }

  return { pass, persist }
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
