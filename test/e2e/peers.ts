/** What stands around the desk in its tests: a receiver of notifications that can be told to fail, and a pack whose alarms latch and ask for confirmation. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Receiver {
  readonly url: string
  /** Bodies, as they came. */
  readonly got: readonly string[]
  /** How it answers from now on. */
  answer(status: number, text: string): void
  stop(): Promise<void>
}

/** Takes whatever is posted to it. */
export async function startReceiver(): Promise<Receiver> {
  let [status, text] = [200, 'thank you']
  const got: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.once('end', () => {
      got.push(Buffer.concat(chunks).toString())
      response.writeHead(status).end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    got,
    answer(...now) {
      ;[status, text] = now
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** Dust latches; wind asks for confirmation. No other rule of the example judges values as high. */
export const DRILL = `regulation:
  id: drill
  title: { zh: 演练, en: Drill }
  edition: "1"
  effective: 2020-01-01
  level: national
  source: made up for the test

rules:
  - id: drill/dust
    rule: limit
    title: { zh: 演练粉尘, en: Drill dust }
    match: { kind: env.dust }
    latch: true
    levels:
      - { name: drill, high: 500, severity: minor }
    source: made up for the test
  - id: drill/wind
    rule: limit
    title: { zh: 演练风速, en: Drill wind }
    match: { kind: env.wind }
    confirm: true
    levels:
      - { name: drill, high: 14, severity: minor }
    source: made up for the test
`
