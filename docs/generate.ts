/** Writes the generated reference: `npm run docs`. A test proves that what is committed is what this writes. */
import { mkdir, writeFile } from 'node:fs/promises'
import { configurationReference } from './configuration.ts'

/** Every generated file, by its name under `docs/reference`. */
export async function reference(): Promise<Readonly<Record<string, string>>> {
  return { ...(await configurationReference()) }
}

if (import.meta.main) {
  const folder = new URL('./reference/', import.meta.url)
  await mkdir(folder, { recursive: true })
  for (const [name, content] of Object.entries(await reference())) await writeFile(new URL(name, folder), content)
}
