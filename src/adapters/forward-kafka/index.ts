/** The way up through Kafka. What was handed over is written again until the cluster has it; a crash in between repeats it. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Link, Uplink, UplinkContext } from '../../model/ports.ts'
import { reasonOf } from '../kafka/connection.ts'
import type { KafkaUplinkSettings } from './settings.ts'
import { type OutRecord, openWriter } from './writer.ts'

/** Of one request; a cluster takes a mebibyte unless it was told otherwise. */
const REQUEST_BYTES = 524_288
/** Between two tries, and between two looks at a link that has nothing to carry, milliseconds. */
const RETRY_AFTER = 1_000
const LOOK_EVERY = 5_000
/** How long after the last word of the cluster its silence is nothing to ask about, milliseconds. */
const FRESH = 4_000

/** Connects in the background, and again whenever the cluster was away. Throws where a file of the settings cannot be read. */
export function openKafkaUplink(
  { name, settings }: { readonly name: string; readonly settings: KafkaUplinkSettings },
  { now, serialise }: UplinkContext,
): Uplink {
  const { brokers, clientId = `davylamp-${name}`, readingsTopic, alarmsTopic } = settings
  const peer = brokers.join(',')
  const writer = openWriter(settings, clientId)
  const closing = new AbortController()
  const { signal } = closing
  let link: Link = { state: 'connecting', since: now(), peer }
  let heardAt = Number.NEGATIVE_INFINITY
  const report = (state: Link['state'], reason?: string) => {
    if (state === 'up') heardAt = performance.now()
    const since = state === link.state ? link.since : now()
    link = { state, since, peer, ...(reason !== undefined && { reason }) }
  }
  let sending = 0
  void look()

  /** Keeps the link honest while there is nothing to carry; what cannot be carried says so itself. */
  async function look(): Promise<void> {
    while (!signal.aborted) {
      if (sending === 0 && performance.now() - heardAt > FRESH) {
        await writer.probe().then(
          () => report('up'),
          (error) => report('down', reasonOf(error)),
        )
      }
      await pause(LOOK_EVERY, undefined, { signal }).catch(() => {})
    }
  }

  async function deliver(records: readonly OutRecord[]): Promise<void> {
    sending++
    try {
      for (const part of parts(records)) await write(part)
    } finally {
      sending--
    }
  }

  async function write(part: readonly OutRecord[]): Promise<void> {
    while (!signal.aborted) {
      try {
        await writer.write(part)
        report('up')
        return
      } catch (error) {
        report('down', reasonOf(error))
        await pause(RETRY_AFTER, undefined, { signal }).catch(() => {})
      }
    }
    throw new Error('closed')
  }

  return {
    name,
    link: () => link,
    sendReadings: (readings) =>
      deliver(readings.map(({ site, payload }) => ({ topic: readingsTopic, key: site, value: payload }))),
    sendTransitions: (transitions) =>
      deliver(
        transitions.map((transition) => ({
          topic: alarmsTopic,
          key: transition.alarm,
          value: serialise(transition),
          headers: { id: transition.id },
        })),
      ),
    async close() {
      closing.abort()
      await writer.close()
    },
  }
}

/** Records in their order, in parts of at most `REQUEST_BYTES` or one record. */
function parts(records: readonly OutRecord[]): OutRecord[][] {
  const parts: OutRecord[][] = []
  let room = 0
  for (const record of records) {
    const size = Buffer.byteLength(record.value)
    if (size > room || parts.length === 0) {
      parts.push([])
      room = REQUEST_BYTES
    }
    parts.at(-1)!.push(record)
    room -= size
  }
  return parts
}
