/** File names: `{mine}_{type}_{yyyyMMddHHmmss}.txt`, and the longer ones of video. */
import type { Dialect } from './dialect.ts'
import { type FileType, LAYOUTS, type Layout } from './layouts.ts'
import { isStamp } from './local-time.ts'

export interface FileName {
  /** As it stands in the folder. */
  readonly file: string
  readonly mine: string
  readonly type: FileType
  /** Fourteen digits: what files are put in order by. */
  readonly stamp: string
}

/** The parts of a name, or in words what is wrong with it. */
export function parseName(file: string, { prefix, mineDigits, extension }: Dialect): FileName | string {
  const stem = file.slice(0, -extension.length)
  const [mine = '', ...rest] = stem.split('_')
  if (!new RegExp(`^\\d{${mineDigits}}$`).test(mine))
    return `it does not begin with a mine code of ${mineDigits} digits`
  const video = /^[12]$/.test(rest[0] ?? '')
  const [word = '', stamp = '', ...more] = video ? rest.slice(1) : rest
  const type = word.startsWith(prefix) ? word.slice(prefix.length) : ''
  if (!Object.hasOwn(LAYOUTS, type)) return `${word === '' ? 'nothing' : word.slice(0, 40)} is no type of file`
  if (!isStamp(stamp)) return 'it has no time of fourteen digits after the type'
  if (more.length > 1 || (more.length > 0 && !/^\w{1,16}$/.test(more[0]!))) return 'it goes on after the time'
  return { file, mine, type: type as FileType, stamp }
}

/** Where a file stands among others: by its time, then by its name. */
export function nameOrder(a: FileName, b: FileName): number {
  return a.stamp < b.stamp ? -1 : a.stamp > b.stamp ? 1 : a.file < b.file ? -1 : a.file > b.file ? 1 : 0
}

/** The name of a file to write. */
export function writeName(
  { mine, type, stamp }: Omit<FileName, 'file'>,
  { prefix, extension }: Pick<Dialect, 'prefix' | 'extension'>,
): string {
  const layout: Layout = LAYOUTS[type]
  return layout.video
    ? `${mine}_1_${prefix}${type}_${stamp}_0000${extension}`
    : `${mine}_${prefix}${type}_${stamp}${extension}`
}
