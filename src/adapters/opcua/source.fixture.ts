/** The rig of the OPC UA source's tests: sources and servers that end with the test, and what came of them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { afterAll, afterEach } from 'vitest'
import {
  type OpcuaServer,
  type OpcuaServerOptions,
  type SimulatedItem,
  startOpcuaServer,
} from '../../../simulators/servers/opcua.ts'
import { type Tap, tapSource } from '../../../test/conformance/tap.ts'
import type { WireReading } from '../outgoing.ts'
import { opcua } from './index.ts'
import type { OpcuaSettings } from './settings.ts'

export const within = { timeout: 20_000, interval: 10 }
export const quick = { publishing: '50ms', staleAfter: '2s', restate: '300ms' }
export const logged: string[] = []
export const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  logged.length = 0
})

export function sourceOf(
  { name = 'scada', ...settings }: { readonly name?: string; readonly [setting: string]: unknown },
  heard: (point: string) => number | undefined = () => undefined,
  gaps = new Map<string, number | undefined>(),
) {
  return opcua.create({ site: 'plant', ...quick, ...settings } as unknown as OpcuaSettings, {
    name,
    now: Date.now,
    heard: (_site, point) => gaps.get(point) ?? heard(point),
    async gap(_site, marks) {
      for (const [point, mark] of marks) gaps.set(point, mark)
    },
    log: (_level, message) => logged.push(message),
  })
}

export function watch(
  server: OpcuaServer,
  points: readonly object[],
  settings: Readonly<Record<string, unknown>> = {},
) {
  const items = points.map((item) => ({ sampling: '20ms', ...item }))
  // As the service knows it from its journal.
  let told: Tap | undefined
  const heard = (point: string) =>
    (told ? readingsOf(told, point) : []).reduce<number | undefined>(
      (newest, { ts, quality }) => (quality === 'bad' ? newest : Math.max(ts!, newest ?? ts!)),
      undefined,
    )
  const gaps = new Map<string, number | undefined>()
  const source = sourceOf({ endpoint: server.endpoint, items, ...settings }, heard, gaps)
  const tap = tapSource(source, (frame) => frame.settle('journaled'))
  told = tap
  stops.push(() => tap.stop())
  return { source, tap, gaps }
}

export async function serve(
  items: readonly SimulatedItem[],
  port = 0,
  users?: OpcuaServerOptions['users'],
): Promise<OpcuaServer> {
  const server = await startOpcuaServer({ port, items, ...(users && { users }) })
  stops.push(() => server.stop())
  return server
}

/** The settings of user davy. A subscription is handed to the same user only; servers do not hand it to an anonymous one on an open channel. */
export async function login() {
  const folder = await mkdtemp(join(tmpdir(), 'davy-opcua-test-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, 'lamp')
  return { user: 'davy', passwordFile }
}

export function readingsOf(tap: Tap, point?: string): WireReading[] {
  return tap.frames
    .flatMap(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as WireReading[])
    .filter((reading) => point === undefined || reading.point === point)
}
export const last = (tap: Tap, point: string) => readingsOf(tap, point).at(-1)

/** Every thread started by the file's tests, as Node announces them. */
export const workers: Worker[] = []
process.on('worker', (worker) => workers.push(worker))
afterAll(async () => {
  for (const worker of workers) await worker.terminate()
})
