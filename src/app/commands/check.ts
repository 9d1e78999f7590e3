/** `davy check`: every problem of a configuration at once. */
import { ADAPTERS } from '../../adapters/index.ts'
import { RULES } from '../../rules/index.ts'
import { check } from '../config/check.ts'

export async function checkCommand({ config }: { readonly config: string }): Promise<void> {
  const { text, exitCode } = await check(config, { rules: RULES, adapters: ADAPTERS })
  process.stdout.write(`${text}\n`)
  process.exitCode = exitCode
}
