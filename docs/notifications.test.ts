/** The davy.yaml of docs/notifications.md are settings that hold for the example installation. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ADAPTERS } from '../src/adapters/index.ts'
import { check } from '../src/app/config/check.ts'
import { RULES } from '../src/rules/index.ts'

test('every davy.yaml of the page is without problems', async () => {
  const text = await readFile(new URL('./notifications.md', import.meta.url), 'utf8')
  const examples = [...text.matchAll(/^```yaml\n(# davy\.yaml\n.*?)^```$/gms)].map((match) => match[1]!)
  expect(examples).toHaveLength(3)
  for (const example of examples) {
    const folder = await mkdtemp(join(tmpdir(), 'davy-notify-docs-'))
    try {
      for (const part of ['sites', 'rules', 'duty.yaml']) {
        await cp(new URL(`../config/${part}`, import.meta.url), join(folder, part), { recursive: true })
      }
      const filled = example.replaceAll(/\$\{(\w+)\}/g, (_, name: string) =>
        name.endsWith('_URL') ? 'https://robot.example/send' : 'a-secret-that-is-long-enough',
      )
      await writeFile(join(folder, 'davy.yaml'), filled)
      const { text: said } = await check(folder, { rules: RULES, adapters: ADAPTERS })
      expect(said.split('\n').filter((line) => line.startsWith('davy.yaml'))).toEqual([])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
})
