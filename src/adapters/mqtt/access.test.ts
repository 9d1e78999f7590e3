import { expect, test } from 'vitest'
import { ANYBODY, accessOf, explainForbidden, judgePublish, mayHear, maySubscribe } from './access.ts'

const GROUPS = { 'BY-Group': 'baoyuan', foreign: 'other' }
const DEVICE = accessOf({ user: 'gw1', site: 'baoyuan' }, GROUPS)
const INTEGRATOR = accessOf({ user: 'bureau', site: '*' }, GROUPS)
const HOST = 'davylamp'

test.each([
  ['davy/v1/baoyuan/face-101/ch4-t1', 'reading', 'reading'],
  ['davy/v1/baoyuan', 'reading', 'reading'],
  ['davy/v1/baoyuan2/ch4', 'forbidden', 'reading'],
  ['davy/v1/other', 'forbidden', 'reading'],
  ['davy/v1/', 'forbidden', 'reading'],
  ['davy/v1/baoyuan/alarms', 'forbidden', 'forbidden'],
  ['davy/v1/baoyuan/alarms/limit/x', 'forbidden', 'forbidden'],
  ['davy/v1/baoyuan/alarms2/x', 'reading', 'reading'],
  ['davy/v1/baoyuan/face/alarms', 'reading', 'reading'],
  ['spBv1.0/baoyuan/NDATA/edge', 'reading', 'reading'],
  ['spBv1.0/BY-Group/NDATA/edge', 'reading', 'reading'],
  ['spBv1.0/other/NDATA/edge', 'forbidden', 'reading'],
  ['spBv1.0/foreign/NDATA/edge', 'forbidden', 'reading'],
  ['spBv1.0/STATE/davylamp', 'forbidden', 'forbidden'],
  ['spBv1.0/STATE/scada', 'forbidden', 'peers'],
  ['$SYS/broker/x', 'unknown', 'unknown'],
  ['davy/v2/baoyuan/x', 'unknown', 'unknown'],
  ['davy', 'unknown', 'unknown'],
] as const)('%s is %s to a device and %s to an integrator', (topic, device, integrator) => {
  expect(judgePublish(topic, DEVICE, HOST)).toBe(device)
  expect(judgePublish(topic, INTEGRATOR, HOST)).toBe(integrator)
  expect(judgePublish(topic, ANYBODY, HOST)).toBe(integrator)
})

test.each([
  ['davy/v1/baoyuan/#', true],
  ['davy/v1/baoyuan/alarms/+/face-101', true],
  ['davy/v1/baoyuan', true],
  ['spBv1.0/BY-Group/NCMD/edge/#', true],
  ['spBv1.0/STATE/+', true],
  ['spBv1.0/+/NCMD/#', false],
  ['spBv1.0/other/#', false],
  ['davy/v1/+/x', false],
  ['davy/v1/#', false],
  ['davy/v1/baoyuan+/x', false],
  ['davy/v1/other/#', false],
  ['#', false],
  ['+/v1/baoyuan/#', false],
  ['$SYS/#', false],
])('a device may subscribe %s: %s', (filter, allowed) => {
  expect(maySubscribe(filter, DEVICE)).toBe(allowed)
})

test('an integrator may subscribe everything but the inside of the broker', () => {
  expect(maySubscribe('#', INTEGRATOR)).toBe(true)
  expect(maySubscribe('davy/v1/+/alarms/#', INTEGRATOR)).toBe(true)
  expect(maySubscribe('$SYS/#', INTEGRATOR)).toBe(false)
})

test('a message reaches only whom it concerns, whatever was subscribed', () => {
  expect(mayHear('davy/v1/baoyuan/x', DEVICE)).toBe(true)
  expect(mayHear('davy/v1/other/x', DEVICE)).toBe(false)
  expect(mayHear('davy/v1/other/x', INTEGRATOR)).toBe(true)
})

test('a group that bears the name of one site and belongs to another is not the first one’s', () => {
  const robbed = accessOf({ user: 'gw2', site: 'foreign' }, GROUPS)
  expect(judgePublish('spBv1.0/foreign/NDATA/edge', robbed)).toBe('forbidden')
})

test('a refusal says who it was and where they may publish, in one bounded line', () => {
  const from = { client: 'gw1/abc', address: '10.0.0.7' }
  expect(explainForbidden(DEVICE, from)).toBe(
    'client "gw1/abc" of user "gw1" at 10.0.0.7 may publish on davy/v1/baoyuan and below it, its alarms apart, and in Sparkplug group "BY-Group", "baoyuan"',
  )
  expect(explainForbidden(ANYBODY, from)).toContain('without a user')
  expect(explainForbidden(INTEGRATOR, from)).toContain('may not speak for the service itself')
  const many = accessOf(
    { user: 'u\n'.repeat(500), site: 's' },
    Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`g${i}`, 's'])),
  )
  const told = explainForbidden(many, { ...from, client: 'c'.repeat(60_000) })
  expect(told).not.toContain('\n')
  expect(told).toMatch(/and 41 more$/)
  expect(told.length).toBeLessThan(1_000)
})
