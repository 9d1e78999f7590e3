/** The settings of a source of mine files in the form in which the program uses them. */
import { Value } from 'typebox/value'
import { DavyError } from '../../model/errors.ts'
import { type Duration, parseDuration } from '../../model/time.ts'
import { type Dialect, dialectOf } from './dialect.ts'
import { FILE_TYPES, type FileType } from './layouts.ts'
import { type DialectSettings, MineFilesSettings, type MineSettings } from './settings.ts'

export interface Watched {
  readonly folder: string
  /** By mine code. */
  readonly mines: ReadonlyMap<string, { readonly site: string; readonly gate?: string }>
  readonly dialect: Dialect
  readonly every: Duration
  readonly incompleteAfter: Duration
  readonly quietAfter: Duration
  readonly keep: Duration
  readonly atOnce: number
  readonly maxSize: number
}

/** Throws `settings-invalid` where a dialect's layouts are of no type of file, a mine's code is not of the dialect, or a duration is none. */
export function watchedOf(given: unknown, name: string): Watched {
  const settings = Value.Default(MineFilesSettings, structuredClone(given)) as MineFilesSettings
  const dialect = checkedDialect(settings.dialect, name)
  for (const mine of Object.keys(settings.mines)) {
    if (mine.length === dialect.mineDigits) continue
    throw new DavyError('settings-invalid', {
      message: `mine ${mine} has not ${dialect.mineDigits} digits`,
      where: `${name}: mines`,
      remedy: 'write its code in quotes, or set `dialect.mineDigits`',
    })
  }
  return {
    folder: settings.folder,
    dialect,
    atOnce: settings.atOnce,
    maxSize: settings.maxSize,
    mines: new Map(
      Object.entries(settings.mines as Record<string, MineSettings>).map(([code, mine]) => [
        code,
        typeof mine === 'string' ? { site: mine } : mine,
      ]),
    ),
    every: milliseconds(settings.every, name),
    incompleteAfter: milliseconds(settings.incompleteAfter, name),
    quietAfter: milliseconds(settings.quietAfter, name),
    keep: milliseconds(settings.keep, name),
  }
}

/** Throws `settings-invalid` where its layouts are of no type of file. */
export function checkedDialect(settings: DialectSettings | undefined, name: string): Dialect {
  const dialect = dialectOf((settings ?? {}) as Partial<Dialect>)
  for (const type of Object.keys(dialect.layouts)) {
    if (FILE_TYPES.includes(type as FileType)) continue
    throw new DavyError('settings-invalid', {
      message: `${type} is no type of file`,
      where: `${name}: dialect.layouts`,
      remedy: `known: ${FILE_TYPES.join(', ')}`,
    })
  }
  return dialect
}

/** The configuration's loader gives milliseconds; defaults and settings written in code are texts such as `5s`. */
function milliseconds(duration: Duration | string, name: string): Duration {
  const parsed = typeof duration === 'string' ? parseDuration(duration) : duration
  if (parsed !== undefined && parsed > 0) return parsed
  throw new DavyError('settings-invalid', {
    message: `${duration} is not a duration above zero`,
    where: name,
    remedy: 'write e.g. 5s or 10m',
  })
}
