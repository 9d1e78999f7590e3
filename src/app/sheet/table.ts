/** A table for people: rows under titles in both languages, written as CSV or XLSX. */
import writeXlsxFile from 'write-excel-file/node'

/** A time is a text, in the zone of who reads it. */
export type Cell = string | number | undefined

export interface Table {
  /** Of the sheet; spreadsheets take 31 characters. */
  readonly name: string
  /** `状态 State`. */
  readonly titles: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** What a spreadsheet would take for a formula and run; Chinese and Japanese ones take the wide signs for the same. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n]/

/** Texts that look like formulas are led by an apostrophe, which spreadsheets do not show. With a byte order mark: without it they
 *  take Chinese for Latin. Several tables follow each other, each under its name and behind an empty line. */
export function csvOf(tables: readonly Table[]): string {
  const lines = tables.flatMap(({ name, titles, rows }, i) => [
    ...(tables.length > 1 ? [...(i > 0 ? [''] : []), csvLine([name])] : []),
    csvLine(titles),
    ...rows.map(csvLine),
  ])
  return `\uFEFF${lines.map((line) => `${line}\r\n`).join('')}`
}

function csvLine(cells: readonly Cell[]): string {
  return cells
    .map((cell) => {
      if (typeof cell !== 'string') return cell === undefined ? '' : String(cell)
      const safe = FORMULA.test(cell) ? `'${cell}` : cell
      return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
    })
    .join(',')
}

/** One sheet a table; texts are texts, never formulas. */
export function xlsxOf(tables: readonly Table[]): Promise<Buffer> {
  const cellOf = (value: Cell) =>
    typeof value === 'string' ? { value, type: String } : value === undefined ? null : { value, type: Number }
  return writeXlsxFile(
    tables.map(({ name, titles, rows }) => ({
      sheet: name.slice(0, 31),
      columns: titles.map((title) => ({ width: Math.min(40, Math.max(10, title.length + 4)) })),
      stickyRowsCount: 1,
      data: [
        titles.map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
        ...rows.map((row) => row.map(cellOf)),
      ],
    })),
  ).toBuffer()
}

/** The media type of a file in that format. */
export const SHEET_TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const
export type SheetFormat = keyof typeof SHEET_TYPES

/** The tables as a file. */
export async function sheetOf(tables: readonly Table[], format: SheetFormat): Promise<Buffer> {
  return format === 'csv' ? Buffer.from(csvOf(tables)) : xlsxOf(tables)
}
