/** People and their cards from a CSV file: one row a card, a person may hold several. */
import { type CsvError, parse } from 'csv-parse/sync'
import type { Person } from '../../model/site.ts'
import type { ConfigFile } from './file.ts'
import { didYouMean, nearest } from './nearest.ts'
import type { Problems } from './problem.ts'

/** The columns a file of people may have, in the order a new file would. */
export const COLUMNS = ['person', 'card', 'name', 'role', 'team', 'certificate', 'expires'] as const
type Column = (typeof COLUMNS)[number]
type Row = Readonly<Partial<Record<Column, string>>>

/** Who works at a site, and on which cards. */
export interface People {
  readonly people: ReadonlyMap<string, Person>
  /** Card number → its holder. */
  readonly cards: ReadonlyMap<string, Person>
  /** Ids of persons whose rows are wrong: who names them is not at fault. */
  readonly spoilt: ReadonlySet<string>
  /** False where the file, or a row, cannot be read at all: it may declare anybody. */
  readonly whole: boolean
}

/** Nobody is declared. */
export const NOBODY: People = { people: new Map(), cards: new Map(), spoilt: new Set(), whole: true }

/** Rows that cannot be read are left out, each with its line. Persons keep the order of their first row. */
export function parsePeople(source: ConfigFile, problems: Problems): People {
  const file = source.path
  const place = (line: number) => ({ file, line, column: 1 })
  const people = new Map<string, Person & { readonly cards: string[] }>()
  const firstLine = new Map<string, number>()
  const cards = new Map<string, Person>()
  const cardLine = new Map<string, number>()
  const spoilt = new Set<string>()
  const before = problems.errors()
  const [header, ...rows] = records(source, problems)
  const whole = problems.errors() === before
  if (!header) {
    if (whole) problems.error(place(1), `the file is empty; ${FIRST_ROW}`)
    return { ...NOBODY, whole: false }
  }
  const columns = header.cells.map((cell) => cell.toLowerCase())
  const strange = columns.filter((name) => !(COLUMNS as readonly string[]).includes(name))
  if (!columns.includes('person') && !strange.some((name) => nearest(name, COLUMNS) === 'person')) {
    problems.error(place(header.line), noPerson(columns))
    return { ...NOBODY, whole: false }
  }
  for (const name of strange) {
    problems.error(place(header.line), `unknown column "${name}"${didYouMean(name, COLUMNS) || `; ${FIRST_ROW}`}`)
  }
  if (!columns.includes('person')) return { ...NOBODY, whole: false }
  for (const { cells, line } of rows) {
    if (cells.length !== columns.length) {
      problems.error(place(line), `the row has ${cells.length} values for ${columns.length} columns`)
      spoilt.add(cells[columns.indexOf('person')] ?? '')
      continue
    }
    const row: Row = Object.fromEntries(columns.map((name, i) => [name, cells[i]]).filter(([, cell]) => cell !== ''))
    const { person: id, card } = row
    if (id === undefined) {
      problems.error(place(line), 'the row has no person')
      continue
    }
    if (row.expires !== undefined && !isDay(row.expires)) {
      problems.error(place(line), `expires must be a day such as 2027-03-31, found "${row.expires}"`)
      spoilt.add(id)
    }
    let person = people.get(id)
    if (!person) {
      person = personOf(id, row)
      if (!spoilt.has(id)) people.set(id, person)
      firstLine.set(id, line)
    } else {
      const differs = COLUMNS.find(
        (name) => name !== 'person' && name !== 'card' && row[name] !== undefined && row[name] !== person?.[name],
      )
      if (differs) {
        problems.error(place(line), `person "${id}" has another ${differs} than on line ${firstLine.get(id)}`)
        continue
      }
    }
    if (card === undefined) continue
    const holder = cards.get(card)
    if (holder === person) {
      problems.warn(place(line), `card "${card}" of "${id}" is already on line ${cardLine.get(card)}`)
    } else if (holder) {
      problems.error(
        place(line),
        `card "${card}" is held by two persons: "${holder.id}" on line ${cardLine.get(card)} and "${id}" on line ${line}`,
      )
    } else {
      cards.set(card, person)
      cardLine.set(card, line)
      person.cards.push(card)
    }
  }
  return { people, cards, spoilt, whole }
}

const FIRST_ROW = `the first row names the columns: ${COLUMNS.join(',')}`

/** Spreadsheets of some countries part the values by other signs than commas. */
function noPerson(columns: readonly string[]): string {
  const sign = columns.length === 1 ? [';', '\t', '，'].find((each) => columns[0]!.includes(each)) : undefined
  const found = columns.map((name) => `"${name}"`).join(', ')
  if (sign === undefined) return `there is no column "person" among ${found}; ${FIRST_ROW}`
  return `values are parted by commas, not by "${sign === '\t' ? 'a tab' : sign}": save the file as CSV with commas`
}

function records({ path: file, text }: ConfigFile, problems: Problems): { cells: string[]; line: number }[] {
  const bad = (error: CsvError | undefined): undefined => {
    const { code = '', message = '', lines = 1 } = (error ?? {}) as Partial<CsvError & { lines: number }>
    problems.error({ file, line: lines, column: 1 }, `the row cannot be read: ${WORDS[code] ?? message}`)
  }
  try {
    const rows = parse(text, {
      bom: true,
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      skip_records_with_error: true,
      on_skip: bad,
    }) as unknown as { record: string[]; info: { lines: number } }[]
    // Spreadsheets leave rows of commas behind the data.
    return rows
      .filter(({ record }) => record.some((cell) => cell !== ''))
      .map(({ record, info }) => ({ cells: record, line: info.lines }))
  } catch (cause) {
    bad(cause as CsvError)
    return []
  }
}

const WORDS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark is opened and never closed',
  INVALID_OPENING_QUOTE: 'a quotation mark stands inside a value; double it and quote the whole value',
  CSV_INVALID_CLOSING_QUOTE: 'there is text behind a closing quotation mark',
}

function personOf(id: string, row: Row): Person & { readonly cards: string[] } {
  return {
    id,
    name: row.name ?? id,
    ...(row.role !== undefined && { role: row.role }),
    ...(row.team !== undefined && { team: row.team }),
    ...(row.certificate !== undefined && { certificate: row.certificate }),
    ...(row.expires !== undefined && { expires: row.expires }),
    cards: [],
  }
}

/** A real day of the calendar, `YYYY-MM-DD`. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const instant = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text)
}
