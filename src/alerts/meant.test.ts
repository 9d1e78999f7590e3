/** A command that names an episode is carried out in that one alone. */
import { expect, test } from 'vitest'
import type { AlarmCommandName } from '../model/command.ts'
import { deskOver } from './desk.fixture.ts'

const CREW = { id: 'crew', rule: 'over-crew', limit: 5, confirm: true }
const ALARM = 'mine/crew/face'
const NOW = { raiseAfter: 0, clearAfter: 0 }

/** In its second episode, which nobody has acknowledged. */
function twice() {
  const mine = deskOver({ rules: [CREW] })
  mine.say(0, 'crew/face', NOW)
  mine.end(1, 'crew/face', NOW)
  mine.say(2, 'crew/face', NOW)
  mine.told.length = 0
  return mine
}

test.each<AlarmCommandName>(['ack', 'confirm', 'reset', 'shelve', 'out-of-service', 'comment'])(
  '%s: of an earlier episode, and of one that never was, it changes nothing',
  (command) => {
    for (const episode of [1, 3]) {
      const mine = twice()
      const before = JSON.stringify(mine.find('crew/face'))
      const order = { command, alarm: ALARM, episode, text: 'seen', witness: 'li' }
      expect(mine.order(3, order)).toBe('episode-mismatch')
      expect(mine.told).toEqual([])
      expect(JSON.stringify(mine.find('crew/face'))).toBe(before)
    }
  },
)

test('of the one that stands it is obeyed, and where it names none', () => {
  for (const named of [{ episode: 2 }, {}]) {
    const mine = twice()
    expect(mine.order(3, { command: 'ack', alarm: ALARM, ...named })).toBeUndefined()
    expect(mine.steps()).toEqual(['3 acked crew/face'])
  }
})

test('where it is known at which entry it stood, that decides, whatever the number', () => {
  const mine = twice()
  const { rose } = mine.find('crew/face')!
  expect(mine.order(3, { command: 'ack', alarm: ALARM, episode: 2, seen: rose - 1 })).toBe('episode-mismatch')
  expect(mine.order(3, { command: 'ack', alarm: ALARM, episode: 7, seen: rose })).toBeUndefined()
})

test('what a backlog holds is an episode that nobody has seen before it was told', () => {
  const mine = deskOver({ rules: [CREW] })
  mine.say(0, 'crew/face', NOW)
  mine.end(1, 'crew/face', NOW)
  const { rose } = mine.find('crew/face')!
  mine.recall(100, 'crew/face', { from: 50, until: 60 })
  expect(mine.order(101, { command: 'ack', alarm: ALARM, episode: 1, seen: rose })).toBe('episode-mismatch')
})
