/** The adapter of a client to an external MQTT broker, such as Mosquitto. */
import { SourceLost } from '../../model/errors.ts'
import type { Adapter, AdapterContext, Frame, Link, LinkState, Source } from '../../model/ports.ts'
import { Connection } from './connection.ts'
import { type MqttClientInput, MqttClientSettings, withDefaults } from './settings.ts'

/** At least once: the broker keeps the session (`clean: false`) and sends again what was not settled. */
export function createMqttClient(input: MqttClientInput, context: AdapterContext & { readonly name: string }): Source {
  const { name, now, log } = context
  const settings = withDefaults(input)
  let link: Link = { state: 'down', since: now(), reason: 'not opened yet', peer: settings.url }
  const setLink = (state: LinkState, reason?: string) => {
    link = { state, since: now(), peer: settings.url, ...(reason !== undefined && { reason }) }
  }

  async function* open(signal: AbortSignal): AsyncIterable<readonly Frame[]> {
    if (signal.aborted) return
    setLink('connecting')
    let inbox: Frame[][] = []
    let wake: PromiseWithResolvers<void> | undefined
    let lost: SourceLost | undefined
    let retained = 0
    const lose = (reason: string, cause?: unknown) => {
      lost = new SourceLost(`lost the MQTT broker: ${reason}`, { where: settings.url, cause })
      setLink('down', reason)
      wake?.resolve()
    }
    let connection: Connection | undefined
    try {
      connection = new Connection(settings, {
        ready: () => setLink('up'),
        frames: (frames) => {
          inbox.push(frames as Frame[])
          wake?.resolve()
        },
        lost: lose,
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
  create: createMqttClient,
}
