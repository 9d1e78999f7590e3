/** Hot reload of a welding item: whose machine is unlocked, and which permit is open, are facts of the site and not of the item. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { house, type Running, type Stream, start } from './house-rig.ts'

const PATIENCE = { timeout: 15_000, interval: 20 }
const points = (machine: string) => [
  { id: `${machine}/current`, kind: 'weld.current', unit: 'A', area: 'bay', machine },
  { id: `${machine}/session`, kind: 'weld.session', area: 'bay', machine },
]
/** Another delay makes the items others, which begin anew; by the severity one tells them apart. */
const rules = (severity: 'minor' | 'major') => ({
  regulation: { id: 'plan' },
  rules: [
    { id: 'platform', rule: 'weld-off-platform', grace: '0s' },
    { id: 'certificate', rule: 'weld-uncertified' },
    { id: 'permit', rule: 'weld-permit', grace: '0s' },
  ].map((item) => ({ ...item, severity, clearAfter: severity === 'minor' ? '0s' : '1s' })),
})
const rented = house({
  'sites/yard.yaml': {
    site: 'yard',
    areas: [{ id: 'bay' }],
    points: [...points('m-1'), ...points('m-2')],
    people: 'people.csv',
  },
  'sites/people.csv': 'person,card,name,certificate\np-1,,A,welding\np-2,,B,blasting\n',
  'rules/plan.yaml': rules('minor'),
})
let service: Running
let stream: Stream
beforeAll(async () => {
  service = await start(rented)
  stream = await service.stream()
})
afterAll(async () => {
  await service?.stop()
  rented.remove()
})

const send = (point: string, value: unknown) =>
  service.post('/api/v1/sites/yard/readings', [{ point, ts: new Date().toISOString(), value }])
const told = (severity: string) =>
  stream
    .told()
    .filter((t) => t.severity === severity && t.cause === 'raised')
    .map(({ instance, key }) => `${instance} ${key}`)
    .sort()

test('what was unlocked, and permitted, before the items changed still is; what was not is an alarm anew', async () => {
  const now = Date.now()
  const permit = { permit: 'HW-1', machine: 'm-1', from: now - 60_000, until: now + 3_600_000, tested: now - 60_000 }
  expect((await service.post('/api/v1/sites/yard/permits', permit)).status).toBe(200)
  await send('m-1/session', { event: 'unlock', person: 'p-1' })
  await send('m-2/session', { event: 'unlock', person: 'p-2' })
  await send('m-1/current', 120)
  await send('m-2/current', 120)
  await expect.poll(() => told('minor'), PATIENCE).toEqual(['certificate m-2', 'permit m-2'])

  rented.write('rules/plan.yaml', rules('major'))
  // m-2 burns on, without a word from it: what is still true rises anew.
  await expect.poll(() => told('major'), PATIENCE).toEqual(['certificate m-2', 'permit m-2'])
  await send('m-1/current', 130)
  await send('m-2/current', 0)
  await send('m-2/session', { event: 'lock' })
  await send('m-2/current', 130)
  // Judged after it, so that silence about m-1 is meant.
  await expect.poll(() => told('major'), PATIENCE).toContain('platform m-2')
  expect([...told('minor'), ...told('major')].filter((one) => one.endsWith('m-1'))).toEqual([])
})
