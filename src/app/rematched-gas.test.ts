/** Rules that rest on the cut level of gas, where its items or their own change: nothing stands for ever, and nobody says that gas is gone. */
import { expect, test } from 'vitest'
import { type Item, mineWith } from './rematched.fixture.ts'

const cutAt = (match: object, id = 'cut') => ({
  id,
  rule: 'limit',
  match: { kind: 'gas.ch4', ...match },
  levels: [{ name: 'cut', high: 1 }],
})
const power = (match: object) => ({ id: 'power', rule: 'cut-failed', match })
const leave = (match: object) => ({ id: 'leave', rule: 'not-evacuated', match, within: '1s' })

/** What is told beside the gas itself, after a minute of gas at a face with live power and people. */
function mineOfGas(cut: Item, match: object) {
  const mine = mineWith(cut, power(match), leave(match))
  mine.read(0, 't1', 1.2)
  mine.read(1, 'r-face', { card: 'a' })
  mine.tick(60)
  const told = () => mine.told().filter((line) => !line.includes('cut'))
  return { ...mine, told }
}

test('an area in which nothing cuts the power any more is not evacuated for ever', () => {
  const face = { id: 'face' }
  const mine = mineOfGas(cutAt({}), face)
  expect(mine.told()).toHaveLength(2)
  mine.reload(61, cutAt({ place: 'T2' }), power(face), leave(face))
  expect(mine.told().sort()).toEqual(['60 cleared leave/face', '60 cleared power/face'])
  expect(mine.find('leave/face')?.text.en).toContain('nobody judged')
  mine.reload(62, cutAt({}), power(face), leave(face))
  mine.tick(120)
  expect(mine.told()).toEqual([])
})

test('where gas points that cut the power are left, but not the one that did, nobody says that its gas is gone', () => {
  const all = { id: 'mine-way' }
  const mine = mineOfGas(cutAt({}), all)
  mine.reload(61, cutAt({ place: 'T2' }), power(all), leave(all))
  mine.tick(62)
  for (const item of ['power', 'leave']) {
    expect(mine.find(`${item}/mine-way`)?.state).toBe('rtn-unacked')
    expect(mine.find(`${item}/mine-way`)?.text.en).toContain('nobody judged')
  }
  mine.read(63, 't2', 1.2)
  mine.tick(120)
  for (const item of ['power', 'leave']) expect(mine.find(`${item}/mine-way`)?.state).toBe('unacked')
})

test('gas that another item watches now ends what rests on it', () => {
  const face = { id: 'face' }
  const mine = mineOfGas(cutAt({}), face)
  mine.reload(61, cutAt({}, 'cut-2'), power(face), leave(face))
  mine.read(62, 't1', 0.5)
  mine.tick(120)
  expect(mine.told().sort()).toHaveLength(4)
})

test('gas that answers for another area now ends in the one it answered for', () => {
  const mine = mineOfGas(cutAt({}), { id: 'mine-way' })
  mine.told()
  const both = { id: ['mine-way', 'face'] }
  mine.reload(61, cutAt({}), power(both), leave(both))
  mine.tick(62)
  expect(mine.told().sort()).toEqual(['60 cleared power/mine-way', '60 raised power/face', '61 raised leave/face'])
  mine.read(63, 't1', 0.5)
  mine.tick(120)
  expect(
    mine
      .told()
      .filter((line) => line.includes('cleared'))
      .map((line) => line.slice(3)),
  ).toHaveLength(3)
})

test('gas on its way into the timeline does not outlive its level', () => {
  const face = { id: 'face' }
  const mine = mineWith(cutAt({}), power(face), leave(face))
  mine.read(0, 'r-face', { card: 'a' })
  mine.read(1, 't1', 1.2)
  const none = [cutAt({ place: 'T2' }), power({ id: ['face', 'head'] }), leave({ id: ['face', 'head'] })]
  mine.reload(1, ...none)
  mine.reload(1, cutAt({}), power(face), leave(face))
  mine.read(2, 't1', 0.5)
  mine.tick(120)
  for (const item of ['power', 'leave']) expect(mine.find(`${item}/face`)?.state ?? 'normal').not.toBe('unacked')
})
