/** The cases of `silent`, and that listening to a talkative point costs no wake-ups. */
import { expect, test } from 'vitest'
import { record } from '../../../test/recorder.ts'
import { testCases } from '../../../test/rule-cases.ts'
import { inlineInstallation } from '../../app/cases/inline.ts'
import { RULES } from '../index.ts'
import { silent } from './index.ts'

testCases('silent')

const installation = inlineInstallation({
  file: 'silent',
  known: RULES,
  site: { points: [{ id: 'ch4', kind: 'gas.ch4', silentAfter: '60s' }] },
  rules: [{ id: 'silent', rule: 'silent' }],
})

test('readings of a point that speaks ask for no wake-up; each wake-up asks for the next', () => {
  const recorder = record(silent, installation)
  expect(recorder.wakes).toEqual([60_000])
  for (let at = 0; at < 60_000; at += 1_000) recorder.read(at, 0.4)
  expect(recorder.wakes).toEqual([60_000])
  recorder.wake(60_000)
  expect(recorder.wakes).toEqual([60_000, 119_000])
  expect(recorder.stated).toEqual([])
})

test('once silent it waits for the point, and listens again when it is heard', () => {
  const recorder = record(silent, installation)
  recorder.wake(60_000)
  expect(recorder.wakes).toEqual([60_000])
  recorder.reload()
  recorder.read(100_000, 0.4)
  expect(recorder.wakes).toEqual([60_000, 160_000])
  expect(recorder.stated.map(({ truth, at, elapsed }) => [truth, at, elapsed])).toEqual([
    ['active', 60_000, true],
    ['inactive', 100_000, undefined],
  ])
})
