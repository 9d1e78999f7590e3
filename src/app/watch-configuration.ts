/** Hot reload: watches the configuration's folder; a good change comes into force, a broken one is refused and the old one goes on. */
import { existsSync, type FSWatcher, watch } from 'node:fs'
import { join } from 'node:path'
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
/** Where the configuration's files are. */
const FOLDERS = ['.', 'sites', 'rules']

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

  const watchers: FSWatcher[] = []
  process.on('SIGHUP', again)
  try {
    // Folder by folder: a recursive watch loses sight of a file once an editor has put another in its place.
    for (const folder of FOLDERS.map((name) => join(dir, name)).filter((path) => existsSync(path))) {
      const watcher = watch(folder, (_event, filename) => {
        if (!filename || /\.(ya?ml|csv)$/.test(filename)) again()
      })
      watchers.push(watcher.on('error', (error) => log.warn(unwatched(error))))
    }
  } catch (error) {
    log.warn(unwatched(error))
  }
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  for (const watcher of watchers) watcher.close()
  process.off('SIGHUP', again)
  await turn
}

function unwatched(error: unknown): string {
  return `changes of the configuration are not watched (send SIGHUP instead): ${String(error)}`
}
