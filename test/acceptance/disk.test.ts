/** A small disk, really mounted, that runs full: the service says so everywhere people and machines look, and goes on. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { house, type Json, type Running, start } from './house-rig.ts'

const PATIENCE = { timeout: 15_000, interval: 50 }
const MIB = 2 ** 20

/** A file system of its own in a namespace of its own: nobody has to be root for it, where the system allows it at all. */
const mounted = (folder: string, mib: number) => [
  'unshare',
  '--user',
  '--map-root-user',
  '--mount',
  'sh',
  '-c',
  `mount -t tmpfs -o size=${mib}m,mode=700 tmpfs "$0" && exec "$@"`,
  folder,
]

const rented = house({
  'davy.yaml': { storage: { disk: { every: '1s', leastShare: 50 } } },
  'sites/mine.yaml': { site: 'mine', points: [{ id: 'a', kind: 'gas.ch4' }] },
  'rules/plan.yaml': { regulation: { id: 'plan' }, rules: [] },
})
mkdirSync(rented.data)
let may = true
try {
  const [command, ...args] = mounted(rented.data, 1)
  execFileSync(command!, [...args, 'true'], { stdio: 'ignore' })
} catch {
  may = false
}

let service: Running
beforeAll(async () => {
  if (may) service = await start(rented, mounted(rented.data, 64))
})
afterAll(async () => {
  await service?.stop()
  rented.remove()
})

const disk = async () => (await service.get('/api/v1/disk')).body
const said = (words: RegExp) => service.log.filter((line) => words.test(line)).length

test.skipIf(!may)(
  'a disk that runs full is told once, everywhere, and ends no readiness; so is room that comes back',
  async () => {
    expect(await disk()).toMatchObject({ state: 'enough', size: 64 * MIB })
    expect(await service.metric('davy_disk_low')).toBe(0)
    expect(await service.metric('davy_disk_size_bytes')).toBe(64 * MIB)
    expect(await service.metric('davy_disk_part_bytes', { part: 'journal' })).toBeGreaterThan(0)
    // The test is outside that namespace: the disk is seen as the service sees it.
    const filler = `/proc/${service.child.pid}/root${rented.data}/filler`
    writeFileSync(filler, Buffer.alloc(40 * MIB))
    await expect.poll(disk, PATIENCE).toMatchObject({ state: 'low' })
    const { free, parts } = (await disk()) as { free: number; parts: Json }
    expect(free).toBeLessThan(24 * MIB)
    expect(parts.other).toBeGreaterThanOrEqual(40 * MIB)
    expect(await service.metric('davy_disk_low')).toBe(1)
    expect(await service.metric('davy_disk_free_bytes')).toBeLessThan(24 * MIB)
    expect(await service.get('/readyz')).toMatchObject({ status: 200, body: { status: 'ready', disk: 'low' } })
    const taken = [{ point: 'a', ts: new Date().toISOString(), value: 1 }]
    expect(await service.post('/api/v1/sites/mine/readings', taken)).toMatchObject({ status: 202 })
    // Looked at more than once meanwhile.
    const { at } = await disk()
    await expect.poll(async () => (await disk()).at, PATIENCE).not.toBe(at)
    expect(said(/runs full/)).toBe(1)
    rmSync(filler)
    await expect.poll(disk, PATIENCE).toMatchObject({ state: 'enough' })
    expect(await service.get('/healthz')).toMatchObject({ body: { disk: 'enough' } })
    await expect.poll(() => said(/has room again/), PATIENCE).toBe(1)
  },
)
