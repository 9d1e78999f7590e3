import { expect, test } from 'vitest'
import { PRESETS } from '../../src/adapters/mine-files/dialect.ts'
import { mineFiles } from '../../src/adapters/mine-files/index.ts'
import { dropFolder, EIGHT, MINE, mineSite } from '../../src/adapters/mine-files/mine.fixture.ts'
import { MineFilesSettings } from '../../src/adapters/mine-files/settings.ts'
import { conform } from '../../src/app/config/conform.ts'
import { createMineFilesTransport } from './mine-files.ts'

test('what simulated devices say reaches the source as the files of a mine', async () => {
  const drop = dropFolder()
  const site = mineSite()
  const transport = createMineFilesTransport({
    folder: drop.folder,
    site,
    mine: MINE,
    dialect: PRESETS.national,
    clock: { now: () => EIGHT, every: () => ({ cancel: () => {} }) },
  })
  const say = (point: string, value: unknown) =>
    ({ site: site.id, point, ts: EIGHT - 1_000, value, quality: 'good', ref: point }) as never
  const readings = [
    say('readers/face', { card: '10001', distance: 4 }),
    say('readers/road', { card: '10002', gone: true }),
    say('face/ch4', 0.42),
    say('face/feeder', false),
    say('cameras/face', 'online'),
  ]
  expect(readings.every((reading) => transport.carries(reading))).toBe(true)
  expect(transport.carries(say('gates/wellhead', { direction: 'in', card: '10001' }))).toBe(false)
  transport.send(readings)
  await transport.stop()

  const { value } = conform({ folder: drop.folder, mines: { [MINE]: 'baoyuan' } }, MineFilesSettings)
  const context = { name: 'files', now: () => EIGHT, sites: () => new Map([['baoyuan', site]]), log: () => {} }
  const abort = new AbortController()
  const read: unknown[] = []
  for await (const frames of mineFiles.create(value as MineFilesSettings, context).open(abort.signal)) {
    for (const frame of frames) {
      expect(frame.detail).toBeUndefined()
      const said = JSON.parse(new TextDecoder().decode(frame.payload)) as { point: string; value: unknown }[]
      read.push(...said.map(({ point, value }) => [point, value]))
      frame.settle('journaled')
    }
    if (read.length >= 5) abort.abort()
  }
  expect(read).toEqual(
    expect.arrayContaining([
      ['readers/face', { card: '10001', distance: 4 }],
      ['readers/road', { card: '10002', gone: true }],
      ['face/ch4', 0.42],
      ['face/feeder', false],
      ['cameras/face', 'online'],
    ]),
  )
  drop.remove()
})
