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

/** Files where a `DavyError` gets its code in a variable: by the name of the function that is called with it. */
const WRAPPERS: Readonly<Record<string, RegExp | undefined>> = {
  'src/adapters/journal-sqlite/index.ts': /this\.#error\(\s*'([a-z-]+)'/g,
  // What a thread threw, under the code it was thrown with.
  'src/adapters/sqlite/thread.ts': undefined,
  'src/app/intake/ahead.ts': undefined,
  'src/app/journal-work.ts': undefined,
  // What the system refused at the start.
  'src/app/open-data.ts': undefined,
}

test('every code a DavyError is made with is described, and no other', async () => {
  const found = new Set<string>()
  const wrapping: string[] = []
  for (const path of tracked('src/*.ts').filter((one) => !/\.(test|fixture)\.ts$/.test(one))) {
    const text = await readFile(at(path), 'utf8')
    const made = [/(?:new DavyError|super|unable)\(\s*'([a-z-]+)'/g, WRAPPERS[path]].filter(
      (pattern) => pattern !== undefined,
    )
    for (const [, code] of made.flatMap((pattern) => [...text.matchAll(pattern)])) found.add(code!)
    if (/new DavyError\(\s*[^'\s]/.test(text)) wrapping.push(path)
  }
  expect([...found].sort(), 'describe it in docs/generate/errors.ts').toEqual(Object.keys(FAILURES).sort())
  expect(wrapping.sort(), 'name the wrapper in WRAPPERS').toEqual(Object.keys(WRAPPERS).sort())
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
