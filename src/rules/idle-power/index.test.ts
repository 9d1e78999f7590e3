/** The cases of `idle-power`, what it learns against a plain account of it, and what a change of the site's status does. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testCases } from '../../../test/rule-cases.ts'
import { inlineInstallation } from '../../app/cases/inline.ts'
import { conform } from '../../app/config/conform.ts'
import { createFold, type Fold } from '../../app/fold.ts'
import type { Transition } from '../../model/alarm.ts'
import type { NewEntry } from '../../model/entry.ts'
import type { Json } from '../../model/json.ts'
import { MINUTE, parseInstant } from '../../model/time.ts'
import { RULES } from '../index.ts'
import { idlePower } from './index.ts'
import { beginLearning, learn, loadLearning, saveLearning } from './learning.ts'
import type { IdlePowerParams } from './params.ts'

testCases('idle-power')

const params = { ...(conform({}, idlePower.params).value as IdlePowerParams), learn: 100 * MINUTE }

test('the usual power is that of the share of the time, to 1.6 %, whether or not it was saved half way', () => {
  const steps = fc.array(
    fc.record({
      after: fc.integer({ min: 1, max: 70 }),
      value: fc.integer({ min: 0, max: 2_000 }),
      save: fc.boolean(),
    }),
    { minLength: 20, maxLength: 80 },
  )
  fc.assert(
    fc.property(steps, fc.double({ min: 0.5, max: 1, noNaN: true }), (all, share) => {
      let learning = beginLearning('suspended')
      const stood: { value: number; time: number }[] = []
      let ts = 0
      let before: number | undefined
      for (const { after, value, save } of all) {
        ts += after * MINUTE
        if (before !== undefined && learning.usual === undefined) {
          stood.push({ value: before, time: Math.min(after, 60) * MINUTE })
        }
        before = value
        if (save) learning = loadLearning(JSON.parse(JSON.stringify(saveLearning(learning))) as Json)
        learn(learning, { ts, value }, { ...params, share })
      }
      const whole = stood.reduce((sum, { time }) => sum + time, 0)
      fc.pre(learning.usual !== undefined)
      const within = (bound: number) => stood.reduce((sum, { value, time }) => sum + (value <= bound ? time : 0), 0)
      expect(within(learning.usual!)).toBeGreaterThanOrEqual(whole * share)
      expect(within(learning.usual! / 1.0157 - 1e-9)).toBeLessThan(whole * share + 1)
    }),
  )
})

const START = parseInstant('2026-05-01T08:00:00+08:00')!

const mine = (status: string) =>
  inlineInstallation({
    file: 'idle-power',
    known: RULES,
    site: { status, points: [{ id: 'hoist', kind: 'power.active', unit: 'kW' }] },
    rules: [{ id: 'power', rule: 'idle-power', floor: 60 }],
  })

test('a mine that may produce again has no alarm, and has it again when it is closed', () => {
  const transitions: Transition[] = []
  let fold: Fold = createFold({ installation: mine('suspended'), rules: RULES })
  let offset = 0
  const enter = (entry: NewEntry) => fold.apply({ ...entry, offset: ++offset } as never, transitions)
  const draw = (minute: number) => {
    const at = START + minute * MINUTE
    const point = { siteId: 'mine', id: 'hoist' }
    enter({ type: 'reading', at, reading: { point, ts: at, value: 900, quality: 'good' } } as never)
    enter({ type: 'tick', at } as never)
  }
  const become = (status: string) => {
    fold = createFold({ installation: mine(status), rules: RULES, saved: JSON.parse(JSON.stringify(fold.save())) })
  }
  for (let minute = 0; minute <= 12; minute++) draw(minute)
  become('producing')
  for (let minute = 13; minute <= 30; minute++) draw(minute)
  become('closed')
  for (let minute = 31; minute <= 45; minute++) draw(minute)
  expect(transitions.map(({ cause, at }) => [cause, (at - START) / MINUTE])).toEqual([
    ['raised', 10],
    ['cleared', 13],
    ['raised', 41],
  ])
  expect(transitions[1]!.text.en).toContain('the site is producing now')
})
