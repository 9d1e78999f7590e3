import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createReferences } from './references.ts'

const references = createReferences(randomBytes(32))
const ALARMS = ['mine/people/restricted/p-117@goaf', 'm/s/1', '宝源/求救/10123', `mine/convoy/${'a'.repeat(500)}+b`]

test('a reference is the same for ever, leads back to its alarm, stands in an address as it is, and says nothing', () => {
  for (const alarm of ALARMS) {
    const reference = references.of(alarm)
    expect(references.alarmOf(reference)).toBe(alarm)
    expect(references.of(alarm)).toBe(reference)
    expect(encodeURIComponent(reference)).toBe(reference)
    expect(Buffer.from(reference, 'base64url').toString('latin1')).not.toMatch(/mine|117|10123/)
  }
  expect(new Set(ALARMS.map(references.of)).size).toBe(ALARMS.length)
})

test('what was altered, guessed or made elsewhere is no reference, nor is an id', () => {
  const reference = references.of(ALARMS[0]!)
  const bytes = Buffer.from(reference, 'base64url')
  for (const place of bytes.keys()) {
    const altered = Buffer.from(bytes)
    altered[place]! ^= 1
    expect(references.alarmOf(altered.toString('base64url'))).toBeUndefined()
  }
  for (const none of [
    '',
    'a',
    ...ALARMS,
    `${reference}=`,
    reference.slice(0, -22),
    randomBytes(48).toString('base64url'),
  ]) {
    expect(references.alarmOf(none)).toBeUndefined()
  }
  expect(createReferences(randomBytes(32)).alarmOf(reference)).toBeUndefined()
})
