import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { ForwardSettings } from '../src/adapters/forward/settings.ts'
import { ADAPTERS } from '../src/adapters/index.ts'
import { runCases } from '../src/app/cases.ts'
import { check } from '../src/app/config/check.ts'
import { conform } from '../src/app/config/conform.ts'
import { RULES } from '../src/rules/index.ts'

const fences = async (page: string, info: string) => {
  const text = await readFile(new URL(`./${page}`, import.meta.url), 'utf8')
  const found = [...text.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].filter((fence) => fence[1] === info)
  return found.map((fence) => fence[2]!)
}

test('the cases of docs/cases.md hold', async () => {
  const texts = await fences('cases.md', 'yaml cases')
  expect(texts).toHaveLength(1)
  const reports = runCases({ text: texts[0]!, file: 'docs/cases.md' })
  expect(reports.map(({ report }) => report)).toEqual(['', '', ''])
})

test('the pack of docs/rules.md, and the davy.yaml of docs/operations.md, are without problems', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'davy-examples-'))
  try {
    const write = (name: string, text: string) => writeFile(join(folder, name), text, { flush: true })
    await cp(new URL('../config/sites', import.meta.url), join(folder, 'sites'), { recursive: true })
    await mkdir(join(folder, 'rules'))
    for (const pack of await fences('rules.md', 'yaml pack')) await write('rules/pack.yaml', pack)
    for (const file of ['cert.pem', 'key.pem']) await write(file, '')
    const [settings] = await fences('operations.md', 'yaml')
    await write('davy.yaml', settings!.replaceAll(/\$\{\w+\}/g, 'a-secret'))
    const { text } = await check(folder, { rules: RULES, adapters: ADAPTERS })
    expect(text).toMatch(/0 errors|no problems/)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('the suppression and the duty desks of docs/alarms.md are without problems', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'davy-examples-'))
  try {
    await mkdir(join(folder, 'sites'))
    await mkdir(join(folder, 'rules'))
    const site = 'region: henan/xuchang/yuzhou\npoints: [{ id: t1, kind: gas.ch4, source: gw-1 }]\n'
    await writeFile(join(folder, 'sites/baoyuan.yaml'), site)
    const [suppress] = await fences('alarms.md', 'yaml suppress')
    const rules = 'rules: [{ id: lost, rule: link }, { id: quiet, rule: silent }]\n'
    await writeFile(join(folder, 'rules/pack.yaml'), `regulation: { id: pack }\n${rules}${suppress}`)
    const [duty] = await fences('alarms.md', 'yaml duty')
    await writeFile(join(folder, 'duty.yaml'), duty!)
    const { text } = await check(folder, { rules: RULES, adapters: ADAPTERS })
    expect(text).toContain('no problems')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('the ways up of docs/edge.md are without problems', async () => {
  const items = (await fences('edge.md', 'yaml')).flatMap(
    (text) => (parse(text) as { forward?: object[] }).forward ?? [],
  )
  expect(items).toHaveLength(2)
  for (const item of items) expect(conform(item, ForwardSettings).findings).toEqual([])
})
