/** Both journals against the one suite. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMemoryJournal } from '../../src/adapters/journal-memory/index.ts'
import { openJournal } from '../../src/adapters/journal-sqlite/index.ts'
import { journalConformance } from './journal.ts'

journalConformance({ name: 'memory', open: async () => openMemoryJournal(), dispose: async () => {} })

let folder = ''
journalConformance({
  name: 'sqlite',
  open: async () => {
    folder = await mkdtemp(join(tmpdir(), 'davy-journal-'))
    return openJournal({ file: join(folder, 'data', 'journal.db') })
  },
  dispose: () => rm(folder, { recursive: true }),
})
