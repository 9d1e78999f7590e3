/** What was told of an alarm, read from the store's file beside its writer, or without one. */
import { existsSync } from 'node:fs'
import type { Transition } from '../../model/alarm.ts'
import { parseBody } from '../sqlite/damage.ts'
import { openReadOnly } from '../sqlite/database.ts'
import { STORE_VERSION } from './schema.ts'

/** The alarm's transitions in the order in which they were stored; none where there is no store. Throws `data-newer`, `data-foreign`,
 *  `data-damaged`. */
export function readTold({ file, alarm }: { readonly file: string; readonly alarm: string }): readonly Transition[] {
  if (!existsSync(file)) return []
  const database = openReadOnly({ file, kind: 'store', version: STORE_VERSION })
  try {
    const bodies = database.prepare('SELECT body FROM transition WHERE alarm = ? ORDER BY seq').all(alarm)
    return bodies.map(({ body }) => parseBody<Transition>(body as string, { file, kind: 'store' }))
  } catch (error) {
    throw database.named(error)
  } finally {
    database.close()
  }
}
