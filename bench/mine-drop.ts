/** Mine files of 10 000 records through a watched folder: read, understood, framed, moved away; and the grammar alone. */

import { decodeFile } from '../src/adapters/mine-files/decode.ts'
import { type Dialect, dialectOf, PRESETS } from '../src/adapters/mine-files/dialect.ts'
import { encodeFile } from '../src/adapters/mine-files/encode.ts'
import { parseName } from '../src/adapters/mine-files/file-name.ts'
import { mineFiles } from '../src/adapters/mine-files/index.ts'
import { writeTime } from '../src/adapters/mine-files/local-time.ts'
import {
  dropFolder,
  EIGHT,
  GAS,
  MINE,
  mineFile,
  mineSite,
  STATION,
  ZONE,
} from '../src/adapters/mine-files/mine.fixture.ts'
import type { MineFilesSettings } from '../src/adapters/mine-files/settings.ts'
import { perSecond, print, timed } from './machine.ts'

const RECORDS = 10_000
const FILES = 20

const cards = Array.from({ length: RECORDS }, (_, i) => ({
  card: `c-${i}`,
  name: '王建国',
  flag: '1',
  entered: '2026-05-01 05:48:10',
  station: i % 2 === 0 ? STATION.face : STATION.road,
  distance: String((i % 400) / 10),
  state: '正常',
  trail: `${STATION.mouth}&2026-05-01 05:50:00,${STATION.road}&2026-05-01 06:05:00`,
}))
const values = Array.from({ length: RECORDS }, (_, i) => ({
  code: GAS,
  sensor: '环境瓦斯',
  value: String((i % 211) / 100),
  unit: '%',
  status: '0',
  time: writeTime(EIGHT - i * 1_000, ZONE),
}))
const LOADS = [
  { type: 'RYSS', records: cards },
  { type: 'CDSS', records: values },
] as const

for (const encoding of ['utf-8', 'gb18030'] as const) {
  const dialect: Dialect = dialectOf({ encoding })
  for (const { type, records } of LOADS) {
    const header = [MINE, '宝源煤矿', writeTime(EIGHT, ZONE)]
    const { file, bytes } = mineFile({ type, at: EIGHT, records }, dialect)
    const name = parseName(file, PRESETS.national)
    if (typeof name === 'string') throw new Error(name)
    const encoded = await timed(() => {
      for (let i = 0; i < FILES; i++) encodeFile({ type, header, records }, dialect)
    })
    const decoded = await timed(() => {
      for (let i = 0; i < FILES; i++) decodeFile(bytes, { name, dialect })
    })
    print({
      bench: 'mine-drop: grammar',
      type,
      encoding,
      megabytes: Math.round(bytes.byteLength / 1e5) / 10,
      encodedPerCpuSecond: perSecond(RECORDS * FILES, encoded.cpuSeconds),
      decodedPerCpuSecond: perSecond(RECORDS * FILES, decoded.cpuSeconds),
    })
  }
}

for (const { type, records } of LOADS) {
  const drop = dropFolder()
  for (let i = 0; i < FILES; i++) drop.drop(mineFile({ type, at: EIGHT - i * 1_000, records }))
  const sites = new Map([['baoyuan', mineSite()]])
  const source = mineFiles.create(
    { folder: drop.folder, mines: { [MINE]: 'baoyuan' } } as unknown as MineFilesSettings,
    {
      name: 'files',
      now: () => EIGHT,
      sites: () => sites,
      log: () => {},
    },
  )
  const abort = new AbortController()
  let frames = 0
  const { seconds, cpuSeconds } = await timed(async () => {
    for await (const batch of source.open(abort.signal)) {
      frames += batch.length
      for (const frame of batch) frame.settle('journaled')
      // The last one is moved by the time the source has ended.
      if (drop.waiting().length <= 1) abort.abort()
    }
  })
  print({
    bench: 'mine-drop: folder',
    type,
    files: FILES,
    recordsAFile: RECORDS,
    frames,
    recordsPerSecond: perSecond(RECORDS * FILES, seconds),
    cpuSeconds: Math.round(cpuSeconds * 100) / 100,
    rssMiB: Math.round(process.memoryUsage().rss / 2 ** 20),
  })
  drop.remove()
}
