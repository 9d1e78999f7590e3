/** How much the server takes in one call, as it says itself (OperationLimits, OPC UA Part 5). */
import { AttributeIds, VariableIds } from 'node-opcua'
import type { RawSession } from './raw-session.ts'

export interface Limits {
  /** Monitored items created; infinite where the server sets no limit. */
  readonly items: number
  /** Nodes whose history is read. */
  readonly history: number
}

const NODES = [
  VariableIds.Server_ServerCapabilities_OperationLimits_MaxMonitoredItemsPerCall,
  VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerHistoryReadData,
]

/** Rejects where the session fails; a server that does not say is taken to set no limit. */
export async function readLimits(session: RawSession): Promise<Limits> {
  const answers = await session.read(NODES.map((id) => ({ nodeId: `i=${id}`, attributeId: AttributeIds.Value })))
  const [items, history] = answers.map(({ value }) => {
    const limit: unknown = value?.value
    return typeof limit === 'number' && limit > 0 ? limit : Number.POSITIVE_INFINITY
  })
  return { items: items!, history: history! }
}
