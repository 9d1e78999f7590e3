import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { reference } from './generate.ts'

test('the committed reference is what the code says today: npm run docs', async () => {
  for (const [name, content] of Object.entries(await reference())) {
    const committed = await readFile(new URL(`./reference/${name}`, import.meta.url), 'utf8').catch(() => '')
    expect(committed, `docs/reference/${name}`).toBe(content)
  }
})
