/** For tests: a small mine with codes, its files, and a folder to drop them into. */
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { POINT_KINDS, type Point, type PointKind } from '../../model/point.ts'
import { ALL_DAY } from '../../model/shift.ts'
import type { Person, Site } from '../../model/site.ts'
import { type Dialect, PRESETS } from './dialect.ts'
import { encodeFile } from './encode.ts'
import { writeName } from './file-name.ts'
import type { FileType } from './layouts.ts'
import { writeStamp, writeTime } from './local-time.ts'

export const MINE = '410403004688'
export const ZONE = 'Asia/Shanghai'
/** 2026-05-01 08:00:00 in the mine. */
export const EIGHT = Date.UTC(2026, 4, 1)
/** Codes of stations (22 digits, the first 16 the area's). */
export const STATION = { face: `${MINE}0001000001`, road: `${MINE}0002000001`, mouth: `${MINE}0003000001` } as const
export const GAS = `${MINE}01MN0001000001`

const POINTS: readonly (readonly [id: string, kind: PointKind, code?: string, unit?: string])[] = [
  ['readers/face', 'card.reader', STATION.face],
  ['readers/road', 'card.reader', STATION.road],
  ['readers/mouth', 'card.reader', STATION.mouth],
  ['stations/face', 'device.state', STATION.face],
  ['cameras/face', 'device.state', '410481412100468812010001'],
  ['gates/wellhead', 'gate'],
  ['face/ch4', 'gas.ch4', GAS, '%'],
  ['face/co', 'gas.co', `${MINE}01MN0004000002`, 'ppm'],
  ['face/feeder', 'feeder.energized', `${MINE}01KG1005000003`],
]

/** A site built by hand; `lateAfter` is 30 s. */
export function mineSite(id = 'baoyuan'): Site {
  const points = new Map<string, Point>()
  const wang: Person = { id: 'p-1', name: '王建国', cards: ['10001'] }
  const site: Site = {
    index: 0,
    id,
    name: { zh: '宝源煤矿', en: 'Baoyuan' },
    kind: 'coal-mine',
    status: 'producing',
    timezone: ZONE,
    lateAfter: 30_000,
    shifts: ALL_DAY,
    areas: new Map(),
    points,
    people: new Map([[wang.id, wang]]),
    cards: new Map([['10001', wang]]),
  }
  for (const [name, kind, code, unit] of POINTS) {
    const { shape } = POINT_KINDS[kind]
    points.set(name, {
      siteId: id,
      id: name,
      index: points.size,
      site,
      kind,
      shape,
      ...(unit !== undefined && { unit }),
      attributes: code === undefined ? {} : { code },
    })
  }
  return site
}

type Cells = Readonly<Record<string, string>>

/** A file's name and bytes. */
export function mineFile(
  { type, at, records, mine = MINE }: { type: FileType; at: number; records: readonly Cells[]; mine?: string },
  dialect: Dialect = PRESETS.national,
): { readonly file: string; readonly bytes: Uint8Array } {
  const header = [mine, '宝源煤矿', writeTime(at, ZONE)]
  return {
    file: writeName({ mine, type, stamp: writeStamp(at, ZONE) }, dialect),
    bytes: encodeFile({ type, header, records }, dialect).bytes,
  }
}

/** A folder of its own, into which files are dropped as an upload does it: whole, under their name at once. */
export function dropFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'mine-files-'))
  const list = (shelf: string) => {
    try {
      return readdirSync(join(folder, shelf)).filter((name) => name.includes('.'))
    } catch {
      return []
    }
  }
  return {
    folder,
    drop({ file, bytes }: { file: string; bytes: Uint8Array | string }): string {
      writeFileSync(join(folder, `${file}.part`), bytes)
      renameSync(join(folder, `${file}.part`), join(folder, file))
      return file
    },
    waiting: () => list('.'),
    done: () => list('done').sort(),
    rejected: () => list('rejected').sort(),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
