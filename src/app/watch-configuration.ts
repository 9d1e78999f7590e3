/** Hot reload: watches the configuration's folder and the files it names; a good change comes into force, a broken one is refused and the
 *  old one goes on. */
import { join } from 'node:path'
import { DavyError } from '../model/errors.ts'
import type { Clock } from './clock.ts'
import type { Settings } from './config/settings-schema.ts'
import { type Configuration, loadConfiguration } from './configuration.ts'
import { filesOf } from './fingerprint.ts'
import type { Log } from './log.ts'
import { watchFiles } from './watch-files.ts'

export interface WatchOptions {
  readonly log: Log
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Puts a configuration in force as far as it changed; called also where it did not. */
  readonly apply: (next: Configuration) => Promise<void>
  /** Told what is wrong with the files, a line a problem. */
  readonly refuse: (problems: readonly string[]) => void
  /** In force: names passwords and certificates to be watched beside. */
  readonly settings: Settings
}

/** Quiet after a change before it is read. */
const PAUSE = 200
/** Where the configuration's files are. */
const FOLDERS = ['.', 'sites', 'rules']
/** What is read there; that a folder of it was made is news, too. */
const NAMES = /\.(ya?ml|csv)$|^(sites|rules)$/

/** Resolves when the signal aborts. Also reloads on SIGHUP. */
export async function watchConfiguration(
  dir: string,
  { log, signal, apply, refuse, settings, clock }: WatchOptions,
): Promise<void> {
  let turn: Promise<void> = Promise.resolve()
  let queued = false
  let named = settings

  async function reload(): Promise<void> {
    // Before anything is read: what changes meanwhile is read again.
    watching.watch(placesOf())
    try {
      const next = await loadConfiguration(dir, { warn: (text) => log.warn(text) })
      named = next.settings
      watching.watch(placesOf())
      await apply(next)
    } catch (error) {
      refuse(problemsOf(error))
    }
  }
  const again = () => {
    if (queued || signal.aborted) return
    queued = true
    turn = turn.then(async () => {
      // Editors and copies touch several files: one reload for all of them.
      await clock.wait(PAUSE, signal)
      queued = false
      if (!signal.aborted) await reload()
    })
  }

  const placesOf = () => [...FOLDERS.map((name) => ({ folder: join(dir, name), names: NAMES })), ...filesOf(named)]
  const watching = watchFiles({ changed: again, log })
  watching.watch(placesOf())
  process.on('SIGHUP', again)
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  watching.close()
  process.off('SIGHUP', again)
  await turn
}

/** The problems by themselves where there is a list of them: its head says no more than that. */
function problemsOf(error: unknown): readonly string[] {
  const lines = (error instanceof DavyError ? error.message : String(error)).split('\n')
  return lines.length > 1 ? lines.slice(1) : lines
}
