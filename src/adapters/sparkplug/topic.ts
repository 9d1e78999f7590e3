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
