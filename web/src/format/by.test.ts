import { expect, test } from 'vitest'
import { WORDS } from '../i18n/words.ts'
import { byText, isWindow } from './by.ts'

test('a window is said by its kind, a person and an alarm as they are', () => {
  expect(byText('calibrate/t2-swap', WORDS.zh)).toBe('标校 (t2-swap)')
  expect(byText('power-cut-test/a/b', WORDS.en)).toBe('Power-cut test (a/b)')
  expect(byText('li', WORDS.en)).toBe('li')
  expect([isWindow('calibrate/x'), isWindow('m/calibrate/x'), isWindow('calibrate')]).toEqual([true, false, false])
})
