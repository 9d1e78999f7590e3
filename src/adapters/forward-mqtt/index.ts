/** The way up through a broker above. What was handed over is sent again until the broker has acknowledged it; a crash in between repeats it. */
import { setTimeout as pause } from 'node:timers/promises'
import { DavyError } from '../../model/errors.ts'
import type { Link, Uplink, UplinkContext } from '../../model/ports.ts'
import { halvesOf, partsOf, sizeOf } from '../forward/parts.ts'
import { createMqttSink } from '../sink-mqtt/index.ts'
import type { MqttUplinkSettings } from './settings.ts'
import { type OutMessage, openWriter } from './writer.ts'

/** A broker that closes on so little has another reason: nothing is set aside. */
const LEAST_BYTES = 512
/** So often the connection ends on messages that are under way together, until each goes alone. */
const TOGETHER = 2
/** So often in a row it ends on one that is alone and cannot be cut, until its size is to blame. */
const SUSPECT = 3
/** Between two tries of what a broker refuses that takes nothing at all, milliseconds. */
const RETRY_AFTER = 1_000

/** Connects in the background, and again whenever the broker was away. Throws where a file of the settings cannot be read. */
export function openMqttUplink(
  { name, settings }: { readonly name: string; readonly settings: MqttUplinkSettings },
  { now, serialise, setAside }: UplinkContext,
): Uplink {
  const { url, clientId = `davylamp-${name}` } = settings
  let link: Link = { state: 'connecting', since: now(), peer: url }
  const closing = new AbortController()
  let aside = 0
  const report = (state: Link['state'], reason?: string) => {
    const since = state === link.state ? link.since : now()
    const wrong = reason ?? (aside > 0 ? `${aside} too large for the broker, set aside as dead letters` : undefined)
    link = { state, since, peer: url, ...(wrong !== undefined && { reason: wrong }) }
  }
  const writer = openWriter({ ...settings, clientId }, report)
  /** Bytes of one message: on more the broker closed. */
  let most = Number.POSITIVE_INFINITY
  /** The latest transition of each site that it has taken. */
  const taken = new Map<string, OutMessage>()

  async function deliver(messages: readonly OutMessage[]): Promise<void> {
    let rest = messages.flatMap((message) => [...partsOf([message], Math.min(most, writer.room(message.topic)))].flat())
    for (let closed = 0; rest.length > 0; ) {
      // Which of them the broker closes on shows when each is alone under way.
      if (closed === TOGETHER) {
        await deliverAlone(rest[0]!)
        rest = rest.slice(1)
        continue
      }
      const outcomes = await writer.write(rest)
      const open = outcomes.findIndex((outcome) => outcome !== 'taken')
      const done = open < 0 ? rest.length : open
      for (const message of rest.slice(0, done)) note(message)
      // What is behind it was sent too early: it is sent again, so that each site's comes in its order.
      rest = rest.slice(done)
      if (outcomes[done] === 'closed') closed += 1
      else if (rest.length > 0) {
        await deliverAlone(rest[0]!)
        rest = rest.slice(1)
      }
    }
  }

  async function deliverAlone(message: OutMessage): Promise<void> {
    const halves = halvesOf([message])?.flat()
    const size = sizeOf([message])
    for (let closed = 0; ; ) {
      const [outcome] = await writer.write([message])
      if (outcome === 'taken') {
        note(message)
        return
      }
      const sure = outcome === 'too-large'
      if (!sure) closed += 1
      if (size < LEAST_BYTES && !halves) {
        if (!sure) continue
        report('down', detailOf(message, sure))
        await pause(RETRY_AFTER, undefined, { signal: closing.signal }).catch(() => {})
      } else if (halves) {
        most = Math.min(most, Math.max(LEAST_BYTES, Math.ceil(size / 2)))
        for (const half of halves) await deliverAlone(half)
        return
      } else if (sure || (closed >= SUSPECT && (await isToBlame(message)))) {
        await putAside(message, detailOf(message, sure))
        return
      }
    }
  }

  async function putAside({ topic, value }: OutMessage, detail: string): Promise<void> {
    await setAside({ topic, payload: new TextEncoder().encode(value), code: 'forward-too-large', detail })
    aside += 1
    if (link.state === 'up') report('up')
  }

  /** Whether it is the size that the broker closes on: less of the same is taken. */
  async function isToBlame(message: OutMessage): Promise<boolean> {
    // Readings of nothing are read by nobody; a transition that is heard twice is told by its id.
    const less = isTransition(message) ? taken.get(siteOf(message)) : { ...message, value: '[]' }
    if (!less || sizeOf([less]) >= sizeOf([message])) return false
    const [outcome] = await writer.write([{ ...less, retain: false }])
    return outcome === 'taken'
  }

  function note(message: OutMessage): void {
    if (isTransition(message) && message.value !== '') taken.set(siteOf(message), message)
  }

  const alarms = createMqttSink({
    publish: (messages) => deliver(messages.map(({ topic, payload, retain }) => ({ topic, value: payload, retain }))),
    serialise,
  })

  return {
    name,
    link: () => link,
    sendReadings: (readings) =>
      deliver(readings.map(({ site, payload }) => ({ topic: `davy/v1/${site}`, value: payload, retain: false }))),
    sendTransitions: alarms.publish,
    async sendAgain({ topic, payload }) {
      if (link.state !== 'up') {
        const remedy = 'see its link, and replay the dead letter when it is up'
        throw new DavyError('forward-down', { message: `${name}: ${link.reason ?? link.state}`, where: url, remedy })
      }
      // Retained it might take the place of what has been said since.
      const message = { topic, value: new TextDecoder().decode(payload), retain: false }
      const [outcome] = await writer.write([message])
      return outcome === 'taken' ? undefined : detailOf(message, outcome === 'too-large')
    },
    async close() {
      closing.abort()
      await writer.close()
    },
  }
}

/** Not readings of a site: `davy/v1/{site}/alarms/…`. */
function isTransition({ topic }: OutMessage): boolean {
  return topic.split('/').length > 3
}

function siteOf({ topic }: OutMessage): string {
  return topic.split('/')[2]!
}

function detailOf(message: OutMessage, sure: boolean): string {
  const why = sure ? 'the broker says that this is too large' : 'the broker closes the connection on it'
  return `${sizeOf([message])} bytes for ${message.topic}: ${why}`
}
