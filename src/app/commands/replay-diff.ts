/** `davy replay --diff`: what another configuration would have raised, against what was raised. */
import { join } from 'node:path'
import { openJournalReader } from '../../adapters/journal-sqlite/index.ts'
import type { Installation } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import { RULES } from '../../rules/index.ts'
import { comparisonBody } from '../backtest/body.ts'
import { foldBoth } from '../backtest/both.ts'
import { inWords } from '../backtest/words.ts'
import { compare } from '../backtest.ts'
import { openConfigurations } from '../kept-configurations.ts'
import { progress } from '../progress.ts'
import { zoneOf } from '../wire.ts'

export interface DiffOptions {
  readonly data: string
  /** What is tried. */
  readonly installation: Installation
  readonly from?: Instant | undefined
  readonly to?: Instant | undefined
  readonly json?: boolean | undefined
}

/** The text, or one line of JSON as the API writes it. Throws `configuration-lost`, `data-missing`. */
export async function replayDiff({ data, installation, from, to, json }: DiffOptions): Promise<string> {
  const journal = openJournalReader({ file: join(data, 'journal.db') })
  const report = progress('replayed', journal.last())
  try {
    const end = to ?? (await edgeOf(journal, journal.last()))
    const { was, would } = await foldBoth({
      journal,
      rules: RULES,
      was: openConfigurations({ data, rules: RULES }).load,
      would: async (hash) => ({ ...installation, hash }),
      to: end,
      onProgress: (done) => report.show(done),
    })
    // What the first entries tell of may have happened before the journal began.
    const start = from ?? Math.min(await edgeOf(journal, 1), ...[was[0], would[0]].map((e) => e?.raised ?? end))
    const zone = (site: string) => zoneOf(site, installation)
    const comparison = compare({ was, would, from: start, to: end, zone })
    return json ? `${JSON.stringify(comparisonBody(comparison, { zone }))}\n` : inWords(comparison, { zone })
  } finally {
    report.done(journal.last())
    await journal.close()
  }
}

type Reader = ReturnType<typeof openJournalReader>

/** The arrival of the entry at an offset; 0 in an empty journal. */
async function edgeOf(journal: Reader, offset: number): Promise<Instant> {
  for await (const batch of journal.read(offset)) return batch[0]?.at ?? 0
  return 0
}
