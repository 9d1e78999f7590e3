/** `kill -9` at random moments under load: what was acknowledged is in the journal once, and the alarms are those of a run without a crash. */
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../simulators/ports.ts'
import { openJournalReader } from '../../src/adapters/journal-sqlite/index.ts'
import { openStore } from '../../src/adapters/store-sqlite/index.ts'
import { loadConfiguration } from '../../src/app/configuration.ts'
import { createFold } from '../../src/app/fold.ts'
import { serialiseTransition } from '../../src/app/wire.ts'
import type { Transition } from '../../src/model/alarm.ts'
import { RULES } from '../../src/rules/index.ts'
import { createGateway } from './gateway.ts'
import { random, start } from './killed.ts'

const KILLS = 20
const POINTS = 8
const dir = mkdtempSync(join(tmpdir(), 'davy-kill-'))
const config = join(dir, 'config')
const data = join(dir, 'data')

beforeAll(() => {
  cpSync(fileURLToPath(new URL('fixture', import.meta.url)), config, { recursive: true })
  const points = Array.from(
    { length: POINTS },
    (_, i) => `  - { id: ch4-${i}, kind: gas.ch4, unit: "%", area: face, range: [0, 10] }`,
  )
  writeFileSync(
    join(config, 'sites', 'mine.yaml'),
    `site: mine\nkind: coal-mine\nareas: [{ id: face, kind: coal-face }]\npoints:\n${points.join('\n')}\n`,
  )
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

test(`${KILLS} kills lose nothing, double nothing and change no alarm`, async () => {
  const seed = Date.now() % 100_000
  const chance = random(seed)
  const port = await freePort()
  let child = await start({ config, data, port })
  const gateway = createGateway({ port, clientId: 'gateway' })
  const acknowledged = new Set<string>()
  const sent: { ref: string; point: number; value: number }[] = []

  /** Keeps a window of publishes open; every fifth value of a point crosses its limit. */
  let open = 0
  let stopped = false
  const publish = () => {
    while (!stopped && open < 500) {
      const n = sent.length
      const point = n % POINTS
      const reading = { ref: `r-${n}`, point, value: Math.floor(n / POINTS) % 5 === 0 ? 1.2 + point / 100 : 0.3 }
      sent.push(reading)
      open += 1
      const payload = JSON.stringify({ ts: Date.now(), value: reading.value, ref: reading.ref })
      gateway.publish(`davy/v1/mine/ch4-${point}`, payload, () => {
        open -= 1
        acknowledged.add(reading.ref)
        setImmediate(publish)
      })
    }
  }
  publish()

  for (let kill = 0; kill < KILLS; kill++) {
    await pause(100 + chance() * 700)
    child.kill('SIGKILL')
    await once(child, 'exit')
    child = await start({ config, data, port })
  }
  await pause(500)
  stopped = true
  await expect.poll(() => acknowledged.size, { timeout: 60_000, interval: 100 }).toBe(sent.length)
  gateway.close()
  child.kill('SIGTERM')
  await once(child, 'exit')

  const { installation } = await loadConfiguration(config, { warn: () => {} })
  const journal = openJournalReader({ file: join(data, 'journal.db') })
  const fold = createFold({ installation, rules: RULES })
  const seen = new Map<string, number>()
  const replayed: Transition[] = []
  const values: number[][] = Array.from({ length: POINTS }, () => [])
  for await (const entries of journal.read(1)) {
    for (const entry of entries) {
      fold.apply(entry, replayed)
      if (entry.type !== 'reading') continue
      const { ref, point, value } = entry.reading
      seen.set(ref!, (seen.get(ref!) ?? 0) + 1)
      values[Number(point.id.slice(4))]!.push(value as number)
    }
  }
  await journal.close()

  const told = `seed ${seed}, ${sent.length} sent`
  expect(
    [...acknowledged].filter((ref) => !seen.has(ref)),
    `${told}: acknowledged but not in the journal`,
  ).toEqual([])
  expect(
    [...seen].filter(([, times]) => times !== 1),
    `${told}: more than once in the journal`,
  ).toEqual([])

  const store = await openStore({ file: join(data, 'store.db') })
  const kept: unknown[] = []
  for (let seq = 0; ; ) {
    const page = await store.alarms.since(seq, 1_000)
    if (page.length === 0) break
    for (const { transition } of page) kept.push(serialiseTransition(transition, installation))
    seq = page.at(-1)!.seq
  }
  await store.close()
  const expected = replayed.map((transition) => serialiseTransition(transition, installation))
  expect(kept.length, told).toBeGreaterThan(KILLS)
  expect(kept, `${told}: alarms differ from an uninterrupted fold over the journal`).toEqual(expected)

  // And from what was sent: a rise and a fall each time a point's value crossed its limit.
  for (let point = 0; point < POINTS; point++) {
    const mine = sent.filter((reading) => reading.point === point).map(({ value }) => value)
    expect(values[point], `${told}: ch4-${point} out of order`).toEqual(mine)
    const crossings = mine.filter((value, i) => value > 1 !== (mine[i - 1] ?? 0) > 1).length
    expect(replayed.filter(({ key }) => key === `ch4-${point}:cut`)).toHaveLength(crossings)
  }
})
