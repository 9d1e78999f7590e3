/** `davy discover`: looks at what a source offers and writes a site file to start from; one subcommand an adapter that can tell. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dialectOf, type Preset } from '../../adapters/mine-files/dialect.ts'
import { propose } from '../../adapters/mine-files/discover/propose.ts'
import { survey } from '../../adapters/mine-files/discover/survey.ts'
import { DavyError } from '../../model/errors.ts'

export interface DiscoverFlags {
  /** Id of the site to propose. */
  readonly site: string
  /** Folder to write into; absent: print. */
  readonly output?: string
}

export interface MineFilesFlags extends DiscoverFlags {
  readonly dialect: Preset
  readonly mine?: string
}

/** Throws `nothing-found` where the folder has no file of the mine. */
export async function discoverMineFiles(folder: string, flags: MineFilesFlags): Promise<void> {
  const found = await survey(folder, { dialect: dialectOf({ preset: flags.dialect }), mine: flags.mine }).catch(
    (cause: unknown) => {
      throw nothing(folder, cause instanceof Error ? cause.message : String(cause))
    },
  )
  if (!found) throw nothing(folder, `no ${flags.dialect} file of ${flags.mine ? `mine ${flags.mine}` : 'any mine'}`)
  const { site, people } = propose(found, flags.site)
  if (found.others.length > 0) {
    process.stderr.write(`mine ${found.mine}; --mine names another: ${found.others.join(', ')}\n`)
  }
  await present({ [`${flags.site}.yaml`]: site, [`${flags.site}.people.csv`]: people }, flags)
}

/** Files of `sites/` as they are, or after one another on standard output, each behind its name. Never over a file that is there. */
export async function present(files: Readonly<Record<string, string>>, { output }: DiscoverFlags): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    if (output === undefined) {
      process.stdout.write(`# ---- sites/${name}\n${text}`)
      continue
    }
    await mkdir(join(output, 'sites'), { recursive: true })
    const path = join(output, 'sites', name)
    try {
      await writeFile(path, text, { flag: 'wx' })
    } catch (cause) {
      throw new DavyError('output-unwritable', {
        message: cause instanceof Error ? cause.message : String(cause),
        where: path,
        remedy: 'name another --output folder; what is there is not written over',
        cause,
      })
    }
    process.stdout.write(`${path}\n`)
  }
}

function nothing(where: string, message: string): DavyError {
  return new DavyError('nothing-found', {
    message,
    where,
    remedy: 'name a folder that holds RYXX, RYQY, RYJZ, CDDY, RYSS or CDSS files; --dialect says how they are written',
  })
}
