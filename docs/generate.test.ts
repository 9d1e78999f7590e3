import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { FAILURES } from './generate/errors.ts'
import { reference } from './generate.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const at = (path: string) => new URL(`../${path}`, import.meta.url)
const tracked = (...patterns: readonly string[]) =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path !== '' && existsSync(at(path)))

let files: Readonly<Record<string, string>>
beforeAll(async () => {
  files = await reference()
})

test('the committed reference is what the code says today: npm run docs', async () => {
  for (const [name, content] of Object.entries(files)) {
    const committed = await readFile(at(`docs/reference/${name}`), 'utf8').catch(() => '')
    expect(committed, `docs/reference/${name}`).toBe(content)
  }
})

test('nothing else stands in the folder of the reference', async () => {
  expect((await readdir(at('docs/reference'))).sort()).toEqual(Object.keys(files).sort())
})

test('the reference tells nothing of the machine or the day it was written on', () => {
  const foreign = /\/(tmp|home|root)\/|node_modules|127\.0\.0\.1:[1-9]\d{4}|\b20(2[6-9]|[3-9]\d)-\d\d-\d\dT(?!08:00:00)/
  for (const [name, content] of Object.entries(files)) {
    const told = content.split('\n').filter((line) => foreign.test(line) && !/2026-05-01|2027-03-31/.test(line))
    expect(told, name).toEqual([])
  }
})

test('every code a DavyError is made with is described, and no other', async () => {
  const found = new Set<string>()
  const made: string[] = []
  for (const path of tracked('src/*.ts').filter((one) => !/\.(test|fixture)\.ts$/.test(one))) {
    const text = await readFile(at(path), 'utf8')
    for (const [, code] of text.matchAll(/(?:new DavyError|super|this\.#error)\(\s*'([a-z-]+)'/g)) found.add(code!)
    if (/new DavyError\(\s*[^'\s]/.test(text)) made.push(path)
  }
  expect([...found].sort(), 'describe it in docs/generate/errors.ts').toEqual(Object.keys(FAILURES).sort())
  // Codes that come in a variable cannot be seen: only what revives a thread's error, and a wrapper with literal callers.
  expect(made.sort()).toEqual(['src/adapters/journal-sqlite/index.ts', 'src/adapters/sqlite/thread.ts'])
})

test('links between the documents lead somewhere', async () => {
  for (const path of tracked('*.md', 'docs/*.md')) {
    const text = (await readFile(at(path), 'utf8')).replaceAll(/^```.*?^```/gms, '')
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue
      const [file, anchor] = target!.split('#') as [string, string?]
      const url = file === '' ? at(path) : new URL(file, at(path))
      expect(existsSync(url), `${path}: ${target}`).toBe(true)
      if (anchor !== undefined) expect(anchors(await readFile(url, 'utf8')), `${path}: ${target}`).toContain(anchor)
    }
  }
})

/** Headings as GitHub links them. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
