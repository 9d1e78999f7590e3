/** What `davy start` refuses, in one line and with what to do: an open door, a weak password, a disk that is full. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { davy, type House, house, type Outcome } from './house-rig.ts'

const DAVY = fileURLToPath(new URL('../../bin/davy', import.meta.url))

let rented: House
beforeAll(() => {
  rented = house({
    'sites/mine.yaml': { site: 'mine', kind: 'coal-mine', points: [{ id: 'ch4', kind: 'gas.ch4' }] },
    'rules/pack.yaml': { regulation: { id: 'pack', title: 'pack' }, rules: [{ id: 'silent', rule: 'silent' }] },
  })
})
afterAll(() => rented.remove())

interface Way {
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Largest file it may write, in blocks of 512 bytes or KiB as the shell counts: in any case next to nothing. */
  readonly room?: number
}

/** Starts the service in some way in which it must end by itself. */
function start({ flags = [], env = {}, room, name }: Way & { readonly name: string }): Promise<Outcome> {
  const { config, data } = rented
  const args = ['start', '--config', config, '--data', `${data}-${name}`, '--port', '0', '--mqtt-port', '0', ...flags]
  const limit = room === undefined ? '' : `ulimit -f ${room}; `
  return new Promise((resolve) => {
    execFile(
      'sh',
      ['-c', `${limit}exec "$0" "$@"`, DAVY, ...args],
      { env: { ...process.env, ...env }, timeout: 100_000 },
      (error, out, err) => resolve({ code: error ? Number(error.code ?? -1) : 0, out, err }),
    )
  })
}

test('an address that other machines reach needs TLS or the word --insecure', async () => {
  const refused = ['0.0.0.0', '192.0.2.7'].map(async (host) => {
    const { code, err, out } = await start({ name: 'host', flags: ['--host', host] })
    expect(code).toBe(2)
    expect(err.trimEnd().split('\n')).toEqual([expect.stringMatching(/^davy: --host .* in clear \(give .*--insecure/)])
    expect(err).toContain(host)
    expect(out).toBe('')
  })
  await Promise.all(refused)
  // With it, the address is tried: this one is of no machine here.
  const { code, err } = await start({ name: 'host', flags: ['--host', '192.0.2.7', '--insecure'] })
  expect([code, err]).toEqual([1, expect.stringContaining('[listen-failed]')])
}, 120_000)

test('the first password is no shorter than any other', async () => {
  const { code, err } = await start({ name: 'password', env: { DAVY_PASSWORD: 'short' } })
  expect(code).toBe(1)
  expect(err).toMatch(/^davy: DAVY_PASSWORD has fewer than 8 characters \[password-short\]\n +choose a longer one/)
}, 120_000)

test('a signal at its very first word stops it in order', async () => {
  const { config, data } = rented
  const args = ['start', '--config', config, '--data', `${data}-brief`, '--port', '0', '--mqtt-port', '0', '--json']
  const child = spawn(DAVY, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  child.stdout!.once('data', () => child.kill('SIGTERM'))
  expect(await once(child, 'exit')).toEqual([0, null])
}, 120_000)

test('a full disk is said to be full: no stack, no word of another process', async () => {
  const { code, err } = await start({ name: 'full', room: 8 })
  expect(code).toBe(1)
  expect(err).toMatch(/\[data-unusable\]\n +free space on the disk/)
  expect(err).not.toMatch(/\n\s+at |another process/)
}, 120_000)

test('a file where a folder should be, or a folder where a file should be, is said in one line with what to do', async () => {
  const file = rented.write('notes.txt', 'no folder')
  const discover = ['discover', 'opcua', 'opc.tcp://127.0.0.1:1', '--user', 'u']
  for (const [args, code] of [
    [['demo', '--data', file, '--port', '0', '--mqtt-port', '0'], 'data-unusable'],
    [['start', '--config', rented.config, '--data', file, '--port', '0', '--mqtt-port', '0'], 'data-unusable'],
    [[...discover, '--password-file', rented.config], 'password-unreadable'],
    [[...discover, '--password-file', join(rented.dir, 'missing')], 'password-unreadable'],
  ] as const) {
    const { code: left, err } = await davy(args)
    expect(left, args[0]).toBe(1)
    expect(err.trimEnd().split('\n'), args[0]).toEqual([
      expect.stringMatching(new RegExp(`^davy: .* \\[${code}\\]$`)),
      expect.stringMatching(/^ {6}name a f/),
    ])
  }
  const endless = await davy(['replay', '--config', rented.config, '--input', 'x'.repeat(300)])
  expect(endless).toMatchObject({ code: 1, err: expect.stringMatching(/^davy: x+: .* \[input-unreadable\]\n$/) })
}, 120_000)

test('sources whose settings do not go together are told by check, not at the start', async () => {
  const site = house({
    'davy.yaml': {
      sources: [
        { adapter: 'modbus', site: 's', slaves: [{ unit: 1, points: [{ point: 'p', address: 0 }] }] },
        {
          adapter: 'opcua',
          site: 's',
          endpoint: 'opc.tcp://127.0.0.1:4840',
          security: 'Basic256Sha256',
          items: [{ node: 'ns=1;s=a', point: 'p' }],
        },
      ],
    },
    'sites/s.yaml': { site: 's', points: [{ id: 'p', kind: 'tank.level' }] },
    'rules/own.yaml': { regulation: { id: 'own' }, rules: [{ id: 'silent', rule: 'silent' }] },
  })
  const { code, out, err } = await davy(['check', '--config', site.config])
  site.remove()
  expect(code).toBe(1)
  expect(out + err).toMatch(/modbus: neither `host` nor `serial` is given/)
  expect(out + err).toMatch(/opcua: security Basic256Sha256 needs a folder for certificates/)
})
