/** Dialects (方言) of the mines' text files: one grammar, whose marks differ from province to province and from maker to maker. */

/** How the files of one sender are written. */
export interface Dialect {
  /** Between two fields. */
  readonly field: string
  /** After the header and after every record. */
  readonly record: string
  /** After the last record: a file without it is not complete. */
  readonly end: string
  /** Before the type in file names: `N` in `…_NRYSS_…`. */
  readonly prefix: string
  /** Digits of a mine's code (煤矿编码). */
  readonly mineDigits: number
  /** Of file names, with its dot; its case is ours when we write and does not matter when we read. */
  readonly extension: string
  readonly encoding: 'auto' | 'utf-8' | 'gb18030'
  /** Line breaks between records: `ignore` drops them, `refuse` refuses the file. */
  readonly lineBreaks: 'ignore' | 'refuse'
  /** Written texts that hold one of the marks: `widen` writes the full-width sign (； for ;), `refuse` leaves the record out. */
  readonly marksInText: 'widen' | 'refuse'
  /** Other orders of fields, by type; `-` is a field that is not read. */
  readonly layouts: Readonly<Record<string, readonly string[]>>
}

const NATIONAL: Dialect = {
  field: ';',
  record: '~',
  end: '||',
  prefix: '',
  mineDigits: 12,
  extension: '.txt',
  encoding: 'auto',
  lineBreaks: 'refuse',
  marksInText: 'widen',
  layouts: {},
}

/** What is met in the field; a setting of one's own goes over it. The two variants are from second-hand sources, not from a text of a standard. */
export const PRESETS = {
  national: NATIONAL,
  'inner-mongolia': { ...NATIONAL, prefix: 'N', record: '^', end: ']]]', mineDigits: 20 },
  kj1031x: { ...NATIONAL, record: '~\r\n', extension: '.TXT', lineBreaks: 'ignore' },
} as const satisfies Record<string, Dialect>

export type Preset = keyof typeof PRESETS

/** A preset with a sender's own marks over it. */
export function dialectOf({ preset = 'national', ...own }: { readonly preset?: Preset } & Partial<Dialect>): Dialect {
  return { ...PRESETS[preset], ...own }
}
