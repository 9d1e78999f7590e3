/** The adapter of a client to an external MQTT broker, such as Mosquitto. */
import { DavyError, SourceLost } from '../../model/errors.ts'
import type { Adapter, AdapterContext, Frame, Link, LinkState, Source } from '../../model/ports.ts'
import { SparkplugHost, TICK } from '../sparkplug/host.ts'
import { isSparkplug } from '../sparkplug/topic.ts'
import { Connection } from './connection.ts'
import { misfitOf } from './reach.ts'
import { type MqttClientInput, MqttClientSettings, withDefaults } from './settings.ts'

/** At least once: the broker keeps the session (`clean: false`) and sends again what was not settled. */
export function createMqttClient(input: MqttClientInput, context: AdapterContext & { readonly name: string }): Source {
  const { name, now, log, sites } = context
  const settings = withDefaults(input)
  let link: Link = { state: 'down', since: now(), reason: 'not opened yet', peer: settings.url }
  const setLink = (state: LinkState, reason?: string) => {
    link = { state, since: now(), peer: settings.url, ...(reason !== undefined && { reason }) }
  }

  let connection: Connection | undefined
  const host =
    settings.sparkplug &&
    new SparkplugHost({
      settings: settings.sparkplug,
      ...(sites && { sites }),
      now,
      command: (topic, payload) => connection?.publish(topic, payload, { qos: 0, retain: false }),
      log: (level, message, detail) => log(level, message, { source: name, ...detail }),
    })
  const translate = (frames: readonly Frame[]) =>
    host ? frames.flatMap((frame) => (isSparkplug(frame.topic) ? host.take(frame) : [frame])) : frames

  async function* open(signal: AbortSignal): AsyncIterable<readonly Frame[]> {
    if (signal.aborted) return
    setLink('connecting')
    let inbox: (readonly Frame[])[] = []
    let wake: PromiseWithResolvers<void> | undefined
    let lost: SourceLost | undefined
    let retained = 0
    const lose = (reason: string, cause?: unknown) => {
      lost = new SourceLost(`lost the MQTT broker: ${reason}`, { where: settings.url, cause })
      setLink('down', reason)
      wake?.resolve()
    }
    const take = (frames: readonly Frame[]) => {
      if (frames.length === 0) return
      inbox.push(frames)
      wake?.resolve()
    }
    try {
      connection = new Connection(settings, {
        ready: () => {
          setLink('up')
          connection?.announce(true)
          host?.resume()
        },
        frames: (frames) => take(translate(frames)),
        lost: lose,
        disowned: () => connection?.announce(true),
        retained: (topic) => {
          if (retained++ === 0)
            log('info', 'retained messages are of unknown age and left out', { source: name, topic })
        },
      })
    } catch (error) {
      lose((error as Error).message, error)
    }
    const end = () => {
      connection?.close()
      wake?.resolve()
    }
    signal.addEventListener('abort', end)
    const ticking = host && setInterval(() => take(host.tick()), TICK)
    try {
      while (!signal.aborted) {
        if (inbox.length > 0) {
          const batch = inbox.length === 1 ? inbox[0]! : inbox.flat()
          inbox = []
          yield batch
        } else if (lost) {
          throw lost
        } else {
          wake = Promise.withResolvers()
          await wake.promise
        }
      }
    } finally {
      signal.removeEventListener('abort', end)
      clearInterval(ticking)
      connection?.close()
      if (!lost) setLink('down', 'closed')
    }
  }

  return { name, open, link: () => link }
}

export const mqttClient: Adapter<MqttClientSettings> = {
  name: 'mqtt-client',
  title: { en: 'Client to an MQTT broker', zh: 'MQTT 客户端（外部服务器）' },
  settings: MqttClientSettings,
  check(settings, { name }) {
    const misfit = misfitOf(settings)
    if (misfit !== undefined) throw new DavyError('settings-invalid', { message: misfit, where: name })
  },
  create: createMqttClient,
}
