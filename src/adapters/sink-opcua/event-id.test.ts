/** EventIds: derived, and valid for as long as their episode runs. */
import { expect, test } from 'vitest'
import { eventIdOf, isEventOf } from './event-id.ts'

const ALARM = 'plant/level/tanks/t-1:full'
const state = { alarm: ALARM, episode: 2, revision: 3 }

test('any event of the running episode may be named, none of another', () => {
  const means = (eventId: Buffer | null, others: readonly Buffer[] = []) => isEventOf(state, { eventId, others })
  for (const revision of [1, 2, 3]) expect(means(eventIdOf(`${ALARM}/2.${revision}`))).toBe(true)
  for (const id of ['1.3', '2.4', '3.1']) expect(means(eventIdOf(`${ALARM}/${id}`)), id).toBe(false)
  expect(means(eventIdOf('plant/level/tanks/t-2:full/2.1'))).toBe(false)
  expect(means(null)).toBe(false)
  const comment = eventIdOf(`${ALARM}/2.1`, 1)
  expect(means(comment)).toBe(false)
  expect(means(comment, [comment])).toBe(true)
})

test('an id is the same in every process, and 16 bytes long', () => {
  expect(eventIdOf('a/1.1')).toEqual(eventIdOf('a/1.1'))
  expect(eventIdOf('a/1.1')).toHaveLength(16)
  expect(eventIdOf('a/1.1', 1)).not.toEqual(eventIdOf('a/1.1'))
})
