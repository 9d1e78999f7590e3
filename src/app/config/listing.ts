/** Which files of a folder are its configuration, and what only looks as if it were. */
import { readdir } from 'node:fs/promises'
import { posix } from 'node:path'
import { reasonOf } from './file.ts'
import { nearest } from './nearest.ts'
import { compare, type Problems, startOf } from './problem.ts'

/** Paths relative to the folder, with forward slashes, in order. */
export interface Listing {
  readonly sites: readonly string[]
  readonly rules: readonly string[]
  readonly settings?: string
  readonly duty?: string
  /** What should have been read and was not, files or whole folders: what they declare is not known. */
  readonly unread: readonly string[]
}

/** Names that somebody meant to be read: an ending of another system, or one that an editor has put behind it. */
const MISNAMED = /\.(yml|ya?ml\.txt)$/i

interface Entry {
  readonly path: string
  readonly folder: boolean
}

export async function listFolder(dir: string, problems: Problems): Promise<Listing> {
  const unread: string[] = []
  const entries = async (path: string): Promise<readonly Entry[] | undefined> => {
    try {
      return (await readdir(posix.join(dir, path), { withFileTypes: true }))
        .map((entry) => ({ path: posix.join(path, entry.name), folder: entry.isDirectory() }))
        .sort((a, b) => compare(a.path, b.path))
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      unread.push(path)
      if (code !== 'ENOENT') problems.error(startOf(path || '.'), `the folder cannot be read: ${reasonOf(cause)}`)
      return undefined
    }
  }
  const root = await entries('')
  if (!root) {
    problems.error(startOf('.'), 'there is no such folder')
    return { sites: [], rules: [], unread }
  }
  const folders = root.filter(({ folder }) => folder).map(({ path }) => path)
  const sites = await entries('sites')
  const rules = await entries('rules')
  const yamls = (found: readonly Entry[] = []) =>
    found
      .filter(({ path, folder }) => !folder && path.endsWith('.yaml') && !path.endsWith('.cases.yaml'))
      .map(({ path }) => path)
  const own = root.filter(({ path }) => ['davy', 'duty'].includes(path.replace(MISNAMED, '')))
  for (const { path, folder } of [...(sites ?? []), ...(rules ?? []), ...own]) {
    const right = path.replace(MISNAMED, '.yaml')
    if (folder || right === path || right.endsWith('.cases.yaml')) continue
    problems.error(startOf(path), `only files named *.yaml are read: rename it to ${posix.basename(right)}`)
    unread.push(path)
  }
  const listing = { sites: yamls(sites), rules: yamls(rules) }
  for (const kind of ['sites', 'rules'] as const) {
    if (listing[kind].length > 0 || unread.some((path) => path.startsWith(`${kind}/`))) continue
    unread.push(kind)
    const found = folders.includes(kind) ? undefined : nearest(kind, folders)
    const rename = found === undefined ? '' : `, or rename the folder "${found}" to "${kind}"`
    if (kind === 'sites') problems.error(startOf(kind), `there is no site: declare one in sites/its-id.yaml${rename}`)
    else problems.warn(startOf(kind), `there are no rules, so nothing will be judged: put a pack into rules/${rename}`)
  }
  const file = (name: string) => root.find(({ path, folder }) => path === name && !folder)?.path
  const [settings, duty] = [file('davy.yaml'), file('duty.yaml')]
  return { ...listing, ...(settings && { settings }), ...(duty && { duty }), unread: [...new Set(unread)] }
}
