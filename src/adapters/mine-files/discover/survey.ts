/** Everything a folder of mine files tells of one mine: master data first, what the real-time files mention besides. */
import { join } from 'node:path'
import { decodeFile, type MineFile } from '../decode.ts'
import type { Dialect } from '../dialect.ts'
import { type FileName, nameOrder, parseName } from '../file-name.ts'
import { listFiles, readContent } from '../folder.ts'
import type { FileType } from '../layouts.ts'

type Cells = Readonly<Record<string, string>>

export interface Survey {
  readonly mine: string
  /** As its header has it. */
  readonly name: string
  readonly areas: ReadonlyMap<string, Cells>
  readonly readers: ReadonlyMap<string, Cells>
  readonly stations: ReadonlyMap<string, Cells>
  readonly points: ReadonlyMap<string, Cells>
  readonly cameras: ReadonlyMap<string, Cells>
  readonly cards: ReadonlyMap<string, Cells>
  /** Mines whose files lie there as well. */
  readonly others: readonly string[]
}

/** Which file fills which table by which field; what comes first says what is known of a code. */
const SOURCES: readonly (readonly [type: FileType, table: Table, key: string])[] = [
  ['RYQY', 'areas', 'area'],
  ['RYJZ', 'readers', 'station'],
  ['FZDY', 'stations', 'station'],
  ['CDDY', 'points', 'code'],
  ['SXYXX', 'cameras', 'camera'],
  ['RYXX', 'cards', 'card'],
  ['RYSS', 'readers', 'station'],
  ['RYSS', 'cards', 'card'],
  ['CDSS', 'points', 'code'],
  ['FZSS', 'stations', 'station'],
  ['SXYST', 'cameras', 'camera'],
]

type Table = 'areas' | 'readers' | 'stations' | 'points' | 'cameras' | 'cards'

/** Files of any age do: what is read is what the mine has, not what it measures. */
const LARGEST = 256 * 1024 * 1024

/** Reads the newest file of each type, in the folder and in its `done/`. `undefined`: no file of a mine is there. */
export async function survey(
  folder: string,
  { dialect, mine }: { dialect: Dialect; mine: string | undefined },
): Promise<Survey | undefined> {
  const found: (FileName & { readonly folder: string })[] = []
  for (const place of [folder, join(folder, 'done')]) {
    const files = await listFiles(place, dialect.extension).catch((error: unknown) => {
      if (place === folder) throw error
      return []
    })
    for (const file of files) {
      const name = parseName(file, dialect)
      if (typeof name !== 'string') found.push({ ...name, folder: place })
    }
  }
  const mines = [...new Set(found.map((name) => name.mine))].sort()
  const wanted = mine ?? mines[0]
  const own = found.filter((name) => name.mine === wanted).sort(nameOrder)
  if (wanted === undefined || own.length === 0) return undefined
  const tables: Record<Table, Map<string, Cells>> = {
    areas: new Map(),
    readers: new Map(),
    stations: new Map(),
    points: new Map(),
    cameras: new Map(),
    cards: new Map(),
  }
  let title = ''
  for (const [type, table, key] of SOURCES) {
    const file = await newest(own, { type, dialect })
    if (!file) continue
    title ||= file.header[1] ?? ''
    for (const { cells } of file.records) {
      const code = cells[key]
      if (code && !tables[table].has(code)) tables[table].set(code, cells)
    }
  }
  return { mine: wanted, name: title, ...tables, others: mines.filter((other) => other !== wanted) }
}

async function newest(
  own: readonly (FileName & { readonly folder: string })[],
  { type, dialect }: { type: FileType; dialect: Dialect },
): Promise<MineFile | undefined> {
  for (const name of own.filter((one) => one.type === type).reverse()) {
    const content = await readContent(name.folder, { file: name.file, maxSize: LARGEST })
    if (!content || content === 'forbidden') continue
    const file = content.bytes && decodeFile(content.bytes, { name, dialect })
    if (file && !('code' in file)) return file
  }
  return undefined
}
