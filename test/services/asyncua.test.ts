/** OPC UA against a stack that is not ours: encryption, users, types, status codes, a cut line. */
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { opcua } from '../../src/adapters/opcua/index.ts'
import type { OpcuaSettings } from '../../src/adapters/opcua/settings.ts'
import type { WireReading } from '../../src/adapters/outgoing.ts'
import type { Frame } from '../../src/model/ports.ts'
import { startFaultProxy } from '../conformance/fault-proxy.ts'
import { tapSource } from '../conformance/tap.ts'
import { PYTHON, python } from './python.ts'

const within = { timeout: 60_000, interval: 50 }
const ITEMS = ['level', 'fan', 'pulses', 'camera'].map((name) => ({
  node: `nsu=urn:plant:tags;s=${name}`,
  point: name,
  sampling: '50ms',
}))

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function setting() {
  const folder = await mkdtemp(join(tmpdir(), 'davy-asyncua-'))
  stops.push(() => rm(folder, { recursive: true, force: true }))
  const peer = python('opcua_peer.py', [folder])
  stops.push(() => peer.stop('SIGKILL'))
  const [, port] = await peer.hear(/^ready (\d+)$/)
  const set = async (line: string) => {
    peer.say(`set ${line}`)
    await peer.hear(/^done$/)
  }
  return { folder, port: Number(port), set }
}

function watch(port: number, settings: object) {
  const source = opcua.create(
    {
      endpoint: `opc.tcp://127.0.0.1:${port}/plant`,
      site: 'plant',
      publishing: '100ms',
      staleAfter: '5s',
      restate: '1s',
      items: ITEMS,
      ...settings,
    } as unknown as OpcuaSettings,
    { name: 'peer', now: Date.now, heard: (_site, point) => newest.get(point), log: () => {} },
  )
  /** As the service knows it from its journal. */
  const newest = new Map<string, number>()
  const parse = ({ payload }: Frame) => JSON.parse(new TextDecoder().decode(payload)) as WireReading[]
  const tap = tapSource(source, (frame) => {
    for (const { point, ts, quality } of parse(frame)) {
      if (quality !== 'bad') newest.set(point, Math.max(ts!, newest.get(point) ?? ts!))
    }
    frame.settle('journaled')
  })
  stops.push(() => tap.stop())
  const readings = () => tap.frames.flatMap(parse)
  return { source, tap, readings, last: (point: string) => readings().findLast((reading) => reading.point === point) }
}

describe.skipIf(!PYTHON)('a peer in asyncua', () => {
  test('encrypted and logged in, once it is trusted: types, changes, status codes', async () => {
    const { folder, port, set } = await setting()
    const passwordFile = join(folder, 'password')
    await writeFile(passwordFile, 'wrong')
    const certificates = join(folder, 'pki')
    const { tap, last } = watch(port, { security: 'Basic256Sha256', user: 'davy', passwordFile, certificates })
    await vi.waitFor(() => expect(tap.lost.at(-1)?.message).toMatch(/trusted\/certs/), within)
    for (const file of await readdir(join(certificates, 'rejected')))
      await rename(join(certificates, 'rejected', file), join(certificates, 'trusted/certs', file))
    await vi.waitFor(() => expect(tap.lost.at(-1)?.message).toMatch(/Bad(User|Identity)/), within)
    await writeFile(passwordFile, 'lamp')
    await vi.waitFor(() => expect(last('level')).toMatchObject({ value: 1.5, quality: 'good' }), within)
    expect(last('fan')).toMatchObject({ value: true, quality: 'good' })
    expect(last('pulses')).toMatchObject({ value: 2 ** 60, quality: 'uncertain', status: 'precision-lost' })
    expect(last('camera')).toMatchObject({ value: 'online', quality: 'good' })
    await set('level 2.5')
    await vi.waitFor(() => expect(last('level')).toMatchObject({ value: 2.5, quality: 'good' }), within)
    await set('level 9 BadSensorFailure')
    const failed = { value: null, quality: 'bad', status: 'bad-sensor-failure' }
    await vi.waitFor(() => expect(last('level')).toMatchObject(failed), within)
  })

  test('a cut line: nothing of what happened meanwhile is missing, each in its own time', async () => {
    const { folder, port, set } = await setting()
    const passwordFile = join(folder, 'password')
    await writeFile(passwordFile, 'lamp')
    const proxy = await startFaultProxy({ port })
    stops.push(() => proxy.close())
    const { tap, last, readings } = watch(proxy.port, { user: 'davy', passwordFile, history: '1h' })
    await vi.waitFor(() => expect(last('level')).toMatchObject({ value: 1.5 }), within)
    proxy.refuse()
    proxy.cut()
    await vi.waitFor(() => expect(tap.lost.length).toBeGreaterThan(0), within)
    const values = [3, 4, 5, 6]
    for (const value of values) await set(`level ${value}`)
    proxy.refuse(false)
    await vi.waitFor(() => expect(last('level')).toMatchObject({ value: 6, quality: 'good' }), within)
    const level = readings().filter(({ point }) => point === 'level')
    for (const value of values) expect(level.map((reading) => reading.value)).toContain(value)
    // Read from the history as the server dated them, the last but one and those before: the last goes on.
    for (const value of values.slice(0, -1)) {
      expect(new Set(level.filter((reading) => reading.value === value).map(({ ts }) => ts)).size, `${value}`).toBe(1)
    }
  })
})
