/** A SCADA client in node-opcua: logs in, subscribes to events of conditions, calls their methods. */
import {
  AttributeIds,
  type ClientSession,
  constructEventFilter,
  DataType,
  MessageSecurityMode,
  NodeId,
  OPCUAClient,
  resolveNodeId,
  SecurityPolicy,
  TimestampsToReturn,
  UserTokenType,
  type Variant,
} from 'node-opcua'

const FIELDS = [
  'EventId',
  'EventType',
  'SourceName',
  'Time',
  'Message',
  'Severity',
  'ConditionName',
  'Retain',
  'Comment',
  'ClientUserId',
  'Quality',
  'ActiveState.Id',
  'AckedState.Id',
  'ConfirmedState.Id',
  'SuppressedOrShelved',
  'ShelvingState.CurrentState',
  'LimitState.CurrentState',
] as const

/** One event: the fields' plain values by name, with the id of the condition. */
export type Told = Readonly<Record<(typeof FIELDS)[number] | 'ConditionId', unknown>>

export interface Scada {
  readonly session: ClientSession
  readonly events: readonly Told[]
  /** Resends what is retained. */
  refresh(): Promise<void>
  /** Calls a method of a condition by its type's node or its own; gives the name of the status. */
  call(object: string, method: string, args?: readonly { dataType: DataType; value: unknown }[]): Promise<string>
  ack(event: Told, comment?: string): Promise<string>
  close(): Promise<void>
}

export async function connectScada(endpoint: string, login?: { user: string; password: string }): Promise<Scada> {
  const client = OPCUAClient.create({
    endpointMustExist: false,
    securityMode: MessageSecurityMode.None,
    securityPolicy: SecurityPolicy.None,
    connectionStrategy: { maxRetry: 2 },
    requestedSessionTimeout: 60_000,
  })
  await client.connect(endpoint)
  const session = await client
    .createSession(
      login
        ? { type: UserTokenType.UserName, userName: login.user, password: login.password }
        : { type: UserTokenType.Anonymous },
    )
    .catch(async (error: unknown) => {
      await client.disconnect()
      throw error
    })
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: 50,
    requestedLifetimeCount: 1_000,
    requestedMaxKeepAliveCount: 10,
    publishingEnabled: true,
  })
  const events: Told[] = []
  const filter = constructEventFilter([...FIELDS, 'ConditionId'])
  const item = await subscription.monitor(
    { nodeId: resolveNodeId('Server'), attributeId: AttributeIds.EventNotifier },
    { samplingInterval: 0, queueSize: 1_000, discardOldest: true, filter },
    TimestampsToReturn.Both,
  )
  item.on('changed', (values: unknown) => {
    const plain = (values as Variant[]).map(({ value }) =>
      value instanceof NodeId ? value.toString() : (value?.name ?? value?.text ?? value),
    )
    events.push(Object.fromEntries([...FIELDS, 'ConditionId'].map((name, i) => [name, plain[i]])) as Told)
  })

  async function call(
    object: string,
    method: string,
    args: readonly { dataType: DataType; value: unknown }[] = [],
  ): Promise<string> {
    const { statusCode } = await session.call({ objectId: object, methodId: method, inputArguments: [...args] })
    return statusCode.name
  }

  return {
    session,
    events,
    async refresh() {
      const status = await call('i=2782', 'i=3875', [{ dataType: DataType.UInt32, value: subscription.subscriptionId }])
      if (status !== 'Good') throw new Error(`refresh: ${status}`)
    },
    call,
    ack: (event, comment = '') =>
      call(String(event.ConditionId), 'i=9111', [
        { dataType: DataType.ByteString, value: event.EventId },
        { dataType: DataType.LocalizedText, value: { text: comment } },
      ]),
    async close() {
      await session.close(true)
      await client.disconnect()
    },
  }
}
