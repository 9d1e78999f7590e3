/** The snapshots' table, as the storage thread works on it: the last two, compressed, each with its checksum. */
import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Offset } from '../../model/entry.ts'
import type { Database } from '../sqlite/database.ts'

const KEPT = 2
/** Fast: a snapshot is written every few seconds and read once in a life. */
const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** A snapshot whose state is JSON text. */
export interface SnapshotText {
  readonly offset: Offset
  readonly hash: string
  readonly state: string
}

export function snapshotTable(database: Database) {
  const insert = database.prepare('INSERT INTO snapshot (upto, hash, crc, body) VALUES (?, ?, ?, ?)')
  const trim = database.prepare(
    `DELETE FROM snapshot WHERE id NOT IN (SELECT id FROM snapshot ORDER BY id DESC LIMIT ${KEPT})`,
  )
  const newest = database.prepare('SELECT id, upto, hash, crc, body FROM snapshot ORDER BY id DESC')

  return {
    save({ offset, hash, state }: SnapshotText): void {
      const text = Buffer.from(state)
      const body = zstdCompressSync(text, LEVEL)
      database.transaction(() => {
        insert.run(offset, hash, checksum({ offset, hash, text }), body)
        trim.run()
      })
    },
    /** The newest that is whole, and what was wrong with newer ones. */
    latest(): { found?: SnapshotText; damage: readonly string[] } {
      const damage: string[] = []
      for (const { upto, hash, crc, body } of newest.iterate() as Iterable<Record<string, unknown>>) {
        const offset = upto as Offset
        try {
          const text = zstdDecompressSync(body as Uint8Array)
          if (checksum({ offset, hash: hash as string, text }) !== crc) throw new Error('its checksum does not fit')
          return { found: { offset, hash: hash as string, state: text.toString() }, damage }
        } catch (cause) {
          damage.push(`the snapshot after entry ${offset} is damaged: ${(cause as Error).message}`)
        }
      }
      return { damage }
    },
  }
}

function checksum({ offset, hash, text }: { offset: Offset; hash: string; text: Uint8Array }): number {
  return crc32(text, crc32(`${offset} ${hash} `))
}
