import { expect, test } from 'vitest'
import { findPoint } from '../model/site.ts'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { createHeard } from './heard.ts'

const under = (...ids: readonly string[]) =>
  inlineInstallation({
    file: 'mine',
    known: RULES,
    site: { points: ids.map((id) => ({ id, kind: 'gas.ch4' })) },
    rules: [],
  })

test('the newest word of each point, whatever its order, from the journal or live; a bad one is none', () => {
  const installation = under('a', 'b', 'c')
  const heard = createHeard(installation, { before: () => undefined })
  const recalled = { siteId: 'mine', id: 'a' }
  heard.note({ point: recalled, ts: 20, quality: 'good' })
  heard.note({ point: recalled, ts: 10, quality: 'good' })
  heard.note({ point: findPoint(installation, { siteId: 'mine', id: 'b' })!, ts: 30, quality: 'uncertain' })
  heard.note({ point: { siteId: 'mine', id: 'b' }, ts: 40, quality: 'bad' })
  heard.note({ point: { siteId: 'mine', id: 'c' }, ts: 50, quality: 'bad' })
  heard.note({ point: { siteId: 'mine', id: 'gone' }, ts: 60, quality: 'good' })
  const told = () => ['a', 'b', 'c', 'gone'].map((id) => heard.upTo('mine', id))
  expect(told()).toEqual([20, 30, undefined, undefined])
  heard.reload(under('c', 'b', 'new', 'a'))
  expect(told()).toEqual([20, 30, undefined, undefined])
  heard.note({ point: recalled, ts: 70, quality: 'good' })
  expect(told()).toEqual([70, 30, undefined, undefined])
})

test('what is heard beyond a gap does not hide it', () => {
  const before = new Map([['mine a', 10]])
  const heard = createHeard(under('a', 'b'), { before: (site, point) => before.get(`${site} ${point}`) })
  for (const id of ['a', 'b']) heard.note({ point: { siteId: 'mine', id }, ts: 20, quality: 'good' })
  expect([heard.upTo('mine', 'a'), heard.upTo('mine', 'b')]).toEqual([10, 20])
  before.clear()
  expect(heard.upTo('mine', 'a')).toBe(20)
})
