/** A process to be killed: fills the history it is given, one row an offset, and prints how far it came. */
import { openHistory } from '../../src/adapters/history-sqlite/index.ts'
import { row, START } from './history-rows.ts'

const history = await openHistory({ file: process.argv[2]! })
const points = Array.from({ length: 50 }, (_, i) => ({ siteId: 's', id: `p${i}` }))
for (let offset = 0; ; offset += 10_000) {
  const rows = Array.from({ length: 10_000 }, (_, i) =>
    row({ point: points[(offset + i) % 50]!, ts: START + offset + i, value: i }),
  )
  await history.write(rows, offset + 10_000)
  process.stdout.write(`${offset + 10_000}\n`)
}
