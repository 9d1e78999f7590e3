/** The davy.yaml of docs/opcua-server.md are settings that hold for the example installation. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ADAPTERS } from '../src/adapters/index.ts'
import { check } from '../src/app/config/check.ts'
import { RULES } from '../src/rules/index.ts'

test('every davy.yaml of the page is without problems', async () => {
  const text = await readFile(new URL('./opcua-server.md', import.meta.url), 'utf8')
  const examples = [...text.matchAll(/^```yaml\n(# davy\.yaml\n.*?)^```$/gms)].map((match) => match[1]!)
  expect(examples).toHaveLength(2)
  const folder = await mkdtemp(join(tmpdir(), 'davy-opcua-docs-'))
  try {
    for (const part of ['sites', 'rules']) {
      await cp(new URL(`../config/${part}`, import.meta.url), join(folder, part), { recursive: true })
    }
    for (const example of examples) {
      await writeFile(join(folder, 'davy.yaml'), example)
      const { text: said } = await check(folder, { rules: RULES, adapters: ADAPTERS })
      expect(said.split('\n').filter((line) => line.startsWith('davy.yaml'))).toEqual([])
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
