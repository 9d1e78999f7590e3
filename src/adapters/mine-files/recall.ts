/** What the last snapshots said, read again from `done/`: after a restart the cards are known as they were. */
import { join } from 'node:path'
import type { AdapterContext } from '../../model/ports.ts'
import { decodeFile } from './decode.ts'
import { type FileName, nameOrder, parseName } from './file-name.ts'
import { listFiles, readContent } from './folder.ts'
import { interpret } from './interpret.ts'
import type { Cards } from './snapshot.ts'
import type { Watched } from './watched.ts'

/** Snapshots of a mine that are read again: a card may be missing from one and be there in the next. */
const SNAPSHOTS = 12

/** Cards by mine code. What is still in the folder is not among them, so it is told when it is read. */
export async function recallCards(
  { folder, mines, dialect, maxSize }: Watched,
  context: AdapterContext,
): Promise<Map<string, Cards>> {
  const shelf = join(folder, 'done')
  const recalled = new Map<string, Cards>()
  const snapshots = (await listFiles(shelf, dialect.extension))
    .map((file) => parseName(file, dialect))
    .filter((name): name is FileName => typeof name !== 'string' && name.type === 'RYSS')
    .sort(nameOrder)
  for (const [mine, { site: id, gate }] of mines) {
    const cards: Cards = new Map()
    recalled.set(mine, cards)
    const site = context.sites?.().get(id)
    if (!site) continue
    for (const name of snapshots.filter((snapshot) => snapshot.mine === mine).slice(-SNAPSHOTS)) {
      const content = await readContent(shelf, { file: name.file, maxSize })
      if (!content || content === 'forbidden') continue
      const file = content.bytes && decodeFile(content.bytes, { name, dialect })
      if (file && !('code' in file)) interpret(file, { site, gate, cards })
    }
  }
  return recalled
}
