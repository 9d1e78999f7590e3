/** A process to be killed: appends to the journal it is given and prints each reading's `ref` once it was told that it is durable. */
import { openJournal } from '../../src/adapters/journal-sqlite/index.ts'
import { nth, refOf } from './journal-entries.ts'

const [file, run, mode] = process.argv.slice(2) as [string, string, 'forever' | 'until-refused']
const journal = await openJournal({ file })
let n = 0
let refused: { code?: string } | undefined

await Promise.all(
  Array.from({ length: 20 }, async (_, caller) => {
    while (!refused) {
      const entries = Array.from({ length: 1 + ((caller * 5) % 17) }, () => nth(n++, run))
      try {
        await journal.append(entries)
      } catch (error) {
        refused = error as { code?: string }
        break
      }
      process.stdout.write(entries.map((entry) => `${refOf({ ...entry, offset: 0 })}\n`).join(''))
      if (mode === 'until-refused' && n > 1_000_000) break
    }
  }),
)
// What was refused must not be in the way of what is taken afterwards, once there is room again.
process.stdout.write(`refused ${refused?.code}\n`)
const again = await journal.append([nth(n, `${run}-after`)]).then(
  (offset) => `taken ${offset}`,
  (error: { code?: string }) => `refused ${error.code}`,
)
process.stdout.write(`${again}\nlast ${journal.last()}\n`)
await journal.close()
