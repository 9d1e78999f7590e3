/** Servers under a load of MQTT messages, for the benches that count what they take. */
import { setTimeout as pause } from 'node:timers/promises'
import { createBroker } from '../src/adapters/mqtt/broker.ts'

/** A server that counts the messages it has taken. */
export interface Taker {
  readonly port: number
  taken(): number
  close(): Promise<void>
}

/** The embedded broker; each message is settled at once. */
export async function embedded(): Promise<Taker> {
  const broker = createBroker(
    { port: 0 },
    { name: 'mqtt', now: Date.now, log: (level, text) => level === 'error' && console.error(text) },
  )
  let taken = 0
  void (async () => {
    for await (const batch of broker.open(new AbortController().signal)) {
      taken += batch.length
      for (const frame of batch) frame.settle('journaled')
    }
  })()
  while (broker.link().state !== 'up') await pause(5)
  return { port: broker.address().port, taken: () => taken, close: () => broker.close() }
}
