import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { ADAPTERS } from '../../src/adapters/index.ts'
import { conform } from '../../src/app/config/conform.ts'

interface Example {
  readonly sources?: readonly { readonly name: string; readonly adapter: string }[]
}

const pages = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.md'))

test.each(pages)('the examples of %s are settings the adapter takes', async (page) => {
  const text = readFileSync(`${import.meta.dirname}/${page}`, 'utf8')
  for (const [, yaml] of text.matchAll(/```yaml\n(.*?)```/gs)) {
    for (const { name, adapter, ...given } of (parse(yaml!) as Example).sources ?? []) {
      const found = await ADAPTERS[adapter]!()
      const { value, findings } = conform(given, found.settings)
      expect(findings).toEqual([])
      found.create(value, { name, now: () => 0, log: () => {} })
    }
  }
})
