/** Loads a configuration for a command: with every rule and adapter there is, and with problems that end the command. */
import { ADAPTERS } from '../adapters/index.ts'
import { DavyError } from '../model/errors.ts'
import type { Installation } from '../model/site.ts'
import { RULES } from '../rules/index.ts'
import { type Loaded, loadConfig } from './config/load.ts'
import { formatProblems } from './config/problem.ts'

export interface Configuration extends Loaded {
  readonly installation: Installation
}

/** Throws `config-broken` with every problem where there is an error; warnings go to `warn`. `secrets`: whether what davy.yaml takes from
 *  the environment has to be there; who only judges with the rules needs none of it. */
export async function loadConfiguration(
  dir: string,
  { warn, secrets = true }: { warn: (text: string) => void; secrets?: boolean },
): Promise<Configuration> {
  const loaded = await loadConfig(dir, { rules: RULES, adapters: ADAPTERS, secrets })
  const errors = loaded.problems.filter(({ level }) => level === 'error')
  const { installation } = loaded
  if (errors.length > 0 || !installation) {
    throw new DavyError('config-broken', {
      message: `the configuration has ${errors.length} error${errors.length === 1 ? '' : 's'}\n${formatProblems(errors)}`,
      where: dir,
      remedy: '`davy check --config DIR` lists every problem',
    })
  }
  if (loaded.problems.length > 0) warn(formatProblems(loaded.problems))
  return { ...loaded, installation }
}
