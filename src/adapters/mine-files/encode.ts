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
  const marks = new Set([...field, ...record, ...end, '\r', '\n'])
  const columns = columnsOf(type, dialect.layouts)
  const left: { record: number; field: string }[] = []
  let text = header.map((cell) => widen(cell, marks)).join(field) + record
  for (const [i, cells] of records.entries()) {
    const texts = columns.map(({ name }) => cells[name] ?? '')
    const unfit = texts.findIndex((cell) => hasMark(cell, marks))
    if (unfit >= 0 && (marksInText === 'refuse' || columns[unfit]!.form === 'trail')) {
      left.push({ record: i + 1, field: columns[unfit]!.name })
      continue
    }
    text += texts.map((cell) => widen(cell, marks)).join(field) + record
  }
  return { bytes: encodeText(text + end, dialect.encoding), left }
}

function hasMark(cell: string, marks: ReadonlySet<string>): boolean {
  for (const sign of cell) if (marks.has(sign)) return true
  return false
}

/** The full-width form of every mark: a name with ; in it stays readable, and the file stays whole. */
function widen(cell: string, marks: ReadonlySet<string>): string {
  if (!hasMark(cell, marks)) return cell
  let out = ''
  for (const sign of cell) {
    const code = sign.charCodeAt(0)
    // A mark that has no full-width form (a line break, say) becomes a space.
    if (marks.has(sign)) out += code > 0x20 && code < 0x7f ? String.fromCharCode(code + 0xfee0) : '　'
    else out += sign
  }
  return out
}
