/** What is read ahead in a thread is what would have been read in place. */
import { createReadStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Installation } from '../../model/site.ts'
import { loadConfiguration } from '../configuration.ts'
import { readAhead } from './ahead.ts'
import { createIntake } from './intake.ts'
import { readInput, type Taken } from './read.ts'

const config = mkdtempSync(join(tmpdir(), 'davy-intake-'))
afterAll(() => rmSync(config, { recursive: true }))
mkdirSync(join(config, 'sites'))
writeFileSync(
  join(config, 'sites/mine.yaml'),
  `site: mine
points:
  - { id: ch4, kind: gas.ch4 }
  - { id: reader, kind: card.reader }
  - { id: gate, kind: gate }
  - { id: chip, kind: weld.session }
  - { id: fan, kind: fan.running }
`,
)
const { installation } = await loadConfiguration(config, { warn: () => {} })

const START = Date.UTC(2026, 4, 1)
const at = (second: number) => new Date(START + second * 1_000).toISOString()
const said = (second: number, point: string, rest: object) =>
  JSON.stringify({ site: 'mine', point, ts: at(second), ...rest })
const LINES = [
  '\uFEFFnot JSON',
  said(0, 'ch4', { value: 0.3 }),
  said(0, 'ch4', { value: 0.3 }),
  '',
  said(1, 'nobody', { value: 1 }),
  said(1, 'reader', { value: { card: '卡-1', distance: -0, sos: true } }),
  said(2, 'ch4', { value: null, quality: 'bad', status: 'span-check', ref: 'r-1' }),
  said(9, 'ch4', { value: 0.4, received: at(3) }),
  JSON.stringify({ site: 'mine', point: 'fan', value: 'on', received: at(4) }),
  JSON.stringify({ command: 'permit', permit: 'P', site: 'mine', ts: at(5) }),
  JSON.stringify({ command: 'dance', ts: at(5) }),
  said(6, 'gate', { value: { direction: 'in', person: 'p-1' } }),
  said(6, 'chip', { value: { event: 'start', permit: 'P' } }),
  said(7, 'fan', { value: true }),
  `${said(20, 'ch4', { value: 1e308 })}\r`,
]

async function all(batches: AsyncIterable<Taken>): Promise<readonly Taken[]> {
  const taken: Taken[] = []
  for await (const batch of batches) taken.push(batch)
  return taken
}

function inPlace(file: string, of: Installation = installation): Promise<readonly Taken[]> {
  return all(readInput(createReadStream(file), { intake: createIntake(of), name: file }))
}

function write(name: string, text: string): string {
  const file = join(config, name)
  writeFileSync(file, text)
  return file
}

test('the same entries, refusals and clock come over, of the same points', async () => {
  const file = write('some.jsonl', LINES.join('\n'))
  const [ahead, place] = [await all(readAhead({ file, config, installation })), await inPlace(file)]
  const bare = (taken: readonly Taken[]) =>
    taken.flatMap(({ entries }) => entries.map((entry) => ({ ...entry, offset: 0 })))
  expect(bare(ahead)).toEqual(bare(place))
  expect(bare(ahead)).toHaveLength(9)
  for (const entry of bare(ahead)) {
    if (entry.type === 'reading') expect(installation.points).toContain(entry.reading.point)
  }
  const told = (taken: readonly Taken[]) => taken.map(({ entries: _, ...rest }) => rest)
  expect(told(ahead)).toEqual(told(place))
  expect(ahead.flatMap(({ refused }) => refused.map(({ line }) => line))).toEqual([1, 5, 9, 11])
  expect(ahead.flatMap(({ commands }) => commands)).toEqual([10])
  expect(ahead.at(-1)).toMatchObject({ lines: 15, until: START + 20_000 })
})

test('more than may be on its way at once comes whole and in order', async () => {
  const padding = ' '.repeat(900_000)
  const count = 24
  const file = write(
    'long.jsonl',
    Array.from({ length: count }, (_, i) => said(i, 'ch4', { value: i }) + padding).join('\n'),
  )
  const taken = await all(readAhead({ file, config, installation }))
  expect(taken.length).toBeGreaterThan(10)
  const values = taken.flatMap(({ entries }) => entries.map((e) => e.type === 'reading' && e.reading.value))
  expect(values).toEqual(Array.from({ length: count }, (_, i) => i))
})

test('whoever leaves early leaves no thread behind', async () => {
  const file = write('left.jsonl', `${LINES.join('\n')}\n`.repeat(2_000))
  for await (const { lines } of readAhead({ file, config, installation })) {
    expect(lines).toBeGreaterThan(0)
    break
  }
  expect(process.getActiveResourcesInfo()).not.toContain('Worker')
})

test('what cannot be read says so as in place', async () => {
  const missing = join(config, 'missing.jsonl')
  const long = write('line.jsonl', `${said(0, 'ch4', { value: 1 })}\n${'x'.repeat(3 << 20)}`)
  const failing = (file: string) => all(readAhead({ file, config, installation }))
  await expect(failing(missing)).rejects.toMatchObject({ code: 'input-unreadable', where: missing })
  await expect(inPlace(missing)).rejects.toMatchObject({ code: 'input-unreadable', where: missing })
  await expect(failing(long)).rejects.toMatchObject({ code: 'line-too-long', where: `${long}:2` })
  await expect(inPlace(long)).rejects.toMatchObject({ code: 'line-too-long', where: `${long}:2` })
})

test('a configuration that was changed meanwhile is not read by halves', async () => {
  const file = write('some.jsonl', LINES.join('\n'))
  const changed = { ...installation, hash: 'another' }
  await expect(all(readAhead({ file, config, installation: changed }))).rejects.toMatchObject({
    code: 'config-changed',
    where: config,
  })
})
