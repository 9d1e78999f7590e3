/** What an alarm says of itself while the next thing is under way, what a shelf outlives, and what a handover lists first. */
import { expect, test } from 'vitest'
import { SECOND } from '../model/time.ts'
import { deskOver } from './desk.fixture.ts'

const CREW = { id: 'crew', rule: 'over-crew', limit: 5 }
const NOW = { raiseAfter: 0, clearAfter: 0 }

test('what has begun and not risen changes nothing of what stands unacknowledged', () => {
  for (const restored of [false, true]) {
    const mine = deskOver({ rules: [CREW] })
    mine.say(0, 'crew/face', { ...NOW, severity: 'critical', value: 9, evidence: mine.seen('r-face') })
    mine.end(1, 'crew/face', NOW)
    mine.say(2, 'crew/face', { raiseAfter: 10 * SECOND, severity: 'minor', value: 6 })
    if (restored) mine.restore()
    mine.order(3, { command: 'comment', alarm: 'mine/crew/face', text: 'seen' })
    expect(mine.find('crew/face')).toMatchObject({ severity: 'critical' })
    mine.order(4, { command: 'shelve', alarm: 'mine/crew/face' })
    expect(mine.told.at(-1)).toMatchObject({ cause: 'shelved', severity: 'critical' })
    mine.tick(12)
    expect(mine.told.at(-1)).toMatchObject({ cause: 'raised', episode: 2, severity: 'minor', value: 6 })
  }
})

test('a rise that never came leaves the one before as it was', () => {
  const mine = deskOver({ rules: [CREW] })
  mine.say(0, 'crew/face', { ...NOW, severity: 'critical' })
  mine.end(1, 'crew/face', NOW)
  mine.say(2, 'crew/face', { raiseAfter: 10 * SECOND, severity: 'minor' })
  mine.end(5, 'crew/face', NOW)
  mine.order(6, { command: 'ack', alarm: 'mine/crew/face' })
  expect(mine.told.at(-1)).toMatchObject({ cause: 'acked', to: 'normal', severity: 'critical', episode: 1 })
})

test('an end that the news of a new rise concludes is told in its own words', () => {
  const mine = deskOver({ rules: [CREW] })
  mine.say(0, 'crew/face', { ...NOW, value: 9 })
  mine.end(1, 'crew/face', { clearAfter: 5 * SECOND, value: 2 })
  mine.say(10, 'crew/face', { ...NOW, value: 7 })
  expect(mine.told.slice(-2)).toMatchObject([
    { cause: 'cleared', value: 2, text: { en: 'inactive' } },
    { cause: 'raised', value: 7, text: { en: 'active' } },
  ])
})

test('a shelf that ends in the very tick in which the alarm returns to normal is told to end once', () => {
  const mine = deskOver({ rules: [CREW] })
  mine.say(0, 'crew/face', NOW)
  mine.order(1, { command: 'shelve', alarm: 'mine/crew/face', once: true, for: 9 * SECOND })
  mine.end(2, 'crew/face', { clearAfter: 7 * SECOND })
  mine.tick(10)
  expect(mine.steps()).toEqual([
    '0 raised crew/face',
    '1 shelved crew/face',
    '9 cleared crew/face',
    '9 unshelved crew/face',
  ])
})

test('a shelf until the next return to normal ends where the rule is withdrawn', () => {
  const mine = deskOver({ rules: [CREW] })
  mine.say(0, 'crew/face', NOW)
  mine.order(1, { command: 'shelve', alarm: 'mine/crew/face', once: true })
  mine.reload(5, { rules: [{ ...CREW, limit: 4 }] })
  // Nobody gave that reason: it is told in both languages.
  const why = { zh: '已恢复正常', en: 'it returned to normal' }
  expect(mine.told.at(-1)).toMatchObject({ cause: 'unshelved', reason: why.en, why })
  expect(mine.told[1]).not.toHaveProperty('why')
  mine.say(6, 'crew/face', NOW)
  expect(mine.told.at(-1)).toMatchObject({ cause: 'raised' })
  expect(mine.told.at(-1)).not.toHaveProperty('hush')
  expect(mine.steps().slice(2)).toEqual(['5 cleared crew/face', '5 unshelved crew/face', '6 raised crew/face'])
})

test('an alarm that ends with its rule does not say that it is over', () => {
  const mine = deskOver({ rules: [CREW] })
  mine.say(0, 'crew/face', NOW)
  mine.reload(5, { rules: [{ ...CREW, limit: 4 }] })
  const before = mine.told[0]!.text
  expect(mine.told.at(-1)).toMatchObject({
    cause: 'cleared',
    reason: 'the rule was changed or withdrawn',
    why: { zh: '规则已变更或撤销', en: 'the rule was changed or withdrawn' },
    text: {
      zh: `规则已变更或撤销，报警随之结束；此前：${before.zh}`,
      en: `The rule was changed or withdrawn, and the alarm ends with it; before: ${before.en}`,
    },
  })
})

test('what a withdrawn rule had only begun to say is forgotten', () => {
  const mine = deskOver({ rules: [CREW] })
  mine.say(0, 'crew/face', { raiseAfter: 10 * SECOND })
  mine.reload(5, { rules: [{ ...CREW, limit: 4 }] })
  expect(mine.find('crew/face')).toBeUndefined()
})

test('a handover lists what holds before what is over, unacknowledged before acknowledged, the worst first', () => {
  const mine = deskOver({
    rules: [
      { ...CREW, latch: true },
      { id: 'gas', rule: 'over-crew', limit: 5 },
    ],
  })
  mine.say(0, 'gas/face', { ...NOW, severity: 'critical' })
  mine.end(1, 'gas/face', NOW)
  mine.say(2, 'crew/head', { ...NOW, severity: 'critical' })
  mine.end(3, 'crew/head', NOW)
  mine.say(4, 'gas/head', { ...NOW, severity: 'critical' })
  mine.order(5, { command: 'ack', alarm: 'mine/gas/head' })
  mine.say(6, 'crew/shaft', { ...NOW, severity: 'minor' })
  mine.say(7, 'gas/shaft', { ...NOW, severity: 'major' })
  const words = { outgoing: 'li', incoming: 'zhao', text: '' }
  expect(mine.order(8, { command: 'handover', desk: 'mine', ...words })).toBeUndefined()
  expect(
    mine
      .handovers()
      .at(-1)!
      .standing.map(({ alarm }) => alarm),
  ).toEqual(['mine/gas/shaft', 'mine/crew/shaft', 'mine/gas/head', 'mine/gas/face', 'mine/crew/head'])
})

test('nobody acknowledges before the rise, whatever the clock of their command says', () => {
  const mine = deskOver({ rules: [CREW] })
  mine.say(10, 'crew/face', NOW)
  mine.order(10, { command: 'ack', alarm: 'mine/crew/face', ts: mine.at(7) })
  mine.order(12, { command: 'comment', alarm: 'mine/crew/face', text: 'seen', ts: mine.at(9) })
  expect(mine.steps()).toEqual(['10 raised crew/face', '10 acked crew/face'])
  expect(mine.find('crew/face')!.remarks).toMatchObject([{ at: mine.at(10) }])
})
