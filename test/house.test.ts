/** Keeps the house: who may import whom, how large a room may be, where clocks and chance may stand, and that every rule and adapter is listed. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ADAPTERS } from '../src/adapters/index.ts'
import { RULES } from '../src/rules/index.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const sources = tracked.filter((path) => /^(src|web|simulators)\/.*\.tsx?$/.test(path))
const product = sources.filter((path) => !/\.(test|fixture)\.tsx?$/.test(path))

/** Everything may import `model`; no sibling imports a sibling; only `app` imports everyone. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  ingest: ['model'],
  rules: ['model'],
  alerts: ['model'],
  adapters: ['model'],
  app: ['model', 'ingest', 'rules', 'alerts', 'adapters'],
}

function imports(path: string): string[] {
  const specifiers = [...read(path).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1]!)
  return specifiers.map((specifier) => normalize(join(dirname(path), specifier)))
}

const roomOf = (path: string) => /^src\/([^/]+)\//.exec(path)?.[1]

/** The demo and `davy simulate` play what the tests play. */
const PLAYERS = /^src\/app\/commands\//

test('rooms import only what they may, types included', () => {
  const trespasses = product.flatMap((path) => {
    const room = roomOf(path)
    if (!room) return []
    return imports(path)
      .filter((target) => {
        const other = roomOf(target)
        if (PLAYERS.test(path) && target.startsWith('simulators/')) return false
        return other !== room && (other === undefined || !ROOMS[room]!.includes(other))
      })
      .map((target) => `${path} imports ${target}: ${room} may import ${['itself', ...ROOMS[room]!].join(', ')}`)
  })
  expect(trespasses).toEqual([])
})

test('the page knows the service only by the types of its API', () => {
  const trespasses = product
    .filter((path) => path.startsWith('web/'))
    .flatMap((path) =>
      [...read(path).matchAll(/^import (type )?.*?from '([^']+)'/gms)]
        .filter((match) => normalize(join(dirname(path), match[2]!)).startsWith('src/'))
        .filter((match) => !match[1] || !/src\/app\/api\/schemas/.test(match[2]!))
        .map((match) => `${path}: ${match[2]}`),
    )
  expect(trespasses).toEqual([])
})

test('modules form no cycle within the rooms', () => {
  const graph = new Map(product.filter((path) => path.startsWith('src/')).map((path) => [path, imports(path)]))
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[] = []
  const visit = (path: string, trail: readonly string[]) => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
      return
    }
    state.set(path, 'open')
    // The vocabulary's types refer to each other; that costs nothing at run time and reads better than one big file.
    for (const target of graph.get(path) ?? []) if (!target.startsWith('src/model/')) visit(target, [...trail, path])
    state.set(path, 'done')
  }
  for (const path of graph.keys()) visit(path, [])
  expect(cycles).toEqual([])
})

test('rooms stay small: median at most 100 lines, nine in ten at most 250, none over 400', () => {
  const sizes = product
    .map((path) => ({ path, lines: read(path).split('\n').length - 1 }))
    .sort((a, b) => a.lines - b.lines)
  expect(sizes[Math.floor(sizes.length / 2)]!.lines).toBeLessThanOrEqual(100)
  expect(sizes[Math.floor(sizes.length * 0.9)]!.lines).toBeLessThanOrEqual(250)
  expect(sizes.filter(({ lines }) => lines > 400)).toEqual([])
})

test('no clock and no chance in the fold', () => {
  const ban =
    /\b(Date\.now|Math\.random|performance\.now|setTimeout|setInterval|setImmediate|toLocale\w*|localeCompare|process\.(hrtime|uptime)|randomUUID|randomBytes)\b|new Date\(\)/
  const found = product
    .filter((path) => /^src\/(model|ingest|rules|alerts)\//.test(path))
    .flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, i) =>
          ban.test(line.replace(/\/\/.*|\/?\*.*/, '')) ? [`${path}:${i + 1}: ${line.trim()}`] : [],
        ),
    )
  expect(found, 'time and chance enter through the journal: take `now` as a parameter').toEqual([])
})

test('the system clock is read in app/clock.ts and in adapters only', () => {
  const found = product
    .filter((path) => path.startsWith('src/app/') && path !== 'src/app/clock.ts')
    .flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, i) =>
          /\b(Date\.now|Math\.random|setInterval)\b|new Date\(\)/.test(line.replace(/\/\/.*|\/?\*.*/, ''))
            ? [`${path}:${i + 1}`]
            : [],
        ),
    )
  expect(found).toEqual([])
})

test('every module opens with a sentence', () => {
  expect(product.filter((path) => !/^(#!.*\n)?\/\*\*/.test(read(path)))).toEqual([])
})

test('every rule folder is listed under its own name and has cases and a test', () => {
  const folders = readdirSync(join(ROOT, 'src/rules'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect([...RULES.keys()].sort()).toEqual(folders.map(({ name }) => name).sort())
  for (const [name, rule] of RULES) {
    expect(rule.name).toBe(name)
    for (const file of ['index.ts', 'cases.yaml', 'index.test.ts']) {
      expect(existsSync(join(ROOT, 'src/rules', name, file)), `src/rules/${name}/${file}`).toBe(true)
    }
  }
})

test('every source adapter is listed under its own name and has a page', async () => {
  for (const [name, load] of Object.entries(ADAPTERS)) {
    expect((await load()).name).toBe(name)
    expect(existsSync(join(ROOT, 'docs/adapters', `${name}.md`)), `docs/adapters/${name}.md`).toBe(true)
  }
})

test('the project speaks of itself only', () => {
  const words = /\/work\/|\/farm\/|registry\.npmjs|\bsubagent|\bLLM\b|\bClaude\b|Co-Authored-By/
  const found = tracked
    .filter((path) => !/\.(png|ico|woff2?)$/.test(path) && path !== 'test/house.test.ts')
    .flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, i) => (words.test(line) ? [`${path}:${i + 1}`] : [])),
    )
  expect(found).toEqual([])
})
