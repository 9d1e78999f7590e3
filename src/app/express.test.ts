import { expect, test } from 'vitest'
import type { Transition } from '../model/alarm.ts'
import { createExpress } from './express.ts'

const step = (alarm: string, revision: number, severity: Transition['severity'] = 'major') =>
  ({ id: `${alarm}/1.${revision}`, alarm, episode: 1, revision, severity }) as Transition

/** Stores when it is told to, and remembers in which portions. */
function rig() {
  const portions: string[][] = []
  const gates: (() => void)[] = []
  let seq = 0
  const state = { broken: false }
  const express = createExpress(
    async (transitions) => {
      portions.push(transitions.map(({ id }) => id))
      await new Promise<void>((resolve) => gates.push(resolve))
      if (state.broken) throw new Error('disk full')
      return transitions.map((transition) => ({ seq: ++seq, transition }))
    },
    () => {},
  )
  const next = async () => {
    while (gates.length === 0) await new Promise((resolve) => setImmediate(resolve))
    gates.shift()!()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { express, portions, next, state }
}

test('a critical alarm overtakes a storm that waits', async () => {
  const { express, portions, next } = rig()
  const storm = express.push(Array.from({ length: 2_500 }, (_, n) => step(`a${n}`, 1)))
  const more = express.push([step('b', 1)])
  const critical = express.push([step('c', 1, 'critical'), step('d', 1)])
  await next()
  await next()
  expect(portions.map((ids) => ids.length)).toEqual([1_000, 1, 1_000])
  expect(portions[1]).toEqual(['c/1.1'])
  for (let i = 0; i < 4; i++) await next()
  expect((await storm).length).toBe(2_500)
  expect((await more).map(({ transition }) => transition.id)).toEqual(['b/1.1'])
  expect((await critical).map(({ transition }) => transition.id)).toEqual(['c/1.1', 'd/1.1'])
  await express.idle()
})

test('within an alarm nothing overtakes, also where it becomes critical while it waits, and where it eases again', async () => {
  const { express, portions, next } = rig()
  void express.push([step('first', 1)])
  void express.push([step('a', 1), step('b', 1)])
  void express.push([step('b', 2, 'critical')])
  void express.push([step('b', 3, 'minor'), step('c', 1)])
  for (let i = 0; i < 4; i++) await next()
  await express.idle()
  expect(portions).toEqual([['first/1.1'], ['b/1.1', 'b/1.2', 'b/1.3'], ['a/1.1'], ['c/1.1']])
})

test('a refusal reaches those whose transitions it concerns, and the next are tried', async () => {
  const { express, next, state } = rig()
  state.broken = true
  const refused = express.push([step('a', 1)])
  const later = express.push([step('b', 1)])
  refused.catch(() => {})
  await next()
  state.broken = false
  await next()
  await expect(refused).rejects.toThrow('disk full')
  expect((await later).length).toBe(1)
})
