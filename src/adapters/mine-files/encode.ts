/** Headers and records into the bytes of a file: the reverse of decoding, in the same dialects. */
import type { Dialect } from './dialect.ts'
import { encodeText } from './encoding.ts'
import { columnsOf, type FileType } from './layouts.ts'

export interface Written {
  readonly bytes: Uint8Array
  /** Records that the dialect cannot write, by their number from 1, with the field. */
  readonly left: readonly { readonly record: number; readonly field: string }[]
}

export interface ToWrite {
  readonly type: FileType
  /** Mine first, upload time last. */
  readonly header: readonly string[]
  /** Cells by the names of the layout; missing ones are empty. */
  readonly records: readonly Readonly<Record<string, string>>[]
}

/** A record is left out where one of its texts cannot be written; a header is always widened. */
export function encodeFile({ type, header, records }: ToWrite, dialect: Dialect): Written {
  const { field, record, end, marksInText } = dialect
  const mark = anyOf(field + record + end)
  const widen = (cell: string) =>
    mark.test(cell) ? [...cell].map((sign) => (mark.test(sign) ? wide(sign) : sign)).join('') : cell
  const columns = columnsOf(type, dialect.layouts)
  const left: { record: number; field: string }[] = []
  const lines = [header.map(widen).join(field)]
  for (const [i, cells] of records.entries()) {
    const texts = columns.map(({ name }) => cells[name] ?? '')
    const unfit = texts.findIndex((cell) => mark.test(cell))
    if (unfit >= 0 && (marksInText === 'refuse' || columns[unfit]!.form === 'trail')) {
      left.push({ record: i + 1, field: columns[unfit]!.name })
    } else lines.push((unfit >= 0 ? texts.map(widen) : texts).join(field))
  }
  return { bytes: encodeText(`${lines.join(record)}${record}${end}`, dialect.encoding), left }
}

/** Finds any sign of the marks, and line breaks. */
function anyOf(marks: string): RegExp {
  return new RegExp(`[${marks.replace(/[\\\]^-]/g, '\\$&')}\r\n]`)
}

/** The full-width form of a mark: a name with ; in it stays readable, and the file stays whole. What has none (a line break) becomes a space. */
function wide(sign: string): string {
  const code = sign.charCodeAt(0)
  return code > 0x20 && code < 0x7f ? String.fromCharCode(code + 0xfee0) : '　'
}
