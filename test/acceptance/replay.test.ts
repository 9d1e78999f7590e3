/** `davy replay` as a command: the same bytes, the form of what it prints, its exit codes and its words. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { davy, house, type Told } from './house-rig.ts'

const rented = house({
  'sites/mine.yaml': {
    site: 'mine',
    areas: [
      { id: 'underground', kind: 'underground' },
      { id: 'face', kind: 'coal-face', in: 'underground' },
    ],
    points: [
      { id: 'face/t1', kind: 'gas.ch4', unit: '%', area: 'face', range: [0, 10], silentAfter: '5m' },
      { id: 'r/1', kind: 'card.reader', area: 'face' },
    ],
  },
  'rules/plan.yaml': {
    regulation: { id: 'plan', title: 'A plan' },
    rules: [
      { id: 'crew/face', rule: 'over-crew', clause: '27', match: { kind: 'coal-face' }, limit: 2 },
      { id: 'ch4', rule: 'limit', clause: '3.1', levels: [{ name: 'cut', high: 1, severity: 'critical' }] },
      { id: 'quiet', rule: 'silent' },
    ],
  },
})
afterAll(() => rented.remove())

const at = (seconds: number) => new Date(Date.UTC(2026, 4, 1) + seconds * 1000).toISOString()
const lines = [
  ...['a', 'b', 'c'].map((card, i) => ({ site: 'mine', point: 'r/1', ts: at(i), value: { card }, ref: `r-${i}` })),
  ...Array.from({ length: 60 }, (_, i) => ({
    site: 'mine',
    point: 'face/t1',
    ts: at(i * 7),
    value: i % 9 === 0 ? 1.5 : 0.2,
  })),
  { command: 'ack', alarm: 'mine/crew/face/face', by: 'wang', ts: at(450) },
].sort((a, b) => (a.ts < b.ts ? -1 : 1))
const jsonl = (items: readonly object[]) => items.map((item) => `${JSON.stringify(item)}\n`).join('')
const file = join(rented.dir, 'day.jsonl')
writeFileSync(file, jsonl(lines))
const replay = (...more: string[]) => davy(['replay', '--config', rented.config, '--until', at(3600), ...more])
const read = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told)

test.concurrent('the same input gives the same bytes, from a file, from standard input, into a file', async () => {
  const output = join(rented.dir, 'out.jsonl')
  const [first, second, piped] = await Promise.all([
    replay('--input', file),
    replay('--input', file, '--output', output),
    davy(['replay', '--config', rented.config, '--until', at(3600), '--input', '-'], jsonl(lines)),
  ])
  expect([first.code, second.code, piped.code]).toEqual([0, 0, 0])
  expect(first.out.split('\n').length).toBeGreaterThan(10)
  expect(readFileSync(output, 'utf8')).toBe(first.out)
  expect(second.out).toBe('')
  expect(piped.out).toBe(first.out)
})

test.concurrent('every line doubled, commands included, gives the same bytes', async () => {
  const twice = join(rented.dir, 'twice.jsonl')
  writeFileSync(twice, jsonl(lines.flatMap((line) => [line, line])))
  const [once, doubled] = await Promise.all([replay('--input', file), replay('--input', twice)])
  expect(doubled.out).toBe(once.out)
  expect(doubled.code).toBe(0)
})

test.concurrent('the whole input sent a second time gives the same bytes', async () => {
  const readings = lines.filter((line) => 'site' in line)
  const [once, again] = await Promise.all(
    [readings, [...readings, ...readings]].map((input) =>
      davy(['replay', '--config', rented.config, '--until', at(3600), '--input', '-'], jsonl(input)),
    ),
  )
  expect(again!.out).toBe(once!.out)
})

test.concurrent('line ends, blank lines, a byte order mark and the order of keys mean nothing', async () => {
  const written = `\uFEFF${lines.map((line) => `${JSON.stringify(Object.fromEntries(Object.entries(line).reverse()))}\r\n`).join('\r\n')}`
  const [plain, odd] = await Promise.all([
    replay('--input', file),
    davy(['replay', '--config', rented.config, '--until', at(3600), '--input', '-'], written.trimEnd()),
  ])
  expect(odd).toEqual(plain)
})

test.concurrent('what falls due in the very instant of the last line is judged', async () => {
  const sighting = (card: string, seconds: number) => ({ site: 'mine', point: 'r/1', ts: at(seconds), value: { card } })
  const three = ['a', 'b', 'c'].map((card) => sighting(card, 0))
  const ends = [59, 60].map(async (last) => {
    const input = jsonl([...three, sighting('a', last)])
    return (await davy(['replay', '--config', rented.config, '--input', '-'], input)).out
  })
  const [before, then] = await Promise.all(ends)
  expect(before).toBe('')
  expect(read(then!)).toMatchObject([{ key: 'face', cause: 'raised', at: '2026-05-01T08:01:00.000+08:00' }])
})

test.concurrent('a transition has the form of section 7', async () => {
  const told = read((await replay('--input', file)).out)
  const crew = told.filter(({ key }) => key === 'face')
  const { text, evidence, ...raised } = crew[0]!
  expect(raised).toEqual({
    id: 'mine/crew/face/face/1.1',
    alarm: 'mine/crew/face/face',
    episode: 1,
    revision: 1,
    at: '2026-05-01T08:01:02.000+08:00',
    since: '2026-05-01T08:00:02.000+08:00',
    received: expect.any(String),
    site: 'mine',
    rule: 'over-crew',
    instance: 'crew/face',
    clause: 'plan/27',
    key: 'face',
    from: 'normal',
    to: 'unacked',
    cause: 'raised',
    severity: 'major',
    value: 3,
    limit: 2,
  })
  expect([text.zh.length > 0, text.en.length > 0]).toEqual([true, true])
  expect(evidence.length).toBeGreaterThan(0)
  expect(evidence.find(({ ref }) => ref === 'r-2')).toEqual({
    point: 'r/1',
    ts: '2026-05-01T08:00:02.000+08:00',
    value: { card: 'c' },
    ref: 'r-2',
  })
  expect(crew.find(({ cause }) => cause === 'acked')).toMatchObject({ id: 'mine/crew/face/face/1.2', by: 'wang' })
  expect(told.find(({ instance }) => instance === 'ch4')).toMatchObject({ clause: 'plan/3.1', key: 'face/t1:cut' })
  expect(told.find(({ instance }) => instance === 'quiet')).not.toHaveProperty('clause')
})

test.concurrent('ids are told once, and revisions count up within an episode', async () => {
  const told = read((await replay('--input', file)).out)
  expect(new Set(told.map(({ id }) => id)).size).toBe(told.length)
  for (const [alarm, own] of Map.groupBy(told, (t) => t.alarm)) {
    const steps = own.map(({ episode, revision }) => `${episode}.${revision}`)
    expect(steps, alarm).toEqual(own.map(({ id }) => id.slice(alarm.length + 1)))
    for (const [i, { episode, revision, cause, from }] of own.entries()) {
      const before = own[i - 1]
      expect(from, alarm).toBe(before?.to ?? 'normal')
      expect([episode, revision], alarm).toEqual(
        cause === 'raised' ? [(before?.episode ?? 0) + 1, 1] : [before!.episode, before!.revision + 1],
      )
    }
  }
})

test.concurrent('a malformed line is named with file, line and reason; the others are judged; the exit code is 1', async () => {
  const broken = join(rented.dir, 'broken.jsonl')
  const [first, ...rest] = lines.map((line) => JSON.stringify(line))
  writeFileSync(broken, [first, '{"site":', '[1]', 'null', ...rest, ''].join('\n'))
  const [clean, ended] = await Promise.all([replay('--input', file), replay('--input', broken)])
  expect(ended.code).toBe(1)
  for (const line of [2, 3, 4]) expect(ended.err).toContain(`${broken}:${line}: `)
  expect(ended.err.trim().split('\n')).toHaveLength(3)
  expect(ended.out).toBe(clean.out)
})

const refused: readonly (readonly [string, object, RegExp])[] = [
  ['an unknown site', { site: 'mars', point: 'face/t1', ts: at(0), value: 2 }, /site/],
  ['an undeclared point', { site: 'mine', point: 'face/t9', ts: at(0), value: 2 }, /point/],
  ['a wrong type', { site: 'mine', point: 'face/t1', ts: at(0), value: { a: 1 } }, /value/],
  ['a number for a card', { site: 'mine', point: 'r/1', ts: at(0), value: 7 }, /value/],
  ['a local time', { site: 'mine', point: 'face/t1', ts: '2026-05-01T08:00:00', value: 2 }, /ts/],
  ['1970', { site: 'mine', point: 'face/t1', ts: 0, value: 2 }, /ts/],
  ['9999', { site: 'mine', point: 'face/t1', ts: '9999-12-31T23:59:59Z', value: 2 }, /ts/],
  ['a quality of its own', { site: 'mine', point: 'face/t1', ts: at(0), value: 2, quality: 'fine' }, /quality/],
]
test.concurrent('what is no reading of the installation is told by line and reason, and judged by no rule', async () => {
  const input = jsonl(refused.map(([, line]) => line))
  const { out, err } = await davy(['replay', '--config', rented.config, '--input', '-'], input)
  expect(out).toBe('')
  const told = err.trim().split('\n')
  expect(told).toHaveLength(refused.length)
  for (const [i, [name, , reason]] of refused.entries()) {
    expect(told[i], name).toMatch(new RegExp(`^standard input:${i + 1}: `))
    expect(told[i], name).toMatch(reason)
  }
})

const usage: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['an unknown flag', ['replay', '--config', rented.config, '--inptu', file], /--inptu/],
  ['no configuration', ['replay', '--input', file], /--config/],
  ['no input', ['replay', '--config', rented.config], /--input/],
  [
    'a window of a journal that is not asked',
    ['replay', '--config', rented.config, '--input', file, '--to', at(9)],
    /--to/,
  ],
  ['an end for a journal', ['replay', '--config', rented.config, '--data', rented.data, '--until', at(9)], /--until/],
  ['an unknown command', ['rewind'], /rewind/],
  ['a time that is none', ['replay', '--config', rented.config, '--input', file, '--until', 'noon'], /--until/],
  ['a port that is none', ['start', '--config', rented.config, '--data', rented.data, '--port', '70000'], /70000/],
]
for (const [name, args, words] of usage) {
  test.concurrent(`bad usage exits 2 with one line: ${name}`, async () => {
    const { code, out, err } = await davy(args)
    expect({ code, out }, err).toEqual({ code: 2, out: '' })
    expect(err.trimEnd().split('\n'), err).toHaveLength(1)
    expect(err).toMatch(words)
  })
}

const unreadable: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['a file that is not there', ['replay', '--config', rented.config, '--input', '/nowhere.jsonl'], /\/nowhere\.jsonl/],
  ['a folder for a file', ['replay', '--config', rented.config, '--input', rented.dir], new RegExp(rented.dir)],
  ['a configuration that is not there', ['replay', '--config', '/nowhere', '--input', file], /\/nowhere/],
  [
    'an output that cannot be',
    ['replay', '--config', rented.config, '--input', file, '--output', '/nowhere/out'],
    /\/nowhere\/out/,
  ],
]
for (const [name, args, words] of unreadable) {
  test.concurrent(`bad input exits 1 and says what: ${name}`, async () => {
    const { code, err } = await davy(args)
    expect(code, err).toBe(1)
    expect(err).toMatch(words)
    expect(err, 'a stack is no message').not.toMatch(/^\s+at /m)
  })
}

test.concurrent('a broken configuration exits 1 with every problem as file:line:column', async () => {
  const dir = join(rented.dir, 'broken')
  mkdirSync(join(dir, 'sites'), { recursive: true })
  writeFileSync(join(dir, 'sites', 'm.yaml'), 'site: m\nkinds: works\npoints:\n  - { id: p, kind: gas.ch5 }\n')
  const [checked, replayed] = await Promise.all([
    davy(['check', '--config', dir]),
    davy(['replay', '--config', dir, '--input', file]),
  ])
  expect([checked.code, replayed.code]).toEqual([1, 1])
  for (const place of [/sites\/m\.yaml:2:1: .*kinds/, /sites\/m\.yaml:4:\d+: .*gas\.ch5/]) {
    expect(checked.out + checked.err).toMatch(place)
    expect(replayed.err).toMatch(place)
  }
})

test.concurrent('every command has --help', async () => {
  const commands = ['demo', 'start', 'simulate', 'replay', 'check', 'test']
  const helps = await Promise.all(commands.map((command) => davy([command, '--help'])))
  for (const [i, { code, out }] of helps.entries()) {
    expect(code, commands[i]).toBe(0)
    expect(out, commands[i]).toContain(`davy ${commands[i]}`)
  }
  expect(existsSync(rented.data)).toBe(false)
})
