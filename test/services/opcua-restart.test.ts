/** The service is killed while it listens to an OPC UA server that keeps a history: what happened meanwhile is read when it is back, once. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { startOpcuaServer } from '../../simulators/servers/opcua.ts'
import { openJournalReader } from '../../src/adapters/journal-sqlite/index.ts'
import type { Measurement } from '../../src/model/reading.ts'
import { start } from '../long/killed.ts'
import { PYTHON, python } from './python.ts'

const within = { timeout: 60_000, interval: 100 }

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

/** A server with the variable `level`, of which it keeps a history. */
interface Peer {
  readonly endpoint: string
  readonly node: string
  /** How to log in, as settings. */
  readonly login: string
  set(value: number): Promise<void>
  /** Whether it answers whoever reads its history, where it can be told not to. */
  remember?(answers: boolean): Promise<void>
}

async function nodeOpcua(): Promise<Peer> {
  const node = 'ns=1;s=level'
  const server = await startOpcuaServer({ items: [{ node, type: 'Double', initial: 1.5, history: true }] })
  stops.push(() => server.stop())
  return {
    endpoint: server.endpoint,
    node,
    login: '',
    set: (value) => server.set(node, value),
    remember: (answers) => server.history(answers ? 'good' : 'nothing'),
  }
}

async function asyncua(): Promise<Peer> {
  const folder = await mkdtemp(join(tmpdir(), 'davy-asyncua-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, 'lamp')
  const peer = python('opcua_peer.py', [folder])
  stops.push(() => peer.stop('SIGKILL'))
  const [, port] = await peer.hear(/^ready (\d+)$/)
  return {
    endpoint: `opc.tcp://127.0.0.1:${port}/plant`,
    node: 'nsu=urn:plant:tags;s=level',
    login: `user: davy, passwordFile: "${passwordFile}", `,
    async set(value) {
      peer.say(`set level ${value}`)
      await peer.hear(/^done$/)
    },
  }
}

async function configure(peer: Peer) {
  const dir = await mkdtemp(join(tmpdir(), 'davy-restart-'))
  stops.push(() => rm(dir, { recursive: true, force: true }))
  const config = join(dir, 'config')
  await cp(new URL('../long/fixture', import.meta.url), config, { recursive: true })
  await writeFile(
    join(config, 'sites', 'mine.yaml'),
    'site: mine\nkind: coal-mine\nareas: [{ id: face, kind: coal-face }]\npoints: [{ id: level, kind: tank.level, area: face }]\n',
  )
  const source = `{ name: plant, adapter: opcua, endpoint: "${peer.endpoint}", site: mine, ${peer.login}publishing: 100ms, items: [{ node: "${peer.node}", point: level, sampling: 50ms }] }`
  await writeFile(join(config, 'davy.yaml'), `sources:\n  - ${source}\n`)
  return { config, data: join(dir, 'data'), port: 0 }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

/** What the journal has of `level` from the server, a value said again apart. */
async function journaled(data: string): Promise<readonly Measurement[]> {
  const journal = openJournalReader({ file: join(data, 'journal.db') })
  const found: Measurement[] = []
  for await (const entries of journal.read(1))
    for (const entry of entries) if (entry.type === 'reading') found.push(entry.reading)
  await journal.close()
  return found.filter(({ value }) => value !== null)
}

test.each([['node-opcua', nodeOpcua], ...(PYTHON ? ([['asyncua', asyncua]] as const) : [])] as const)(
  'killed and started again beside a server of %s: nothing of what it remembers is missing, nothing comes twice, and a first start reads no history',
  async (_, open) => {
    const peer = await open()
    await peer.set(2)
    const setup = await configure(peer)
    let child = await start(setup)
    stops.push(() => end(child, 'SIGKILL'))
    const values = async () => new Set((await journaled(setup.data)).map(({ value }) => value))
    await vi.waitFor(async () => expect(await values()).toContain(2), within)
    expect(await values(), 'of an item that was never heard no history is read').toEqual(new Set([2]))

    await end(child, 'SIGKILL')
    const missed = [3, 4, 5, 6, 7, 8]
    for (const value of missed) await peer.set(value)
    child = await start(setup)
    await vi.waitFor(async () => expect([...(await values())]).toEqual(expect.arrayContaining(missed)), within)
    await peer.set(9)
    await vi.waitFor(async () => expect(await values()).toContain(9), within)
    await end(child, 'SIGTERM')

    const all = await journaled(setup.data)
    const said = all.map(({ ts, value }) => `${ts} ${value}`)
    expect(new Set(said).size).toBe(said.length)
    // Each of them when it was so, not when it was read: one instant each, but for the last, which lasted.
    for (const value of missed.slice(0, -1)) expect(all.filter((reading) => reading.value === value)).toHaveLength(1)
    const firsts = missed.map((value) => all.find((reading) => reading.value === value)!.ts)
    expect(firsts).toEqual([...firsts].sort((a, b) => a - b))
  },
)

test('killed in the middle of a long fill, while live values were journaled: the rest of the gap is read at the next start', async () => {
  const peer = await nodeOpcua()
  await peer.set(2)
  const setup = await configure(peer)
  let child = await start(setup)
  stops.push(() => end(child, 'SIGKILL'))
  const values = async () => new Set((await journaled(setup.data)).map(({ value }) => value))
  await vi.waitFor(async () => expect(await values()).toContain(2), within)
  await end(child, 'SIGKILL')

  const missed = [3, 4, 5, 6, 7]
  for (const value of missed) await peer.set(value)
  await peer.remember!(false)
  child = await start(setup)
  await peer.set(8)
  // What is live does not wait for ever for what is past.
  await vi.waitFor(async () => expect(await values()).toContain(8), within)
  expect(await values(), 'nothing of the gap is there yet').not.toContain(5)
  await end(child, 'SIGKILL')

  await peer.remember!(true)
  child = await start(setup)
  await vi.waitFor(async () => expect([...(await values())]).toEqual(expect.arrayContaining(missed)), within)
  await end(child, 'SIGTERM')
  const said = (await journaled(setup.data)).map(({ ts, value }) => `${ts} ${value}`)
  expect(new Set(said).size, 'nothing comes twice').toBe(said.length)
})
