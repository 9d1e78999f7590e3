import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { matches, runReadme, stepsOf } from './readme.ts'

const fence = (info: string, text: string) => `\`\`\`${info}\n${text}\n\`\`\`\n`
const readme = (...fences: readonly string[]) => runReadme({ file: 'R.md', text: `# Title\n\n${fences.join('\n')}` })

let folder: string
let server: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'davy-readme-test-'))
  server = join(folder, 'server.mjs')
  const program = `
    import { createServer } from 'node:http'
    const port = Number(process.argv[process.argv.indexOf('--port') + 1])
    const server = createServer((request, reply) => reply.writeHead(request.url === '/readyz' ? 200 : 404).end('lamp'))
    server.listen(port, '127.0.0.1', () => console.log('here: http://127.0.0.1:' + port))`
  await writeFile(server, program)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('commands that do as written', async () => {
  expect(await readme(fence('sh run', 'echo one; echo two'), fence('output', 'one\ntw…'))).toBe(1)
  expect(await readme(fence('sh', 'false'), fence('sh run fails', 'exit 3'))).toBe(1)
})

test('a command that fails is an error with its place and what it said', async () => {
  await expect(readme(fence('sh run', 'echo fire-damp >&2; exit 3'))).rejects.toThrow(
    /R\.md:3: exit code 3.*fire-damp/s,
  )
  await expect(readme(fence('sh run', 'no-such-command && true'))).rejects.toThrow('exit code 127')
  await expect(readme(fence('sh run', 'false\necho not reached'))).rejects.toThrow('exit code 1')
  await expect(readme(fence('sh run fails', 'true'))).rejects.toThrow('exit code 0')
})

test('an output that is not the one shown is an error', async () => {
  await expect(readme(fence('sh run', 'echo 26'), fence('output', '25'))).rejects.toThrow(/--- printed\n26/)
})

test('what is shown: wildcards within a line, and for lines', () => {
  expect(matches('{"a":1,"b":2}\n', '{"a":1,…}')).toBe(true)
  expect(matches('1\n2\n3\n', '1\n…\n3')).toBe(true)
  expect(matches('1\n2\n3\n', '…')).toBe(true)
  expect(matches('1\n2\n', '1')).toBe(false)
  expect(matches('1\n2\n', '2')).toBe(false)
  expect(matches('1x\n', '1.')).toBe(false)
})

test('a service runs for the commands behind it, on a free port, and is gone at the end', async () => {
  const left = join(folder, 'left')
  const ask = fence('sh run', `curl -sf http://127.0.0.1:8080/readyz | tee ${left}`)
  expect(
    await readme(
      fence('sh serve', `node ${server}`),
      fence('output', 'here: http://127.0.0.1:8080'),
      ask,
      fence('output', 'lamp'),
    ),
  ).toBe(2)
  expect(existsSync(left)).toBe(true)
  await expect(readme(ask)).rejects.toThrow('exit code')
})

test('a service that ends, or never answers, is an error', async () => {
  await expect(readme(fence('sh serve', 'echo http://127.0.0.1:1; exit 4 #'))).rejects.toThrow(
    'does not serve (exit code 4)',
  )
})

test('nothing that a command writes lands in the checkout', async () => {
  await readme(fence('sh run', 'mkdir lamp-room && echo x > lamp-room/x && test -x bin/davy'))
  expect(existsSync(new URL('../lamp-room', import.meta.url))).toBe(false)
})

test('the Chinese README has the commands, the outputs and the outline of the English one', async () => {
  const [en, zh] = await Promise.all(
    ['README.md', 'README.zh-CN.md'].map((name) => readFile(new URL(`../${name}`, import.meta.url), 'utf8')),
  )
  const bare = (text: string) => stepsOf(text).map(({ kind, script, output }) => ({ kind, script, output }))
  const outline = (text: string) =>
    [...text.replaceAll(/^```.*?^```/gms, '').matchAll(/^(#+) /gm)].map(([, marks]) => marks)
  expect(bare(zh!)).toEqual(bare(en!))
  expect(bare(en!).length).toBeGreaterThanOrEqual(5)
  expect(outline(zh!)).toEqual(outline(en!))
  for (const text of [en!, zh!]) expect(text.split('\n').length).toBeLessThanOrEqual(151)
})
