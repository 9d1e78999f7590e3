/** Watches files for changes, by their folders: an editor, or a tool that renews certificates, puts another file in a file's place. */
import { type FSWatcher, statSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Log } from './log.ts'

/** A file by its path, or every file of a folder whose name fits. */
export type Watched = string | { readonly folder: string; readonly names: RegExp }

export interface FileWatch {
  /** Watches these from now on, and no others. What is not there yet is watched for once its folder is; a folder that was put in the
   *  place of another is watched from the next call on. */
  watch(files: readonly Watched[]): void
  close(): void
}

/** Names of the links by which a container's volumes are switched: behind them every file is another. */
const SWITCH = /^\.\./

/** `changed` is told of anything that may be a change. */
export function watchFiles({ changed, log }: { changed: () => void; log: Pick<Log, 'warn'> }): FileWatch {
  const watchers = new Map<string, { readonly watcher: FSWatcher; readonly identity: string }>()
  let wanted = new Map<string, Wanted>()

  function open(folder: string, identity: string): void {
    try {
      // Folder by folder: a recursive watch loses sight of a file once an editor has put another in its place.
      const watcher = watch(folder, (_event, name) => {
        if (!name || wanted.get(folder)?.(name)) changed()
      })
      watcher.on('error', (error) => log.warn(unwatched(error)))
      watchers.set(folder, { watcher, identity })
    } catch (error) {
      log.warn(unwatched(error))
    }
  }

  return {
    watch(files) {
      wanted = byFolder(files)
      for (const [folder, { watcher, identity }] of watchers) {
        if (wanted.has(folder) && identityOf(folder) === identity) continue
        watcher.close()
        watchers.delete(folder)
      }
      for (const folder of wanted.keys()) {
        const identity = identityOf(folder)
        if (identity !== undefined && !watchers.has(folder)) open(folder, identity)
      }
    },
    close() {
      for (const { watcher } of watchers.values()) watcher.close()
      watchers.clear()
    },
  }
}

/** Whether a name in a folder is one that is watched. */
type Wanted = (name: string) => boolean

function byFolder(files: readonly Watched[]): Map<string, Wanted> {
  const folders = new Map<string, Wanted>()
  for (const file of files) {
    const folder = typeof file === 'string' ? dirname(file) : file.folder
    const fits: Wanted =
      typeof file === 'string'
        ? (name) => name === basename(file) || SWITCH.test(name)
        : (name) => file.names.test(name)
    const before = folders.get(folder)
    folders.set(folder, before ? (name) => before(name) || fits(name) : fits)
  }
  return folders
}

/** Whether a folder is still the same: what is watched is the folder, not its name. `undefined` where it cannot be seen. */
function identityOf(folder: string): string | undefined {
  try {
    const { dev, ino } = statSync(folder)
    return `${dev} ${ino}`
  } catch {
    return undefined
  }
}

function unwatched(error: unknown): string {
  return `changes of the configuration are not watched (send SIGHUP instead): ${String(error)}`
}
