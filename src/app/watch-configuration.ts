/** Hot reload: watches the configuration's folder; a good change comes into force, a broken one is refused and the old one goes on. */
import { watch } from 'node:fs/promises'
import { DavyError } from '../model/errors.ts'
import type { Clock } from './clock.ts'
import { type Configuration, loadConfiguration } from './configuration.ts'
import type { Log } from './log.ts'

export interface WatchOptions {
  readonly log: Log
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Puts a changed configuration in force. */
  readonly apply: (next: Configuration) => Promise<void>
  /** Hash of the configuration in force. */
  readonly current: string
}

/** Quiet after a change before it is read. */
const PAUSE = 200

/** Resolves when the signal aborts. Also reloads on SIGHUP. */
export async function watchConfiguration(
  dir: string,
  { log, signal, apply, current, clock }: WatchOptions,
): Promise<void> {
  let hash = current
  let turn: Promise<void> = Promise.resolve()
  let queued = false

  async function reload(): Promise<void> {
    try {
      const next = await loadConfiguration(dir, { warn: (text) => log.warn(text) })
      if (next.installation.hash === hash) return
      await apply(next)
      hash = next.installation.hash
      log.info(
        `configuration reloaded: ${next.installation.sites.size} sites, ${next.installation.rules.length} rules`,
        { hash },
      )
    } catch (error) {
      const reason = error instanceof DavyError ? error.message : String(error)
      log.error(`configuration not reloaded, the old one goes on: ${reason}`)
    }
  }
  const again = () => {
    if (queued) return
    queued = true
    turn = turn.then(async () => {
      // Editors and copies touch several files: one reload for all of them.
      await clock.wait(PAUSE)
      queued = false
      await reload()
    })
  }

  process.on('SIGHUP', again)
  try {
    for await (const { filename } of watch(dir, { recursive: true, signal })) {
      if (filename && !/\.(ya?ml|csv)$/.test(filename)) continue
      again()
    }
  } catch (error) {
    if (!signal.aborted)
      log.warn(`changes of the configuration are not watched (send SIGHUP instead): ${String(error)}`)
  } finally {
    process.off('SIGHUP', again)
    await turn
  }
}
