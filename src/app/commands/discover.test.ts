import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dropFolder, EIGHT, GAS, MINE, mineFile, STATION } from '../../adapters/mine-files/mine.fixture.ts'
import { loadConfiguration } from '../configuration.ts'
import { discoverMineFiles } from './discover.ts'

let drop: ReturnType<typeof dropFolder>
let output: string

beforeEach(async () => {
  drop = dropFolder()
  output = await mkdtemp(join(tmpdir(), 'discovered-'))
})
afterEach(async () => {
  drop.remove()
  await rm(output, { recursive: true })
})

test('the files of a mine become a site file that loads, with its people', async () => {
  const area = STATION.face.slice(0, 16)
  const files = [
    mineFile({ type: 'RYQY', at: EIGHT, records: [{ kind: '重点', area, limit: '25', name: '101 综采工作面' }] }),
    mineFile({
      type: 'RYJZ',
      at: EIGHT,
      records: [{ station: STATION.face, name: '101: "上口", 1#', x: '1200', y: '340', z: '-420' }],
    }),
    mineFile({
      type: 'RYXX',
      at: EIGHT,
      records: [
        { card: '10021', name: '王建国', trade: '采煤工', team: '综采一队', leader: '否' },
        { card: '10022', name: '李, 四', leader: '是' },
      ],
    }),
    mineFile({
      type: 'CDDY',
      at: EIGHT,
      records: [
        { code: GAS, sensor: '环境瓦斯', unit: '%', bottom: '0', top: '4', place: '101 面' },
        { code: 'x-1', sensor: '水位', place: '水仓' },
      ],
    }),
    // A reader that only the snapshot knows.
    mineFile({ type: 'RYSS', at: EIGHT, records: [{ card: '10021', flag: '1', station: STATION.road }] }),
  ]
  for (const file of files) drop.drop(file)
  await discoverMineFiles(drop.folder, { site: 'baoyuan', dialect: 'national', output })
  const { installation } = await loadConfiguration(output, { warn: () => {} })
  const site = installation.sites.get('baoyuan')!
  expect([...site.areas.values()].map(({ id, kind }) => [id, kind])).toContainEqual(['101-综采工作面', 'coal-face'])
  const byCode = (code: string) => [...site.points.values()].find(({ attributes }) => attributes.code === code)
  expect(byCode(STATION.face)).toMatchObject({
    kind: 'card.reader',
    at: [1200, 340, -420],
    area: { kind: 'coal-face' },
  })
  expect(byCode(STATION.road)).toMatchObject({ kind: 'card.reader', area: { id: 'underground' } })
  expect(byCode(GAS)).toMatchObject({ kind: 'gas.ch4', unit: '%', range: [0, 4] })
  expect(site.cards.get('10022')).toMatchObject({ name: '李, 四', role: 'leader' })
  expect(await readFile(join(output, 'sites/baoyuan.yaml'), 'utf8')).toContain('# x-1 水位 水仓')
  await expect(discoverMineFiles(drop.folder, { site: 'baoyuan', dialect: 'national', output })).rejects.toThrow(
    'EEXIST',
  )
})

test('a folder without files of the mine says so', async () => {
  const flags = { site: 'x', dialect: 'national' } as const
  await expect(discoverMineFiles(drop.folder, flags)).rejects.toMatchObject({ code: 'nothing-found' })
  drop.drop(mineFile({ type: 'RYXX', at: EIGHT, records: [] }))
  await expect(discoverMineFiles(drop.folder, { ...flags, mine: MINE.replace('4', '5') })).rejects.toThrow(
    'no national file of mine',
  )
  await expect(discoverMineFiles(join(drop.folder, 'no'), flags)).rejects.toMatchObject({ code: 'nothing-found' })
})
