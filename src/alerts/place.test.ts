/** Where an alarm is. */
import { expect, test } from 'vitest'
import type { Site } from '../model/site.ts'
import { deskOver } from './desk.fixture.ts'
import { placeOf } from './place.ts'

const face = { id: 'face' }
const site = {
  id: 'mine',
  areas: new Map([['face', face]]),
  points: new Map([
    ['card-1', { id: 'card-1', area: face }],
    ['ch4:a', { id: 'ch4:a', area: face }],
  ]),
} as unknown as Site
const place = (key: string) => placeOf({ site, key, evidence: [] })

test('a key names an area, a point, a level of a point, or a person at an area', () => {
  expect(place('face')).toEqual({ area: 'face' })
  expect(place('card-1')).toEqual({ point: 'card-1', area: 'face' })
  expect(place('card-1:high')).toEqual({ point: 'card-1', area: 'face' })
  expect(place('ch4:a')).toEqual({ point: 'ch4:a', area: 'face' })
  expect(place('ch4:a:high')).toEqual({ point: 'ch4:a', area: 'face' })
  expect(place('p-1@face')).toEqual({ area: 'face' })
  expect(place('nobody')).toEqual({})
})

test('a key that is longer than a point’s name by one letter is not that point', () => {
  expect(place('card-12')).toEqual({})
})

test('a card is elsewhere in its next episode, and stays where it was within one', () => {
  const mine = deskOver({ rules: [{ id: 'calls', rule: 'sos' }] })
  mine.say(0, 'calls/c-1', { raiseAfter: 0, evidence: mine.seen('r-face') })
  expect(mine.find('calls/c-1')!.place).toEqual({ area: 'face' })
  mine.say(1, 'calls/c-1', { raiseAfter: 0, evidence: mine.seen('r-head') })
  expect(mine.find('calls/c-1')!.place).toEqual({ area: 'face' })
  mine.end(2, 'calls/c-1', { clearAfter: 0 })
  mine.say(3, 'calls/c-1', { raiseAfter: 0, evidence: mine.seen('r-head') })
  expect(mine.find('calls/c-1')!.place).toEqual({ area: 'head' })
})

test('also where a tick, or after a restart, tells the rise', () => {
  const mine = deskOver({ rules: [{ id: 'calls', rule: 'sos' }] })
  mine.say(0, 'calls/c-1', { raiseAfter: 0, evidence: mine.seen('r-face') })
  mine.end(2, 'calls/c-1', { clearAfter: 0 })
  mine.say(3, 'calls/c-1', { raiseAfter: 5_000, evidence: mine.seen('r-head') })
  mine.restore()
  mine.tick(8)
  expect(mine.steps().at(-1)).toBe('8 raised calls/c-1')
  expect(mine.find('calls/c-1')!.place).toEqual({ area: 'head' })
})
