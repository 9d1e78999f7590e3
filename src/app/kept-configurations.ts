/** Configurations that were in force, kept by hash, so that evidence can name them and a tail is judged again as it was. */
import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Rule } from '../model/rule.ts'
import type { Installation } from '../model/site.ts'
import type { ConfigFile } from './config/file.ts'
import { loadConfig } from './config/load.ts'

export interface KeptConfigurations {
  /** Writes the files of sites and rules under `{hash}/`, once. Settings are not kept: they judge nothing and hold secrets. */
  keep(hash: string, files: readonly ConfigFile[]): Promise<void>
  /** What was kept, where it still reads as the same configuration. */
  load(hash: string): Promise<Installation | undefined>
}

/** In a data folder; it has names of people in it, so only the service's user may look. */
export function openConfigurations({
  data,
  rules,
}: {
  data: string
  rules: ReadonlyMap<string, Rule>
}): KeptConfigurations {
  const root = join(data, 'configurations')
  const known = new Map<string, Installation | undefined>()

  return {
    async keep(hash, files) {
      const folder = join(root, hash)
      if (existsSync(folder)) return
      const draft = `${folder}.part`
      await rm(draft, { recursive: true, force: true })
      for (const { path, text } of files) {
        if (path === 'davy.yaml') continue
        const file = join(draft, path)
        await mkdir(dirname(file), { recursive: true, mode: 0o700 })
        await writeFile(file, text, { mode: 0o600, flush: true })
      }
      if (!existsSync(draft)) return
      // Under its own name only once it is whole.
      await rename(draft, folder)
      const handle = await open(root, 'r')
      await handle.sync().finally(() => handle.close())
    },
    async load(hash) {
      if (known.has(hash)) return known.get(hash)
      const folder = join(root, hash)
      let found: Installation | undefined
      if (/^[0-9a-f]{64}$/.test(hash) && existsSync(folder)) {
        const { installation } = await loadConfig(folder, { rules, adapters: {} })
        if (installation?.hash === hash) found = installation
      }
      known.set(hash, found)
      return found
    },
  }
}
