import { expect, test } from 'vitest'
import { firstLanguage } from '../i18n/words.ts'
import { pageOf } from '../pages.ts'
import { parseRoute, withParams } from './route.ts'

test('addresses name the page, the site and the open alarm', () => {
  expect(parseRoute('')).toMatchObject({ page: '' })
  expect(pageOf(parseRoute('#/nonsense'))).toBe(pageOf(parseRoute('#/')))
  expect(pageOf(parseRoute('#/alarms')).path).toBe('alarms')
  expect(parseRoute('#/sites/bao%2Fyuan?alarm=m%2Fch4%2Fa%3Acut')).toMatchObject({
    page: 'sites',
    name: 'bao/yuan',
    alarm: 'm/ch4/a:cut',
  })
  expect(parseRoute('#/alarms?severity=critical').params.get('severity')).toBe('critical')
})

test('parameters come and go without touching the page', () => {
  expect(withParams('#/alarms?site=m', { alarm: 'm/a' })).toBe('#/alarms?site=m&alarm=m%2Fa')
  expect(withParams('#/alarms?alarm=x', { alarm: undefined })).toBe('#/alarms')
  expect(withParams('', { alarm: 'x' })).toBe('#/?alarm=x')
})

test('the language is the one chosen here, else the browser’s first that the page speaks', () => {
  expect(firstLanguage('zh', ['en'])).toBe('zh')
  expect(firstLanguage(null, ['de-DE', 'zh-TW', 'en'])).toBe('zh')
  expect(firstLanguage(null, ['de'])).toBe('en')
  expect(firstLanguage('klingon', ['en-GB'])).toBe('en')
})
