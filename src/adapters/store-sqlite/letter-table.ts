/** The dead letters' table, as the storage thread works on it: bounded in number and in bytes, oldest first to go. */
import type { DeadLetter, RefusalCode } from '../../model/errors.ts'
import type { StoredLetter } from '../../model/ports.ts'
import type { Database } from '../sqlite/database.ts'

const DEFAULT_LIMIT = 100
const MOST = 1_000

export interface LetterBounds {
  readonly letters: number
  readonly bytes: number
}

interface Row {
  readonly id: number
  readonly source: string
  readonly topic: string
  readonly at: number
  readonly code: RefusalCode
  readonly detail: string
  readonly replayed: number
  readonly payload: Uint8Array
}

export interface LetterQuery {
  readonly code?: string
  readonly before?: number
  readonly limit?: number
}

export function letterTable(database: Database, bounds: LetterBounds) {
  const insert = database.prepare(
    'INSERT INTO letter (source, topic, at, code, detail, payload) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const count = database.prepare(
    'INSERT INTO letter_count VALUES (?, 1) ON CONFLICT (code) DO UPDATE SET count = count + 1',
  )
  const oldest = database.prepare('SELECT id, length(payload) AS bytes FROM letter ORDER BY id LIMIT 1')
  const remove = database.prepare('DELETE FROM letter WHERE id = ?')
  const mark = database.prepare('UPDATE letter SET replayed = 1 WHERE id = ?')
  const one = database.prepare('SELECT * FROM letter WHERE id = ?')
  const page = database.prepare('SELECT * FROM letter WHERE id < ? ORDER BY id DESC LIMIT ?')
  const pageOfCode = database.prepare('SELECT * FROM letter WHERE code = ? AND id < ? ORDER BY id DESC LIMIT ?')
  const totals = database.prepare('SELECT code, count FROM letter_count ORDER BY code')
  const measure = database.prepare('SELECT count(*) AS letters, coalesce(sum(length(payload)), 0) AS bytes FROM letter')
  let kept = measure.get() as unknown as LetterBounds

  return {
    put(letters: readonly DeadLetter[]): void {
      let { letters: number, bytes } = kept
      database.transaction(() => {
        for (const { source, topic, at, code, detail, payload } of letters) {
          insert.run(source, topic, at, code, detail, payload)
          count.run(code)
          number++
          bytes += payload.length
        }
        while (number > bounds.letters || (bytes > bounds.bytes && number > 1)) {
          const first = oldest.get() as { id: number; bytes: number }
          remove.run(first.id)
          number--
          bytes -= first.bytes
        }
      })
      kept = { letters: number, bytes }
    },
    list({ code, before = Number.MAX_SAFE_INTEGER, limit = DEFAULT_LIMIT }: LetterQuery): readonly StoredLetter[] {
      const most = Math.min(Math.max(1, Math.floor(limit)), MOST)
      const rows = code === undefined ? page.all(before, most) : pageOfCode.all(code, before, most)
      return (rows as unknown as Row[]).map(letterOf)
    },
    get(id: number): StoredLetter | undefined {
      const row = one.get(id) as Row | undefined
      return row && letterOf(row)
    },
    markReplayed(id: number): void {
      mark.run(id)
    },
    counts: () => Object.fromEntries(totals.all().map(({ code, count }) => [code, count])) as Record<string, number>,
  }
}

function letterOf({ id, source, topic, at, code, detail, replayed, payload }: Row): StoredLetter {
  return { id, source, topic, at, code, detail, replayed: replayed === 1, payload }
}
