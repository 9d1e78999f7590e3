/** What a file means to a site: readings, refused records, and what its operator should know. Every reader of a type makes one. */
import { createHash } from 'node:crypto'
import type { Value } from '../../model/reading.ts'
import type { Site } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import type { Codes } from './codes.ts'
import { codesOf } from './codes.ts'
import type { FileRefusal, MineFile, MineRecord } from './decode.ts'
import { readTime } from './local-time.ts'

/** A reading as the door decodes it. */
export interface FileReading {
  readonly point: string
  readonly ts: Instant
  readonly value: Value | null
  readonly quality?: 'bad'
  readonly status?: string
  readonly ref: string
}

export interface Meaning {
  readonly readings: FileReading[]
  readonly refused: FileRefusal[]
  /** Records whose code no point has, by code: the first record of each. */
  readonly strangers: Map<string, FileRefusal>
  /** Differences from the configuration, and the mine's own alarms, in words. */
  readonly notices: string[]
}

/** A file under the site it is about. */
export interface Reading {
  readonly file: MineFile
  readonly site: Site
  readonly codes: Codes
  /** The header's upload time. */
  readonly at: Instant
  readonly meaning: Meaning
}

/** Nothing yet. */
export function begin(file: MineFile, site: Site): Reading {
  const codes = codesOf(site)
  const notices = codes.inexact.map(
    (id) => `the code of point ${id} is a number too large to be exact: put it in quotes`,
  )
  const meaning: Meaning = { readings: [], refused: [...file.refused], strangers: new Map(), notices }
  return { file, site, codes, at: readTime(file.time, site.timezone)!, meaning }
}

/** The instant of a cell that was checked; `undefined` where it is empty. */
export function instantOf(cell: string | undefined, { site }: Pick<Reading, 'site'>): Instant | undefined {
  return cell ? readTime(cell, site.timezone) : undefined
}

/** The same record of the same file has the same ref, however often the file is read: the door knows it again. A record that holds
 *  the time of its value is the same in every file: a value that is only repeated is no news. */
export function refOf({ text, cells }: MineRecord, { file }: Reading): string {
  const { mine, type, stamp } = file.name
  const from = type === 'CDSS' && cells.time ? `${mine}_${type}` : `${mine}_${type}_${stamp}`
  return `${from}#${createHash('sha1').update(text).digest('base64url').slice(0, 12)}`
}

/** Notes a record whose code no point has. */
export function stranger(code: string, record: MineRecord, { file, meaning }: Reading): void {
  if (meaning.strangers.has(code)) return
  meaning.strangers.set(code, {
    code: 'record-code',
    detail: `${file.name.file}: record ${record.number}: no point has the code ${JSON.stringify(code.slice(0, 60))}`,
    text: record.text,
  })
}

/** Refuses one record. */
export function refuseRecord(
  record: MineRecord,
  { code, why }: { code: 'record-field' | 'record-unit'; why: string },
  { file, meaning }: Reading,
): void {
  meaning.refused.push({ code, detail: `${file.name.file}: record ${record.number}: ${why}`, text: record.text })
}
