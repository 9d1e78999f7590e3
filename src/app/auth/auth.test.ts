/** Users and sessions over time: first run, idle end, back-off, and what a stolen file gives away. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../model/time.ts'
import { hasAccounts } from './accounts.ts'
import { createAuth, IDLE } from './auth.ts'
import { BackOff } from './back-off.ts'

let data: string
let clock = 1_777_593_600_000
const now = () => clock
const open: Awaited<ReturnType<typeof createAuth>>['auth'][] = []

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'davy-auth-'))
})
afterEach(async () => {
  for (const auth of open.splice(0)) await auth.close()
  await rm(data, { recursive: true })
})

async function start(password?: string) {
  const made = await createAuth({ data, now, password })
  open.push(made.auth)
  return made
}

async function restart(password?: string) {
  for (const auth of open.splice(0)) await auth.close()
  return start(password)
}

const from = { address: '10.0.0.7' }

test('the first run draws a password once; later runs keep it, whatever is given then', async () => {
  const { auth, firstPassword } = await start()
  expect(firstPassword).toMatch(/^[a-z0-9]{20}$/)
  expect(await auth.login({ user: 'admin', password: firstPassword!, ...from })).toHaveProperty('token')
  const again = await restart('another')
  expect(again.firstPassword).toBeUndefined()
  expect(await again.auth.login({ user: 'admin', password: firstPassword!, ...from })).toHaveProperty('token')
  expect(await again.auth.login({ user: 'admin', password: 'another', ...from })).toEqual({
    refused: 'credentials-wrong',
  })
})

test('a given first password is used and never handed back', async () => {
  const { auth, firstPassword } = await start('given-lamp')
  expect(firstPassword).toBeUndefined()
  expect(await auth.login({ user: 'admin', password: 'given-lamp', ...from })).toHaveProperty('token')
  expect(await auth.login({ user: 'nobody', password: 'given-lamp', ...from })).toEqual({
    refused: 'credentials-wrong',
  })
})

test('sessions outlive a restart, slide while used, and end after twelve idle hours', async () => {
  const { auth } = await start('given-lamp')
  const outcome = await auth.login({ user: 'admin', password: 'given-lamp', ...from })
  if ('refused' in outcome) throw new Error(outcome.refused)
  const { auth: later } = await restart()
  for (let i = 0; i < 4; i++) {
    clock += 11 * HOUR
    expect(later.authenticate(outcome.token)).toMatchObject({ user: 'admin', role: 'admin', expires: clock + IDLE })
  }
  const principal = later.authenticate(outcome.token)!
  clock += IDLE - 1
  expect(later.stands(principal)).toBe(true)
  clock += 1
  expect(later.stands(principal)).toBe(false)
  expect(later.authenticate(outcome.token)).toBeUndefined()
})

test('looking whether a session stands does not keep it alive', async () => {
  const { auth } = await start('given-lamp')
  const outcome = await auth.login({ user: 'admin', password: 'given-lamp', ...from })
  if ('refused' in outcome) throw new Error(outcome.refused)
  clock += 11 * HOUR
  expect(auth.stands(outcome.principal)).toBe(true)
  clock += 2 * HOUR
  expect(auth.authenticate(outcome.token)).toBeUndefined()
})

test('the files hold neither passwords nor tokens, and are their owner’s', async () => {
  const { auth } = await start('a very secret password')
  const outcome = await auth.login({ user: 'admin', password: 'a very secret password', ...from })
  const token = auth.addToken({ user: 'gw', site: 'baoyuan' })!
  if ('refused' in outcome) throw new Error(outcome.refused)
  for (const name of await readdir(data)) {
    const content = await readFile(join(data, name), 'latin1')
    for (const secret of ['a very secret password', outcome.token, token]) expect(content, name).not.toContain(secret)
    expect((await stat(join(data, name))).mode & 0o077, name).toBe(0)
  }
  expect(auth.authenticate(token)).toMatchObject({ user: 'gw', role: 'source', site: 'baoyuan' })
  clock += 1000 * HOUR
  expect(auth.authenticate(token)).toBeDefined()
  expect(auth.removeUser('gw')).toBe('removed')
  expect(auth.authenticate(token)).toBeUndefined()
})

test('accounts that are damaged are said to be, with what to do', async () => {
  const file = join(data, 'auth.sqlite')
  await writeFile(file, 'no accounts at all '.repeat(100))
  const damaged = { code: 'data-damaged', where: file, remedy: expect.stringContaining('move it away') }
  await expect(start()).rejects.toMatchObject(damaged)
  expect(() => hasAccounts(data)).toThrow(expect.objectContaining(damaged))
})

test('logins and refused ones are on record', async () => {
  const { auth } = await start('given-lamp')
  await auth.login({ user: 'admin', password: 'given-lamp', ...from })
  await auth.login({ user: 'admin', password: 'wrong', ...from })
  const records = (await readFile(join(data, 'audit.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(records.map(({ who, action, address }) => [who, action, address])).toEqual([
    ['system', 'user-added', undefined],
    ['admin', 'login', '10.0.0.7'],
    ['admin', 'login-refused', '10.0.0.7'],
  ])
})

test('the third wrong guess waits, each further one twice as long, at most five minutes; success forgives', () => {
  const backOff = new BackOff()
  const at = (ms: number) => backOff.attempt('wang\n10.0.0.7', ms)
  expect([at(0), at(1), at(2)]).toEqual([0, 0, 0])
  expect(at(3)).toBe(SECOND - 1)
  expect(at(1002)).toBe(0)
  expect(at(1003)).toBe(2 * SECOND - 1)
  let ms = 10_000
  for (let i = 0; i < 20; i++) {
    const wait = at(ms)
    expect(wait).toBeLessThanOrEqual(5 * MINUTE)
    ms += wait
  }
  expect(Math.max(at(ms), at(ms + 1))).toBe(5 * MINUTE - 1)
  expect(backOff.attempt('wang\n10.0.0.8', ms + 1)).toBe(0)
  backOff.succeeded('wang\n10.0.0.7')
  expect(at(ms + 2)).toBe(0)
  expect(at(ms + 3)).toBe(0)
})
