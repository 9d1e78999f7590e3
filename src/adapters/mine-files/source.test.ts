import { appendFileSync, chmodSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { conform } from '../../app/config/conform.ts'
import { createBatch } from '../../ingest/batch.ts'
import { createDoor } from '../../ingest/door.ts'
import type { Frame, Source } from '../../model/ports.ts'
import type { Installation } from '../../model/site.ts'
import { mineFiles } from './index.ts'
import { dropFolder, EIGHT, GAS, MINE, mineFile, mineSite, STATION } from './mine.fixture.ts'
import { MineFilesSettings } from './settings.ts'

const PATIENCE = { timeout: 15_000, interval: 5 }
const MINUTE = 60_000

let drop: ReturnType<typeof dropFolder>
let now = EIGHT
let logged: string[] = []
let stops: (() => Promise<void>)[] = []
const site = mineSite()

beforeEach(() => {
  drop = dropFolder()
  now = EIGHT
  logged = []
  stops = []
})
afterEach(async () => {
  for (const stop of stops) await stop()
  drop.remove()
})

function create(settings: object = {}): Source {
  const given = { folder: drop.folder, mines: { [MINE]: 'baoyuan' }, every: '5ms', ...settings }
  const { value, findings } = conform(given, MineFilesSettings)
  expect(findings).toEqual([])
  return mineFiles.create(value as MineFilesSettings, {
    name: 'files',
    now: () => now,
    sites: () => new Map([['baoyuan', site]]),
    log: (level, message) => logged.push(`${level} ${message}`),
  })
}

/** Pulls what the source yields; `settle` decides what becomes of each frame. */
function pull(
  source: Source,
  settle: (frame: Frame) => void = (frame) => frame.settle(frame.refused ? 'rejected' : 'journaled'),
) {
  const abort = new AbortController()
  const frames: Frame[] = []
  const running = (async () => {
    for await (const batch of source.open(abort.signal)) {
      for (const frame of batch) {
        frames.push(frame)
        settle(frame)
      }
    }
  })()
  const stop = async () => {
    abort.abort()
    await running
  }
  stops.push(stop)
  return { frames, stop, running }
}

const gas = (value: string, at = EIGHT) => mineFile({ type: 'CDSS', at, records: [{ code: GAS, value }] })
const valuesOf = (frames: readonly Frame[]) =>
  frames
    .filter(({ refused }) => !refused)
    .flatMap(({ payload }) =>
      (JSON.parse(new TextDecoder().decode(payload)) as { value: unknown }[]).map(({ value }) => value),
    )

test('what lies in the folder comes oldest first, by the time in its name', async () => {
  for (const minute of [3, 1, 2]) drop.drop(gas(String(minute), EIGHT - 10 * MINUTE + minute * MINUTE))
  const { frames } = pull(create())
  await expect.poll(drop.done, PATIENCE).toHaveLength(3)
  expect(valuesOf(frames)).toEqual([1, 2, 3])
  expect(drop.waiting()).toEqual([])
})

test('an upload under way is left alone: temporary names, hidden names, and what has no end mark yet', async () => {
  const { file, bytes } = gas('0.1')
  for (const name of [`${file}.part`, `${file}.tmp`, `.${file}`]) writeFileSync(join(drop.folder, name), bytes)
  writeFileSync(join(drop.folder, file), bytes.slice(0, -12))
  const { frames } = pull(create())
  drop.drop(gas('0.2', EIGHT + 1_000))
  await expect.poll(drop.done, PATIENCE).toHaveLength(1)
  expect(valuesOf(frames)).toEqual([0.2])
  appendFileSync(join(drop.folder, file), bytes.slice(-12))
  await expect.poll(drop.done, PATIENCE).toHaveLength(2)
  expect(valuesOf(frames)).toEqual([0.2, 0.1])
  expect(drop.rejected()).toEqual([])
})

test('a file that stays without its end mark is refused after its time, whatever times the upload set', async () => {
  const { file, bytes } = gas('0.1')
  writeFileSync(join(drop.folder, file), bytes.slice(0, -3))
  utimesSync(join(drop.folder, file), 1, 1)
  const { frames } = pull(create())
  drop.drop(gas('0.2', EIGHT + 1_000))
  await expect.poll(drop.done, PATIENCE).toHaveLength(1)
  now += 9 * MINUTE
  drop.drop(gas('0.3', EIGHT + 2_000))
  await expect.poll(drop.done, PATIENCE).toHaveLength(2)
  expect(drop.rejected()).toEqual([])
  now += MINUTE
  await expect.poll(drop.rejected, PATIENCE).toEqual([file])
  expect(frames.at(-1)).toMatchObject({ refused: 'file-incomplete', detail: `${file}: it does not end with ||` })
})

test.each([
  ['file-name', { file: 'news.txt', bytes: 'x||' }, 'news.txt: it does not begin with a mine code of 12 digits'],
  [
    'file-mine',
    mineFile({ type: 'CDSS', at: EIGHT, records: [], mine: '999999999999' }),
    'mine 999999999999 is not configured',
  ],
  ['file-ahead', gas('1', EIGHT + 6 * MINUTE), 'is 6 minutes ahead'],
  ['file-too-large', { file: gas('1').file, bytes: `${'x'.repeat(2_000)}||` }, '2002 bytes, more than 1024'],
])('%s: the file goes to rejected/, with its reason', async (code, file, detail) => {
  drop.drop(file)
  const { frames } = pull(create({ maxSize: 1_024 }))
  await expect.poll(drop.rejected, PATIENCE).toEqual([file.file])
  expect(frames).toMatchObject([{ refused: code, detail: expect.stringContaining(detail) }])
})

test('nothing is moved before it is settled, at most `atOnce` are read, and what was not settled comes again', async () => {
  for (let i = 0; i < 5; i++) drop.drop(gas(String(i), EIGHT + i * 1_000))
  const source = create({ atOnce: 2 })
  const first = pull(source, () => {})
  await expect.poll(() => first.frames.length, PATIENCE).toBe(2)
  first.frames[0]!.settle('journaled')
  await expect.poll(() => first.frames.length, PATIENCE).toBe(3)
  expect(drop.done()).toHaveLength(1)
  await first.stop()
  first.frames[1]!.settle('journaled')
  const second = pull(source)
  await expect.poll(drop.done, PATIENCE).toHaveLength(5)
  expect(valuesOf(second.frames)).toEqual([1, 2, 3, 4])
})

test('read again after a crash between journal and move, everything is a duplicate to the door', async () => {
  const installation = {
    sites: new Map([['baoyuan', site]]),
    points: [...site.points.values()],
  } as unknown as Installation
  const door = createDoor(installation)
  const trail = `${STATION.road}&2026-05-01 07:50:00`
  const file = mineFile({
    type: 'RYSS',
    at: EIGHT,
    records: [{ card: '10001', flag: '1', station: STATION.face, trail }],
  })
  drop.drop(file)
  const admit = (frames: readonly Frame[]) => {
    const batch = createBatch()
    for (const { topic, payload } of frames) door.admit({ source: 'files', topic, payload }, EIGHT, batch)
    return [batch.accepted, batch.duplicates, batch.refused]
  }
  const before = pull(create(), () => {})
  await expect.poll(() => before.frames.length, PATIENCE).toBe(1)
  expect(admit(before.frames)).toEqual([2, 0, 0])
  await before.stop()
  const after = pull(create())
  await expect.poll(drop.done, PATIENCE).toEqual([file.file])
  expect(admit(after.frames)).toEqual([0, 2, 0])
})

test('the same name with the same content lies in done/ once; with another content it is read, and kept beside', async () => {
  const { frames } = pull(create())
  for (const value of ['0.1', '0.1', '0.7']) {
    const before = frames.length
    drop.drop(gas(value))
    await expect.poll(() => frames.length, PATIENCE).toBe(before + 1)
    await expect.poll(drop.waiting, PATIENCE).toEqual([])
  }
  expect(valuesOf(frames)).toEqual([0.1, 0.1, 0.7])
  const { file } = gas('0.1')
  expect(drop.done()).toEqual([expect.stringMatching(/^410403004688_CDSS_20260501080000\.[0-9a-f]{8}\.txt$/), file])
  expect(readFileSync(join(drop.folder, 'done', file), 'utf8')).toContain(';0.1;')
})

test('a file that is replaced while it waits for the journal is read again', async () => {
  drop.drop(gas('0.1'))
  const { frames } = pull(create(), () => {})
  await expect.poll(() => frames.length, PATIENCE).toBe(1)
  drop.drop(gas('0.9'))
  frames[0]!.settle('journaled')
  await expect.poll(() => frames.length, PATIENCE).toBe(2)
  expect(valuesOf(frames)).toEqual([0.1, 0.9])
  expect(drop.done()).toEqual([])
  frames[1]!.settle('journaled')
  await expect.poll(drop.done, PATIENCE).toHaveLength(1)
})

describe('codes without a point', () => {
  test('are refused once each, counted on the link, and the file is done where the rest of it was taken', async () => {
    const source = create()
    const { frames } = pull(source)
    const records = [
      { code: 'new', value: '1' },
      { code: GAS, value: '0.5' },
    ]
    for (const second of [0, 1]) {
      drop.drop(mineFile({ type: 'CDSS', at: EIGHT + second * 1_000, records }))
      await expect.poll(drop.done, PATIENCE).toHaveLength(second + 1)
    }
    expect(frames.filter(({ refused }) => refused).map(({ refused, detail }) => [refused, detail])).toEqual([
      ['record-code', `${MINE}_CDSS_20260501080000.txt: record 1: no point has the code "new"`],
    ])
    expect(source.link()).toMatchObject({ state: 'up', reason: 'codes without a point: 1' })
  })
})

test('after a restart a way out is told to the reader that has the card', async () => {
  const below = { card: '10001', flag: '1', station: STATION.face }
  drop.drop(mineFile({ type: 'RYSS', at: EIGHT, records: [below] }))
  const first = pull(create())
  await expect.poll(drop.done, PATIENCE).toHaveLength(1)
  await first.stop()
  const second = pull(create())
  drop.drop(mineFile({ type: 'RYSS', at: EIGHT + MINUTE, records: [{ ...below, flag: '2', station: STATION.mouth }] }))
  await expect.poll(drop.done, PATIENCE).toHaveLength(2)
  expect(JSON.parse(new TextDecoder().decode(second.frames[0]!.payload))).toMatchObject([
    { point: 'readers/face', value: { card: '10001', gone: true } },
  ])
})

test('a file that this user may not read is told once and stops nothing behind it; once it may be read, it is', async () => {
  const first = drop.drop(gas('0.1', EIGHT - MINUTE))
  chmodSync(join(drop.folder, first), 0)
  chmodSync(drop.folder, 0o777)
  // Nothing is hidden from root: what comes is read as somebody else.
  const root = process.geteuid!() === 0
  if (root) process.seteuid!(65_534)
  try {
    const source = create()
    const { frames } = pull(source)
    drop.drop(gas('0.2'))
    await expect.poll(drop.done, PATIENCE).toHaveLength(1)
    expect(valuesOf(frames)).toEqual([0.2])
    expect(source.link().state).toBe('up')
    expect(logged).toEqual([expect.stringContaining(first)])
    if (root) process.seteuid!(0)
    chmodSync(join(drop.folder, first), 0o666)
    if (root) process.seteuid!(65_534)
    await expect.poll(drop.done, PATIENCE).toHaveLength(2)
    expect(logged).toHaveLength(1)
    for (const stop of stops.splice(0)) await stop()
  } finally {
    if (root) process.seteuid!(0)
  }
})

test('no file for long is not called up', async () => {
  const source = create()
  pull(source)
  await expect.poll(() => source.link().state, PATIENCE).toBe('up')
  now += 15 * MINUTE
  expect(source.link()).toMatchObject({ state: 'down', reason: 'no file for 15m or more' })
  drop.drop(gas('0.1'))
  await expect.poll(() => source.link().state, PATIENCE).toBe('up')
})

test('shelves are cleared of what is older than `keep`', async () => {
  drop.drop(gas('0.1'))
  const first = pull(create())
  await expect.poll(drop.done, PATIENCE).toHaveLength(1)
  await first.stop()
  now = Date.now() + 8 * 24 * 60 * MINUTE
  pull(create())
  await expect.poll(drop.done, PATIENCE).toEqual([])
  expect(readdirSync(drop.folder).sort()).toEqual(['done', 'rejected'])
})
