/** The raw baseline of the OPC UA bench, a process of its own: node-opcua's client with one subscription, counting notifications. */
import { AttributeIds, OPCUAClient, TimestampsToReturn } from 'node-opcua'

const [endpoint, count] = [process.argv[2]!, Number(process.argv[3])]
const client = OPCUAClient.create({ endpointMustExist: false })
await client.connect(endpoint)
const session = await client.createSession()
const subscription = await session.createSubscription2({
  requestedPublishingInterval: 1_000,
  maxNotificationsPerPublish: 5_000,
  publishingEnabled: true,
})
let taken = 0
subscription.on('raw_notification', ({ notificationData }) => {
  for (const part of notificationData ?? []) {
    taken += (part as { monitoredItems?: readonly unknown[] } | null)?.monitoredItems?.length ?? 0
  }
})
const SIZE = 1_000
for (let from = 0; from < count; from += SIZE) {
  const items = Array.from({ length: Math.min(SIZE, count - from) }, (_, i) => ({
    nodeId: `ns=1;s=v${from + i}`,
    attributeId: AttributeIds.Value,
  }))
  await subscription.monitorItems(
    items,
    { samplingInterval: 1_000, queueSize: 10, discardOldest: true },
    TimestampsToReturn.Both,
  )
}
process.on('message', () => process.send!(taken))
process.once('disconnect', () => process.exit(0))
process.send!('ready')
