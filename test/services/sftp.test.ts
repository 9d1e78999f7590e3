/** Mine files that come over SFTP: the client of openssh, and its server on a pipe. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mineFiles } from '../../src/adapters/mine-files/index.ts'
import { dropFolder, EIGHT, GAS, MINE, mineFile, mineSite } from '../../src/adapters/mine-files/mine.fixture.ts'
import { MineFilesSettings } from '../../src/adapters/mine-files/settings.ts'
import { conform } from '../../src/app/config/conform.ts'
import { type Tap, tapSource } from '../conformance/tap.ts'

const PATIENCE = { timeout: 20_000, interval: 10 }
const CLIENT = '/usr/bin/sftp'
const SERVER = '/usr/lib/openssh/sftp-server'

let drop: ReturnType<typeof dropFolder>
let local: string
let tap: Tap

beforeEach(() => {
  drop = dropFolder()
  local = mkdtempSync(join(tmpdir(), 'sftp-local-'))
  const { value } = conform({ folder: drop.folder, mines: { [MINE]: 'baoyuan' }, every: '20ms' }, MineFilesSettings)
  const sites = new Map([['baoyuan', mineSite()]])
  const context = { name: 'files', now: () => EIGHT, sites: () => sites, log: () => {} }
  tap = tapSource(mineFiles.create(value as MineFilesSettings, context), (frame) => frame.settle('journaled'))
})
afterEach(async () => {
  await tap.stop()
  drop.remove()
  rmSync(local, { recursive: true })
})

function sftp(...commands: readonly string[]): void {
  const { status, stderr } = spawnSync(CLIENT, ['-q', '-D', SERVER, '-b', '-'], {
    input: `cd ${drop.folder}\nlcd ${local}\n${commands.join('\n')}\n`,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
}

function prepare(value: string, at: number): string {
  const { file, bytes } = mineFile({ type: 'CDSS', at, records: [{ code: GAS, value }] })
  writeFileSync(join(local, file), bytes)
  writeFileSync(join(local, `half-${file}`), bytes.slice(0, 50))
  return file
}

test('the client and the server of openssh are installed', () => {
  expect(existsSync(CLIENT), 'apt-get install openssh-client').toBe(true)
  expect(existsSync(SERVER), 'apt-get install openssh-sftp-server').toBe(true)
})

test('an upload that is cut is left alone, and taken once it is resumed', async () => {
  const file = prepare('0.1', EIGHT - 2_000)
  const later = prepare('0.2', EIGHT - 1_000)
  sftp(`put half-${file} ${file}`)
  // What comes after the half is done before it.
  sftp(`put ${later}`)
  await expect.poll(drop.done, PATIENCE).toEqual([later])
  expect([...tap.values()]).toEqual([0.2])
  sftp(`reput ${file}`)
  await expect.poll(drop.done, PATIENCE).toEqual([file, later])
  expect([...tap.values()]).toEqual([0.2, 0.1])
})

test('an upload under another name that is renamed, with the times of its sender, is taken', async () => {
  const file = prepare('0.3', EIGHT)
  sftp(`put -p ${file} ${file}.filepart`, `rename ${file}.filepart ${file}`)
  await expect.poll(drop.done, PATIENCE).toEqual([file])
  expect([...tap.values()]).toEqual([0.3])
})
