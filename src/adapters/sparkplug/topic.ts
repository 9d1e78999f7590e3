/** Topics of Sparkplug B: `spBv1.0/{group}/{type}/{edge}` and one level more for a device. */

const NAMESPACE = 'spBv1.0/'
const KINDS = ['NBIRTH', 'DBIRTH', 'NDATA', 'DDATA', 'NDEATH', 'DDEATH', 'NCMD', 'DCMD'] as const
type MessageKind = (typeof KINDS)[number]

export interface SparkplugTopic {
  readonly kind: MessageKind
  readonly group: string
  readonly edge: string
  /** Absent in messages of the node itself. */
  readonly device?: string
}

/** Whether a topic is of Sparkplug's namespace. */
export function isSparkplug(topic: string): boolean {
  return topic.startsWith(NAMESPACE)
}

/** Takes a topic apart; `undefined` where it is none of an edge node's or its devices'. */
export function parseTopic(topic: string): SparkplugTopic | undefined {
  const [, group, word, edge, device, ...more] = topic.split('/')
  const kind = KINDS.find((known) => known === word)
  if (!kind || !group || !edge || more.length > 0) return undefined
  const ofDevice = kind.startsWith('D')
  if (ofDevice !== (device !== undefined && device !== '')) return undefined
  return { kind, group, edge, ...(ofDevice && { device: device! }) }
}

/** Why a topic cannot be taken apart, in one bounded line. */
export function diagnoseTopic(topic: string): string {
  const [, group, word, edge, device, ...more] = topic.split('/')
  if (more.length > 0) return `the topic has ${5 + more.length} levels, and at most 5 belong there`
  if (!group) return 'level 2 of the topic, the group, is empty'
  const kind = KINDS.find((known) => known === word)
  if (!kind) return `level 3 of the topic, ${JSON.stringify((word ?? '').slice(0, 40))}, is none of ${KINDS.join(', ')}`
  if (!edge) return 'level 4 of the topic, the edge node, is empty'
  return kind.startsWith('D')
    ? `level 5 of the topic, the device of a ${kind}, is empty`
    : `a ${kind} is the node's own: level 5 of the topic, ${JSON.stringify((device ?? '').slice(0, 40))}, does not belong there`
}

/** Where a node takes its commands. */
export function commandTopic({ group, edge }: { readonly group: string; readonly edge: string }): string {
  return `${NAMESPACE}${group}/NCMD/${edge}`
}

/** Where a host application says whether it is there. */
export function stateTopic(host: string): string {
  return `${NAMESPACE}STATE/${host}`
}

/** What it says there: retained, and the same instant in the will and in the message that it is there. */
export function statePayload(online: boolean, timestamp: number): string {
  return JSON.stringify({ online, timestamp })
}
