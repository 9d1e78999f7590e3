/** Rule items that change while the mine works: what still holds goes on, what is no longer for anybody ends, and nothing else is touched. */
import { expect, test } from 'vitest'
import { SECOND } from '../model/time.ts'
import { gas, mineOn, mineWith, NOW } from './rematched.fixture.ts'

test('a value that only its clear kept up keeps its alarm where another match still has its point', () => {
  const mine = mineWith(gas({}))
  mine.read(0, 't1', 1.2)
  mine.read(1, 't1', 0.9)
  mine.reload(2, gas({ place: 'T1' }))
  mine.read(3, 't1', 0.9)
  expect(mine.told()).toEqual(['0 raised gas/t1:high'])
  mine.read(4, 't1', 0.7)
  expect(mine.told()).toEqual(['4 cleared gas/t1:high'])
})

test('what another match no longer has ends and says why, and what it has only now begins', () => {
  const mine = mineWith(gas({ place: 'T1' }))
  mine.read(0, 't1', 1.2)
  mine.read(0, 't2', 1.2)
  expect(mine.told()).toEqual(['0 raised gas/t1:high'])
  mine.reload(2, gas({ place: 'T2' }))
  expect(mine.last()).toMatchObject({ cause: 'cleared', alarm: 'mine/gas/t1:high', reason: expect.any(String) })
  mine.read(3, 't1', 1.2)
  mine.read(3, 't2', 1.2)
  expect(mine.told()).toEqual(['2 cleared gas/t1:high', '3 raised gas/t2:high'])
})

test('delays that have begun go on through another match, severity, clause, title and note', () => {
  const slow = { raiseAfter: '10s', clearAfter: '10s' }
  const mine = mineWith(gas({}, slow))
  mine.read(0, 't1', 1.2)
  mine.reload(5, gas({ place: ['T1', 'T2'] }, { ...slow, clause: '135', title: { zh: '瓦斯' }, note: 'x' }))
  mine.read(10, 't1', 1.2)
  expect(mine.last()).toMatchObject({ cause: 'raised', clause: 'case/135', episode: 1 })
  mine.read(12, 't1', 0.5)
  mine.reload(15, gas({ place: 'T1' }, slow))
  mine.read(22, 't1', 0.5)
  expect(mine.told()).toEqual(['10 raised gas/t1:high', '22 cleared gas/t1:high'])
})

test('another severity of the item is told at once of what stands; a level of its own keeps its own', () => {
  const levels = [
    { name: 'high', high: 1 },
    { name: 'cut', high: 1.5, severity: 'critical' },
  ]
  const mine = mineWith(gas({}, { levels }))
  mine.read(0, 't1', 1.6)
  mine.told()
  mine.reload(1, gas({}, { levels, severity: 'minor' }))
  expect(mine.told()).toEqual(['1 eased gas/t1:high'])
  mine.reload(2, gas({}, { levels, severity: 'critical' }))
  expect(mine.told()).toEqual(['2 escalated gas/t1:high'])
  mine.read(3, 't1', 1.6)
  expect(mine.told()).toEqual([])
})

test('under another limit a standing alarm ends by the new numbers, never by the change', () => {
  const levels = (high: number, clear: number) => ({ levels: [{ name: 'high', high, clear }] })
  const mine = mineWith(gas({}, levels(1, 0.8)))
  mine.read(0, 't1', 1.2)
  mine.read(1, 't1', 0.9)
  mine.reload(2, gas({}, levels(1.5, 0.7)))
  mine.read(3, 't1', 0.9)
  mine.read(4, 't1', 0.75)
  expect(mine.told()).toEqual(['0 raised gas/t1:high'])
  mine.read(5, 't1', 0.65)
  expect(mine.told()).toEqual(['5 cleared gas/t1:high'])
})

test('a level that is taken out ends its alarm, those beside it go on', () => {
  const both = {
    levels: [
      { name: 'high', high: 1 },
      { name: 'cut', high: 1.5, clear: 1 },
    ],
  }
  const mine = mineWith(gas({}, both))
  mine.read(0, 't1', 1.6)
  mine.told()
  mine.reload(1, gas({}, { levels: both.levels.slice(1) }))
  mine.read(2, 't1', 1.2)
  expect(mine.told()).toEqual(['1 cleared gas/t1:high'])
})

test('a delay that is another now is taken from the first word said under it', () => {
  const mine = mineWith(gas({}, { raiseAfter: '10m' }))
  mine.read(0, 't1', 1.2)
  mine.reload(20, gas({}, { raiseAfter: '30s' }))
  mine.read(25, 't1', 1.2)
  expect(mine.told()).toEqual([])
  mine.read(31, 't1', 1.2)
  expect(mine.told()).toEqual(['30 raised gas/t1:high'])
})

const crew = (limit: number, match: object = { kind: 'coal-face' }) => ({
  id: 'crew',
  rule: 'over-crew',
  match,
  limit,
  raiseAfter: '0s',
  clearAfter: '0s',
})

test('a crew is counted on under another limit and another match', () => {
  const mine = mineWith(crew(1))
  for (const [i, card] of ['a', 'b', 'c'].entries()) mine.read(i, 'r-face', { card })
  mine.read(3, 'r-head', { card: 'd' })
  mine.read(4, 'r-head', { card: 'e' })
  mine.tick(5)
  expect(mine.told()).toEqual(['1 raised crew/face'])
  mine.reload(6, crew(1, { kind: ['coal-face', 'heading-face'] }))
  mine.tick(7)
  expect(mine.told()).toEqual(['5 raised crew/head'])
  mine.reload(8, crew(2, { kind: ['coal-face', 'heading-face'] }))
  mine.tick(9)
  expect(mine.told()).toEqual(['7 cleared crew/head'])
  mine.reload(10, crew(2, { kind: 'heading-face' }))
  mine.tick(11)
  expect(mine.told()).toEqual(['10 cleared crew/face'])
})

test('how alarms are handled may change while they stand', () => {
  const mine = mineWith(gas({}))
  mine.read(0, 't1', 1.2)
  mine.reload(1, gas({}, { latch: true, realarm: '10m', statutory: true }))
  mine.read(2, 't1', 0.9)
  expect(mine.told()).toEqual(['0 raised gas/t1:high'])
  expect(mine.find('gas/t1:high')).toMatchObject({ statutory: true, realarmAt: NOW + 601 * SECOND })
  mine.read(3, 't1', 0.1)
  expect(mine.last()).toMatchObject({ cause: 'cleared', held: 'latched' })
  mine.reload(4, gas({}))
  expect(mine.find('gas/t1:high')).not.toHaveProperty('realarmAt')
  expect(mine.find('gas/t1:high')).not.toHaveProperty('statutory')
})

test('keys that match does not name end with what they were found by: cards that lie, people underground, machines, head counts', () => {
  const left = (area: string) => ({ id: 'left', rule: 'card-left', match: { area }, still: '60s', gap: '60s' })
  const stay = (id: string) => ({ id: 'stay', rule: 'overstay', match: { id }, hours: '1m' })
  const weld = (machine: string) => ({ id: 'weld', rule: 'weld-off-platform', match: { machine }, grace: '0s' })
  const heads = (area: string) => ({ id: 'heads', rule: 'head-count', match: { area }, raiseAfter: '0s' })
  const mine = mineWith(left('face'), stay('face'), weld('m'), heads('face'))
  for (let second = 0; second <= 90; second += 30) mine.read(second, 'r-face', { card: 'a', distance: 1 })
  mine.read(91, 'i', 90)
  mine.read(91, 'i2', 90)
  mine.read(91, 'c-face', 3)
  mine.tick(92)
  expect(mine.told().sort()).toEqual([
    '60 raised left/a',
    '60 raised stay/card:a',
    '91 raised heads/face',
    '91 raised weld/m',
  ])
  mine.reload(100, left('head'), stay('head'), weld('m2'), heads('head'))
  mine.tick(101)
  expect(mine.told().sort()).toEqual([
    '100 cleared heads/face',
    '100 cleared weld/m',
    '92 cleared left/a',
    '92 cleared stay/card:a',
    '92 raised weld/m2',
  ])
  for (let second = 110; second <= 200; second += 30) mine.read(second, 'r-face', { card: 'a', distance: 1 })
  mine.tick(201)
  expect(mine.told()).toEqual([])
})

test('a point that is silent for long enough under shorter patience is told of at once, not within the hour', () => {
  const silent = (raiseAfter: string) => ({ id: 'silent', rule: 'silent', match: { place: 'T1' }, raiseAfter })
  const mine = mineWith(silent('30m'))
  mine.read(0, 't1', 0.5)
  mine.tick(1)
  mine.reload(100, silent('1m'))
  mine.tick(119)
  expect(mine.told()).toEqual([])
  mine.tick(121)
  expect(mine.told()).toEqual(['120 raised silent/t1'])
})

test('what is over keeps the severity it had, also where somebody still has to see to it', () => {
  const mine = mineWith(gas({}))
  mine.read(0, 't1', 1.2)
  mine.read(1, 't1', 0.5)
  mine.reload(2, gas({}, { severity: 'critical' }))
  expect(mine.told()).toEqual(['0 raised gas/t1:high', '1 cleared gas/t1:high'])
  expect(mine.find('gas/t1:high')).toMatchObject({ state: 'rtn-unacked', severity: 'major' })
  mine.read(3, 't1', 1.2)
  expect(mine.last()).toMatchObject({ cause: 'raised', severity: 'critical' })
})

test('what an item held back for a shift of its work is told there only where the item still is for it', () => {
  // An hour before the evening shift, in which the item holds.
  const shifts = [
    { id: 'day', from: '01:00', to: '09:00', work: 'production' },
    { id: 'late', from: '09:00', to: '01:00', work: 'maintenance' },
  ]
  const eyes = (area: string) => ({ ...crew(0, { id: area }), id: 'eyes', rule: 'not-evacuated', work: 'maintenance' })
  const cut = { id: 'cut', rule: 'limit', match: { kind: 'gas.ch4' }, levels: [{ name: 'cut', high: 1 }] }
  const told = (...areas: readonly string[]) => {
    const { limit: _, ...item } = { ...eyes(areas[0]!), within: '1s' }
    const mine = mineOn(shifts, item, cut)
    mine.read(0, 't1', 1.2)
    mine.read(1, 'r-face', { card: 'a' })
    mine.tick(60)
    for (const [i, area] of areas.slice(1).entries()) mine.reload(61 + i, { ...item, match: { id: area } }, cut)
    mine.tick(3_700)
    return mine.told().filter((line) => line.includes('eyes'))
  }
  expect(told('face')).toEqual(['3600 raised eyes/face'])
  expect(told('face', 'head')).toEqual([])
})

test('a reload with the same items changes no state, and one of an item none of the others', () => {
  const others = [
    gas({}, { id: 'gas-2', raiseAfter: '10s' }),
    { id: 'quiet', rule: 'silent', match: { kind: 'gas.ch4' } },
    { ...crew(1), id: 'crew-2' },
    { id: 'rise', rule: 'rise', match: { kind: 'gas.ch4' }, by: 0.3, window: '10m' },
  ]
  const play = (changed: boolean) => {
    const mine = mineWith(gas({}), ...others)
    const told: string[] = []
    const same = () => {
      if (!changed) return
      mine.reload(3, gas({}), ...others)
    }
    mine.read(0, 't1', 0.2)
    mine.read(1, 't1', 1.2)
    mine.read(2, 'r-face', { card: 'a' })
    mine.read(2, 'r-face', { card: 'b' })
    same()
    mine.tick(4)
    if (changed) mine.reload(5, gas({ place: 'T2' }), ...others)
    mine.read(6, 't1', 0.9)
    mine.read(12, 't1', 1.3)
    mine.tick(13)
    for (let second = 20; second < 100; second += 10) mine.tick(second)
    told.push(...mine.told().filter((line) => !line.includes(' gas/')))
    return told
  }
  expect(play(true)).toEqual(play(false))
  const mine = mineWith(gas({}), ...others)
  mine.read(1, 't1', 1.2)
  mine.read(2, 'r-face', { card: 'a' })
  mine.tick(4)
  const before = mine.save()
  mine.reload(4, gas({}), ...others)
  expect(mine.save()).toBe(before)
})
