/** Reads a table that somebody sent, CSV or XLSX; bounded in rows and in what it unpacks to. */
import { inflateRawSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { readSheet } from 'read-excel-file/universal'
import { DavyError } from '../../model/errors.ts'

/** Rows below the titles. */
export const MOST_ROWS = 5_000
/** Bytes that an XLSX file may unpack to. */
const MOST_UNPACKED = 64 * 1024 * 1024
const MOST_PARTS = 500

export interface SheetRow {
  /** As the spreadsheet numbers it: 1 is the row of titles. */
  readonly row: number
  readonly cells: readonly string[]
}

/** Every row with anything in it, cells as trimmed texts, dates as ISO 8601 without a zone. Throws `sheet-unreadable`, `sheet-too-large`. */
export async function readTable(body: Buffer): Promise<readonly SheetRow[]> {
  const rows = isZip(body) ? await readXlsx(body) : readCsv(body)
  const filled = rows.filter(({ cells }) => cells.some((cell) => cell !== ''))
  if (filled.length > MOST_ROWS + 1) {
    throw new DavyError('sheet-too-large', {
      message: `${filled.length - 1} rows; at most ${MOST_ROWS} are taken at once`,
    })
  }
  return filled
}

function isZip(body: Buffer): boolean {
  return body.length > 4 && body.readUInt32LE(0) === 0x04_03_4b_50
}

async function readXlsx(body: Buffer): Promise<SheetRow[]> {
  weigh(body)
  const bytes = new Uint8Array(body).buffer
  const rows = await readSheet(bytes).catch((cause: unknown) => {
    throw unreadable(cause instanceof Error ? cause.message : String(cause))
  })
  return rows.map((cells, i) => ({ row: i + 1, cells: cells.map(textOf) }))
}

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString().slice(0, 19)
  return String(cell).trim()
}

function readCsv(body: Buffer): SheetRow[] {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    // What a Chinese spreadsheet writes where nobody asked it for UTF-8.
    text = new TextDecoder('gb18030').decode(body)
  }
  try {
    const rows = parse(text, {
      bom: true,
      info: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      to: MOST_ROWS + 2,
    }) as unknown as { record: string[]; info: { lines: number } }[]
    return rows.map(({ record, info }) => ({ row: info.lines, cells: record }))
  } catch (cause) {
    throw unreadable((cause as Error).message)
  }
}

/** Unpacks every part, and keeps none: what a file says of its own size proves nothing. */
function weigh(body: Buffer): void {
  const end = body.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || end + 20 > body.length) throw unreadable('it has no directory')
  const parts = body.readUInt16LE(end + 10)
  if (parts > MOST_PARTS) throw new DavyError('sheet-too-large', { message: `${parts} parts in the file` })
  let left = MOST_UNPACKED
  let at = body.readUInt32LE(end + 16)
  try {
    for (let i = 0; i < parts; i++) {
      const packed = body.readUInt16LE(at + 10) !== 0
      const size = body.readUInt32LE(at + 20)
      const local = body.readUInt32LE(at + 42)
      const start = local + 30 + body.readUInt16LE(local + 26) + body.readUInt16LE(local + 28)
      const part = body.subarray(start, start + size)
      left -= packed ? inflateRawSync(part, { maxOutputLength: Math.max(1, left) }).length : part.length
      at += 46 + body.readUInt16LE(at + 28) + body.readUInt16LE(at + 30) + body.readUInt16LE(at + 32)
      if (left < 0) throw Object.assign(new Error('too much'), { code: 'ERR_BUFFER_TOO_LARGE' })
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new DavyError('sheet-too-large', { message: `the file unpacks to more than ${MOST_UNPACKED} bytes` })
    }
    throw unreadable(message)
  }
}

function unreadable(why: string): DavyError {
  return new DavyError('sheet-unreadable', { message: `neither CSV nor XLSX: ${why}` })
}
