import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'

const DAVY = fileURLToPath(new URL('../../bin/davy', import.meta.url))
const PASSWORD = 'a lamp for the watch 1'

let child: ChildProcess | undefined
let temporary: string | undefined
afterEach(() => {
  child?.kill('SIGKILL')
  if (temporary) rmSync(temporary, { recursive: true, force: true })
})

/** The first line of a stream; rejects where it ends without one. */
async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const chunk of stream) {
    text += String(chunk)
    if (text.includes('\n')) return text.slice(0, text.indexOf('\n'))
  }
  throw new Error(`no line: ${text}`)
}

test('the demo shows crowds, cards, gas and unmonitored work, and leaves nothing behind', {
  timeout: 120_000,
}, async () => {
  temporary = mkdtempSync(join(tmpdir(), 'davy-acceptance-'))
  const flags = ['demo', '--json', '--port', '0', '--mqtt-port', '0', '--speed', '10', '--seed', '3']
  child = spawn(DAVY, flags, {
    env: { ...process.env, DAVY_PASSWORD: PASSWORD, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr!.on('data', (chunk) => {
    errors += String(chunk)
  })
  const line = await firstLine(child.stdout!).catch((error: Error) => Promise.reject(new Error(error.message + errors)))
  const { api, mqtt } = JSON.parse(line) as { api: string; mqtt: string }
  expect(api).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(mqtt).toMatch(/^mqtt:\/\/127\.0\.0\.1:\d+$/)
  expect(readdirSync(temporary).filter((name) => name.startsWith('davy-demo-'))).toHaveLength(1)

  const login = await fetch(`${api}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'admin', password: PASSWORD }),
  })
  expect(login.status).toBe(200)
  const { token } = (await login.json()) as { token: string }
  const get = async <T>(path: string): Promise<T> => {
    const reply = await fetch(`${api}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } })
    expect(reply.status, path).toBe(200)
    return (await reply.json()) as T
  }
  const rules = async () => {
    const { items } = await get<{ items: { alarm: string; last: { rule: string } }[] }>('alarms?limit=100')
    return new Set(items.map(({ last }) => last.rule))
  }
  const deadline = { timeout: 90_000, interval: 500 }
  await expect
    .poll(rules, deadline)
    .toSatisfy(
      (found: ReadonlySet<string>) =>
        ['over-crew', 'limit', 'unmonitored'].every((rule) => found.has(rule)) &&
        (found.has('card-left') || found.has('card-missing')),
    )
  // The plant's tanks come over OPC UA, the mine's meters over Modbus.
  for (const [site, point] of [
    ['longteng-chem', 'tanks/t-01/level'],
    ['baoyuan', 'fan/power'],
  ] as const) {
    const state = async () => {
      const { points } = await get<{ points: { id: string; state: string }[] }>(`sites/${site}/points`)
      return points.find(({ id }) => id === point)?.state
    }
    await expect.poll(state, deadline).toBe('live')
  }

  child.kill('SIGTERM')
  const [code] = (await once(child, 'exit')) as [number | null]
  expect(code, errors).toBe(0)
  expect(readdirSync(temporary).filter((name) => name.startsWith('davy-'))).toEqual([])
})

test('a demo that finds its port taken says so and ends, and leaves nothing behind', { timeout: 60_000 }, async () => {
  temporary = mkdtempSync(join(tmpdir(), 'davy-acceptance-'))
  const taken = createServer().listen(0, '127.0.0.1')
  try {
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    child = spawn(DAVY, ['demo', '--port', String(port), '--mqtt-port', '0'], {
      env: { ...process.env, TMPDIR: temporary },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let errors = ''
    child.stderr!.on('data', (chunk) => {
      errors += String(chunk)
    })
    expect((await once(child, 'exit'))[0]).toBe(1)
    expect(errors).toContain(`127.0.0.1:${port}`)
    expect(errors).toContain('[listen-failed]')
    expect(readdirSync(temporary).filter((name) => name.startsWith('davy-demo-'))).toEqual([])
  } finally {
    taken.close()
  }
})
