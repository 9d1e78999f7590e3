/** Bytes of a file into its header and records; what cannot be read is refused with file, record and field. */
import type { RefusalCode } from '../../model/errors.ts'
import type { Dialect } from './dialect.ts'
import { decodeText } from './encoding.ts'
import type { FileName } from './file-name.ts'
import { type Column, columnsOf, LAYOUTS, type Layout } from './layouts.ts'
import { readTime } from './local-time.ts'

/** A whole file, or one of its records, that is not taken. */
export interface FileRefusal {
  readonly code: RefusalCode
  /** File, record, field, and what stood there. */
  readonly detail: string
  /** As it stood in the file. */
  readonly text: string
}

export interface MineRecord {
  /** From 1; the header is 0. */
  readonly number: number
  readonly text: string
  /** By the names of the layout. Missing ones are empty. */
  readonly cells: Readonly<Record<string, string>>
}

export interface MineFile {
  readonly name: FileName
  /** Every field of the header: mine first, upload time last. */
  readonly header: readonly string[]
  /** Upload time, on the mine's own clock. */
  readonly time: string
  readonly records: readonly MineRecord[]
  readonly refused: readonly FileRefusal[]
}

/** Above this part of bad records nothing of a file is believed. */
const SPOILT = 0.2
const SHOWN = 60

/** Whether a text is all there: it ends with the mark. Line breaks behind it are looked over here and refused later. */
function isComplete(text: string, { end }: Dialect): boolean {
  return text.trimEnd().endsWith(end)
}

/** The file, or why none of it is taken. Never throws. */
export function decodeFile(
  bytes: Uint8Array,
  { name, dialect }: { name: FileName; dialect: Dialect },
): MineFile | FileRefusal {
  const whole = decodeText(bytes, dialect.encoding)
  if (whole === undefined) {
    return refusal(
      'file-encoding',
      `${name.file}: the bytes are not ${dialect.encoding === 'auto' ? 'UTF-8 or GB18030' : dialect.encoding}`,
      '',
    )
  }
  if (!isComplete(whole, dialect)) {
    return refusal('file-incomplete', `${name.file}: it does not end with ${dialect.end}`, whole)
  }
  if (dialect.lineBreaks === 'refuse' && /[\r\n]/.test(whole)) {
    const line = whole.slice(0, whole.search(/[\r\n]/)).split(dialect.record).length - 1
    return refusal('file-line-breaks', `${name.file}: record ${line}: a line break`, whole)
  }
  const text = dialect.lineBreaks === 'ignore' ? whole.replace(/[\r\n]+/g, '') : whole
  const mark = dialect.lineBreaks === 'ignore' ? dialect.record.replace(/[\r\n]+/g, '') : dialect.record
  const lines = text.slice(0, text.lastIndexOf(dialect.end)).split(mark)
  // The mark stands after every record: what follows the last one is nothing.
  if (lines.at(-1) === '') lines.pop()
  const header = (lines[0] ?? '').split(dialect.field)
  const wrong = checkHeader(header, name)
  if (wrong !== undefined) return refusal('file-header', `${name.file}: record 0: ${wrong}`, lines[0] ?? '')
  const records: MineRecord[] = []
  const refused: FileRefusal[] = []
  const columns = columnsOf(name.type, dialect.layouts)
  for (let number = 1; number < lines.length; number++) {
    const line = lines[number]!
    const cells = line.split(dialect.field)
    if (cells.length === columns.length + 1 && cells.at(-1) === '') cells.pop()
    const where = `${name.file}: record ${number}`
    if (cells.length !== columns.length) {
      refused.push(refusal('record-fields', `${where}: ${cells.length} fields, ${columns.length} expected`, line))
      continue
    }
    const bad = columns.findIndex((column, i) => !fits(cells[i]!, column))
    if (bad >= 0) {
      const { name: field } = columns[bad]!
      refused.push(refusal('record-field', `${where}: field ${bad + 1} (${field}): ${shown(cells[bad]!)}`, line))
      continue
    }
    const named: Record<string, string> = {}
    for (let i = 0; i < columns.length; i++) named[columns[i]!.name] = cells[i]!
    records.push({ number, text: line, cells: named })
  }
  const count = lines.length - 1
  if (refused.length > count * SPOILT) {
    const first = refused[0]!.detail.slice(name.file.length + 2)
    return refusal('file-spoilt', `${name.file}: ${refused.length} of ${count} records are bad; ${first}`, text)
  }
  return { name, header, time: header.at(-1)!, records, refused }
}

function checkHeader(header: readonly string[], { mine, type }: FileName): string | undefined {
  const { header: wanted }: Layout = LAYOUTS[type]
  if (header.length < 3) return `${header.length} fields, ${wanted} expected`
  if (header[0] !== mine) return `field 1 (mine): ${shown(header[0]!)}, and the name says ${mine}`
  const time = header.at(-1)!
  return readTime(time, 'UTC') === undefined ? `field ${header.length} (time): ${shown(time)}` : undefined
}

function fits(cell: string, { form, required }: Column): boolean {
  if (cell === '') return !required
  switch (form) {
    case 'text':
      return true
    case 'number':
      return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i.test(cell.trim())
    case 'time':
      return readTime(cell, 'UTC') !== undefined
    case 'trail':
      return readTrail(cell) !== undefined
    default:
      return form.includes(cell)
  }
}

/** 轨迹: `station&time,station&time`; `undefined` where a step is not of that form. */
export function readTrail(cell: string): readonly (readonly [station: string, time: string])[] | undefined {
  const steps: (readonly [string, string])[] = []
  for (const step of cell.split(',')) {
    if (step === '') continue
    const [station = '', time = '', ...more] = step.split('&')
    if (station === '' || more.length > 0 || readTime(time, 'UTC') === undefined) return undefined
    steps.push([station, time])
  }
  return steps
}

/** What stood there, shortened. */
export function shown(cell: string): string {
  return cell === '' ? 'nothing' : JSON.stringify(cell.length > SHOWN ? `${cell.slice(0, SHOWN)}…` : cell)
}

function refusal(code: RefusalCode, detail: string, text: string): FileRefusal {
  return { code, detail, text }
}
