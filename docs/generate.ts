/** Writes the generated reference: `npm run docs`. A test proves that what is committed is what this writes. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { adaptersReference } from './generate/adapters.ts'
import { apiReference } from './generate/api.ts'
import { casesReference } from './generate/cases.ts'
import { channelsReference } from './generate/channels.ts'
import { cliReference } from './generate/cli.ts'
import { configurationReference } from './generate/configuration.ts'
import { errorsReference } from './generate/errors.ts'
import { readingsReference } from './generate/readings.ts'
import { rulesReference } from './generate/rules.ts'
import { scenariosReference } from './generate/scenarios.ts'
import { transitionsReference } from './generate/transitions.ts'

/** Every generated file, by its name under `docs/reference`. */
export async function reference(): Promise<Readonly<Record<string, string>>> {
  return {
    ...configurationReference(),
    ...(await rulesReference()),
    ...casesReference(),
    ...(await adaptersReference()),
    ...(await channelsReference()),
    ...readingsReference(),
    ...scenariosReference(),
    ...transitionsReference(),
    ...errorsReference(),
    ...(await cliReference()),
    ...(await apiReference()),
  }
}

if (import.meta.main) {
  const folder = new URL('./reference/', import.meta.url)
  const files = await reference()
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) if (!(name in files)) await rm(new URL(name, folder))
  for (const [name, content] of Object.entries(files)) await writeFile(new URL(name, folder), content)
}
