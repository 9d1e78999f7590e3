import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from './clock.ts'
import { defaultSettings } from './config/settings.ts'
import { loadConfiguration } from './configuration.ts'
import { watchConfiguration } from './watch-configuration.ts'

let folder: string
let pack: string
let original: string
let abort: AbortController
let watching: Promise<void>
const applied: string[] = []
const logged: string[] = []
const refused: string[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'davy-watch-'))
  await cp(fileURLToPath(new URL('../../config', import.meta.url)), folder, { recursive: true })
  pack = join(folder, 'rules', 'yuzhou-2024.yaml')
  original = await readFile(pack, 'utf8')
  applied.length = 0
  logged.length = 0
  refused.length = 0
  abort = new AbortController()
  watching = watchConfiguration(folder, {
    log: { info: (text) => logged.push(text), warn: (text) => logged.push(text), error: (text) => logged.push(text) },
    clock: systemClock(),
    signal: abort.signal,
    apply: async ({ installation }) => {
      if (applied.at(-1) !== installation.hash) applied.push(installation.hash)
    },
    refuse: (problems) => void refused.push(...problems),
    settings: defaultSettings(),
  })
})
afterEach(async () => {
  abort.abort()
  await watching
  await rm(folder, { recursive: true, force: true })
})

const limitOf = (limit: number) => original.replace(/limit: 25/, `limit: ${limit}`)
const count = (wanted: number) => vi.waitFor(() => expect(applied).toHaveLength(wanted), { timeout: 10_000 })

test('every change comes into force, also of a file that an editor replaced', async () => {
  for (const [i, limit] of [26, 27, 28].entries()) {
    const text = limitOf(limit)
    await writeFile(`${pack}.new`, text)
    await rename(`${pack}.new`, pack)
    await count(i + 1)
  }
  await writeFile(pack, limitOf(29))
  await count(4)
  expect(new Set(applied).size).toBe(4)
})

test('a broken change is said and not applied; mended, it is', async () => {
  await writeFile(pack, `${limitOf(26)}\nrulez: 1\n`)
  await vi.waitFor(() => expect(refused).toHaveLength(1), { timeout: 10_000 })
  expect(refused[0]).toMatch(/yuzhou-2024\.yaml:\d+:1: unknown key "rulez"/)
  expect(applied).toEqual([])
  await writeFile(pack, limitOf(27))
  await count(1)
})

test('what is in a folder that was put in the place of another is watched as well', async () => {
  const rules = join(folder, 'rules')
  await cp(rules, `${rules}.next`, { recursive: true })
  await rename(rules, `${rules}.before`)
  await rename(`${rules}.next`, rules)
  for (const limit of [26, 27]) {
    await writeFile(pack, limitOf(limit))
    const { installation } = await loadConfiguration(folder, { warn: () => {} })
    await vi.waitFor(() => expect(applied.at(-1)).toBe(installation.hash), { timeout: 10_000 })
  }
})

test('SIGHUP reads it again', async () => {
  process.emit('SIGHUP')
  await count(1)
})
