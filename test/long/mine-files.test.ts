/** Mine files from bureau to province: one service writes them, another reads them; and what a crash or bad input leaves. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type House, house, type Json, publish, type Running, start } from '../acceptance/house-rig.ts'

const PATIENCE = { timeout: 25_000, interval: 50 }
vi.setConfig({ testTimeout: 100_000 })
const MINE = '410403004688'
const AREA = `${MINE}0001`
const READER = `${AREA}000001`

const SITE = {
  site: 'mine',
  kind: 'coal-mine',
  lateAfter: '5m',
  areas: [
    { id: 'underground', kind: 'underground' },
    { id: 'face', kind: 'coal-face', in: 'underground', code: AREA },
  ],
  points: [
    { id: 'r/1', kind: 'card.reader', area: 'face', code: READER },
    { id: 'ch4', kind: 'gas.ch4', unit: '%', area: 'face', code: `${MINE}01MN0001000001` },
    { id: 'fan', kind: 'fan.running', area: 'face', code: `${MINE}01KG1010000002` },
    { id: 'station', kind: 'device.state', device: 'station', code: READER },
    { id: 'gate', kind: 'gate' },
  ],
  people: 'people.csv',
}
const COMMON = {
  'sites/mine.yaml': SITE,
  'sites/people.csv':
    'person,card,name,role,team,certificate,expires\np-1,k1,张; 三~,miner,one,,\np-2,k2,Li,leader,one,,\n',
  'rules/plan.yaml': {
    regulation: { id: 'plan' },
    rules: [
      { id: 'sos', rule: 'sos' },
      { id: 'crew', rule: 'over-crew', match: { kind: 'coal-face' }, limit: 1, raiseAfter: '0s', clearAfter: '0s' },
      {
        id: 'ch4',
        rule: 'limit',
        match: { kind: 'gas.ch4' },
        levels: [{ name: 'cut', high: 1, severity: 'critical' }],
      },
    ],
  },
}

let folder: string
let houses: House[] = []
let services: Running[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mine-drop-'))
  houses = []
  services = []
})
afterEach(async () => {
  for (const service of services) await service.stop()
  for (const rented of houses) rented.remove()
  rmSync(folder, { recursive: true, force: true })
})

function rent(settings: object): House {
  const rented = house({ ...COMMON, 'davy.yaml': settings })
  houses.push(rented)
  return rented
}
async function open(rented: House): Promise<Running> {
  const service = await start(rented)
  services.push(service)
  return service
}
const reading = () => rent({ sources: [{ adapter: 'mine-files', folder, mines: { [MINE]: 'mine' }, every: '200ms' }] })
const done = () => (existsSync(join(folder, 'done')) ? readdirSync(join(folder, 'done')) : [])

async function faceCount(service: Running): Promise<unknown> {
  const { body } = await service.get<{ areas: readonly Json[] }>('/api/v1/sites/mine')
  return body.areas.find(({ id }) => id === 'face')?.count
}

/** A snapshot of who is at the face now, as a mine in Asia/Shanghai uploads it. */
function snapshot(cards: readonly string[]): { file: string; text: string } {
  const time = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
  const records = cards.map((card) => `${card};;1;;;${AREA};;${READER};;三八制;;正常;;;~`)
  return { file: `${MINE}_RYSS_${time.replace(/\D/g, '')}.txt`, text: `${MINE};矿;${time}~${records.join('')}||` }
}

test('what the bureau knows, the province knows: people, calls for help, values and states', async () => {
  const every = Object.fromEntries(
    ['RYSS', 'RYQJ', 'CDSS', 'JZSS', 'RYCY', 'YCBJ', 'RYXX', 'CDDY'].map((type) => [type, '1s']),
  )
  const bureau = await open(rent({ exports: [{ folder, site: 'mine', mine: MINE, every }] }))
  const province = await open(reading())
  const stream = await province.stream()
  const device = await bureau.device()
  const say = (point: string, value: unknown) => publish(device, `davy/v1/mine/${point}`, { value })
  await say('r/1', { card: 'k1', distance: -3.5 })
  await say('r/1', { card: 'k2', sos: true })
  await say('ch4', 1.25)
  await say('fan', true)
  await say('station', 'offline')
  await expect.poll(() => faceCount(province), PATIENCE).toBe(2)
  const raised = () =>
    stream
      .told()
      .filter(({ cause }) => cause === 'raised')
      .map(({ instance, key }) => `${instance} ${key}`)
  await expect.poll(() => raised().sort(), PATIENCE).toEqual(['ch4 ch4:cut', 'crew face', 'sos k2'])
  const state = async (id: string) => {
    const { body } = await province.get<{ points: readonly Json[] }>('/api/v1/sites/mine/points')
    return body.points.find((point) => point.id === id)?.value
  }
  await expect.poll(() => Promise.all(['ch4', 'fan', 'station'].map(state)), PATIENCE).toEqual([1.25, true, 'offline'])
  await publish(device, 'davy/v1/mine/gate', { value: { direction: 'out', card: 'k2' } })
  await expect.poll(() => faceCount(province), PATIENCE).toBe(1)
  // The name with marks in it was widened, and the mine's own alarm went along.
  const written = (type: string) => done().filter((file) => file.includes(`_${type}_`))
  await expect.poll(() => written('RYCY').length, PATIENCE).toBeGreaterThan(0)
  expect(readFileSync(join(folder, 'done', written('RYXX')[0]!), 'utf8')).toContain('k1;张； 三～;miner')
  // A call that still stands for somebody who is out must not bring them back.
  const calls = () => written('RYQJ').length
  const before = calls()
  await expect.poll(calls, PATIENCE).toBeGreaterThan(before + 1)
  expect(await faceCount(province)).toBe(1)
  expect(readdirSync(join(folder, 'rejected'))).toEqual([])
})

test('killed between the journal and the move, the service reads the file again, and everything is a duplicate', async () => {
  const rented = reading()
  const first = await open(rented)
  const { file, text } = snapshot(['k1', 'k2'])
  writeFileSync(join(folder, file), text)
  await expect.poll(done, PATIENCE).toEqual([file])
  expect(await faceCount(first)).toBe(2)
  await first.stop('SIGKILL')
  // As if the process had died before it moved the file.
  renameSync(join(folder, 'done', file), join(folder, file))
  const second = await open(rented)
  await expect.poll(done, PATIENCE).toEqual([file])
  expect(await second.metric('davy_duplicates_total')).toBe(2)
  expect(await second.metric('davy_readings_total')).toBe(0)
  expect(await faceCount(second)).toBe(2)
})

test('refusals are dead letters with file, record and field', async () => {
  const service = await open(reading())
  const { file, text } = snapshot(['k1', 'k2', 'k1', 'k2', 'k1'])
  writeFileSync(join(folder, file), text.replace('~||', '~k3;;5;;;;;;;;;;;;~||'))
  writeFileSync(join(folder, 'notes.txt'), 'hello||')
  await expect.poll(done, PATIENCE).toEqual([file])
  await expect.poll(() => readdirSync(join(folder, 'rejected')), PATIENCE).toEqual(['notes.txt'])
  const { body } = await service.get<{ items: readonly Json[] }>('/api/v1/dead-letters')
  expect(body.items.map(({ code, detail }) => `${code}: ${detail}`).sort()).toEqual([
    'file-name: notes.txt: it does not begin with a mine code of 12 digits',
    `record-field: ${file}: record 6: field 3 (flag): "5"`,
  ])
  expect(await service.metric('davy_refused_total', { code: 'record-field' })).toBe(1)
})
