/** The way up through Kafka. What was handed over is written again until the cluster has it; a crash in between repeats it. */
import { setTimeout as pause } from 'node:timers/promises'
import { DavyError } from '../../model/errors.ts'
import type { Link, Uplink, UplinkContext } from '../../model/ports.ts'
import { halvesOf, partsOf, sizeOf } from '../forward/parts.ts'
import { reasonOf } from '../kafka/connection.ts'
import { alarmTopic } from '../sink-mqtt/topic.ts'
import type { KafkaUplinkSettings } from './settings.ts'
import { isTooLarge, type OutRecord, openWriter } from './writer.ts'

/** Of one request; a cluster takes a mebibyte unless it was told otherwise. */
const REQUEST_BYTES = 524_288
/** A cluster that refuses so little as too large takes nothing at all: its operator has to mend that, and nothing is set aside. */
const LEAST_BYTES = 512
/** Between two tries, and between two looks at a link that has nothing to carry, milliseconds. */
const RETRY_AFTER = 1_000
const LOOK_EVERY = 5_000
/** How long after the last word of the cluster its silence is nothing to ask about, milliseconds. */
const FRESH = 4_000

/** Connects in the background, and again whenever the cluster was away. Throws where a file of the settings cannot be read. */
export function openKafkaUplink(
  { name, settings }: { readonly name: string; readonly settings: KafkaUplinkSettings },
  { now, serialise, setAside }: UplinkContext,
): Uplink {
  const { brokers, clientId = `davylamp-${name}`, readingsTopic, alarmsTopic } = settings
  const peer = brokers.join(',')
  const writer = openWriter(settings, clientId)
  const closing = new AbortController()
  const { signal } = closing
  let link: Link = { state: 'connecting', since: now(), peer }
  /** Bytes that go up at once: what the cluster refused as too large is not tried again. */
  let most = REQUEST_BYTES
  let aside = 0
  let heardAt = Number.NEGATIVE_INFINITY
  const report = (state: Link['state'], reason?: string) => {
    if (state === 'up') heardAt = performance.now()
    const since = state === link.state ? link.since : now()
    const wrong = reason ?? (aside > 0 ? `${aside} too large for the cluster, set aside as dead letters` : undefined)
    link = { state, since, peer, ...(wrong !== undefined && { reason: wrong }) }
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
      for (const part of partsOf(records, most)) await write(part)
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
        if (isTooLarge(error) && (await reduced(part, error))) return
        report('down', reasonOf(error))
        await pause(RETRY_AFTER, undefined, { signal }).catch(() => {})
      }
    }
    throw new Error('closed')
  }

  /** What is too large goes up in halves; what cannot be halved is set aside. False where it has to wait. */
  async function reduced(part: readonly OutRecord[], error: unknown): Promise<boolean> {
    const size = sizeOf(part)
    const halves = halvesOf(part)
    if (halves) {
      most = Math.min(most, Math.max(LEAST_BYTES, Math.ceil(size / 2)))
      for (const half of halves) await write(half)
      return true
    }
    if (size < LEAST_BYTES) return false
    const { ours, value } = part[0]!
    const detail = detailOf(part[0]!, error)
    await setAside({ topic: ours, payload: new TextEncoder().encode(value), code: 'forward-too-large', detail })
    aside++
    report('up')
    return true
  }

  const readingsOf = (site: string, payload: string): OutRecord => {
    return { topic: readingsTopic, key: site, value: payload, ours: `davy/v1/${site}` }
  }
  const transitionOf = ({ alarm, id }: { alarm: string; id: string }, value: string, ours: string): OutRecord => {
    return { topic: alarmsTopic, key: alarm, value, headers: { id }, ours }
  }

  return {
    name,
    link: () => link,
    sendReadings: (readings) => deliver(readings.map(({ site, payload }) => readingsOf(site, payload))),
    sendTransitions: (transitions) =>
      deliver(transitions.map((transition) => transitionOf(transition, serialise(transition), alarmTopic(transition)))),
    async sendAgain({ topic, payload }) {
      const value = new TextDecoder().decode(payload)
      const [, site] = /^davy\/v1\/([^/]+)$/.exec(topic) ?? []
      const record = site === undefined ? transitionOf(JSON.parse(value), value, topic) : readingsOf(site, value)
      try {
        await writer.write([record])
        report('up')
        return undefined
      } catch (error) {
        if (isTooLarge(error)) return detailOf(record, error)
        const remedy = 'see its link, and replay the dead letter when it is up'
        throw new DavyError('forward-down', {
          message: `${name}: ${reasonOf(error)}`,
          where: peer,
          remedy,
          cause: error,
        })
      }
    },
    async close() {
      closing.abort()
      await writer.close()
    },
  }
}

function detailOf(record: OutRecord, error: unknown): string {
  return `${sizeOf([record])} bytes for ${record.topic}: ${reasonOf(error)}`
}
