import { expect, test } from 'vitest'
import { HOUR, MINUTE, parseInstant } from '../model/time.ts'
import { parseCommand } from './command-line.ts'

const NOW = parseInstant('2026-05-01T08:00:00+08:00')!
const parse = (fields: object) => parseCommand(fields, NOW)

test('a command of an alarm, with what it needs, stamped where it brings no time', () => {
  expect(parse({ command: 'ack', alarm: 'a/b/c', by: 'wang' })).toEqual({
    command: 'ack',
    alarm: 'a/b/c',
    by: 'wang',
    ts: NOW,
  })
  expect(parse({ command: 'shelve', alarm: 'a', by: 'w', ts: NOW - 1, for: '30m', reason: 'test gas' })).toMatchObject({
    ts: NOW - 1,
    for: 30 * MINUTE,
    reason: 'test gas',
  })
  expect(parse({ command: 'permit', permit: 'p', site: 's', until: NOW + HOUR })).toMatchObject({
    state: 'open',
    until: NOW + HOUR,
  })
})

test.each([
  [{ command: 'dance', alarm: 'a' }, 'unknown command'],
  [{ command: 'ack' }, '`alarm`'],
  [{ command: 'ack', alarm: 'a', by: 1 }, '`by`'],
  [{ command: 'ack', alarm: 'a', ts: 'soon' }, '`ts`'],
  // A time that no calendar has would be published, and could be written by nobody.
  [{ command: 'ack', alarm: 'a', ts: 9e15 }, '`ts`'],
  [{ command: 'shelve', alarm: 'a', until: 9e15 }, '`until`'],
  // What JSON reads from 1e999, and a snapshot would not keep.
  [{ command: 'out-of-service', alarm: 'a', for: Number.POSITIVE_INFINITY }, '`for`'],
  [{ command: 'shelve', alarm: 'a', for: -1 }, '`for`'],
  [{ command: 'comment', alarm: 'a', text: 'x'.repeat(4_001) }, '`text`'],
  [{ command: 'permit', permit: 'p', site: 's', tested: -9e15 }, '`tested`'],
  [{ command: 'permit', permit: 'p', site: 's', state: 'ajar' }, '`state`'],
])('%j is refused in words', (fields, words) => {
  expect(parse(fields)).toContain(words)
})
