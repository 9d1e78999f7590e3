/** Opens what lies in the data folder: journal, store, history, accounts, gaps. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openHistory } from '../adapters/history-sqlite/index.ts'
import { openJournal } from '../adapters/journal-sqlite/index.ts'
import { openStore } from '../adapters/store-sqlite/index.ts'
import { DavyError } from '../model/errors.ts'
import { HOUR } from '../model/time.ts'
import { createAuth } from './auth/auth.ts'
import type { Clock } from './clock.ts'
import type { Settings } from './config/settings-schema.ts'
import { openGaps } from './gaps.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Log } from './log.ts'

/** Side by side: each opens a thread of its own. What was opened is closed by `lifecycle`, also where another of them could not be.
 *  Old history is cut off each hour. Throws `data-unusable` and what the stores throw. */
export async function openData({
  data,
  settings: { storage },
  password,
  clock,
  lifecycle,
  log,
}: {
  readonly data: string
  readonly settings: Pick<Settings, 'storage'>
  /** Of the first run's administrator. */
  readonly password: string | undefined
  readonly clock: Clock
  readonly lifecycle: Pick<Lifecycle, 'onStop'>
  readonly log: Log
}) {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw unable('data-unusable', { where: data, cause, remedy: 'name a folder that the service may make and write' })
  }
  const opened = await Promise.allSettled([
    openJournal({ file: join(data, 'journal.db') }),
    openStore({ file: join(data, 'store.db'), letters: storage.deadLetters.keep }),
    openHistory({ file: join(data, 'history.db') }),
    createAuth({ data, now: () => clock.now(), password }),
  ])
  const [journal, store, history, accounts] = opened.map((each) =>
    each.status === 'fulfilled' ? each.value : undefined,
  ) as Opened
  if (journal) lifecycle.onStop('journal', () => journal.close())
  if (store) lifecycle.onStop('store', () => store.close())
  if (history) lifecycle.onStop('history', () => history.close())
  if (accounts) lifecycle.onStop('accounts', () => accounts.auth.close())
  for (const each of opened) if (each.status === 'rejected') throw each.reason
  const pruning = clock.every(HOUR, () => {
    history.prune(clock.now() - storage.history.keep).catch((error: unknown) => log.error(`history: ${error}`))
  })
  lifecycle.onStop('retention', () => pruning.cancel())
  const gaps = await openGaps({ file: join(data, 'gaps.json'), lost: (reason) => log.warn(`gaps.json: ${reason}`) })
  return { journal, store, history, gaps, ...accounts }
}

/** A failure of one is thrown before the others are used. */
type Opened = [
  Awaited<ReturnType<typeof openJournal>>,
  Awaited<ReturnType<typeof openStore>>,
  Awaited<ReturnType<typeof openHistory>>,
  Awaited<ReturnType<typeof createAuth>>,
]

/** What the system refused at the start, in its words, with where and what to do. */
export function unable(
  code: string,
  { where, cause, remedy }: { where: string; cause: unknown; remedy: string },
): DavyError {
  return new DavyError(code, { message: cause instanceof Error ? cause.message : String(cause), where, cause, remedy })
}
