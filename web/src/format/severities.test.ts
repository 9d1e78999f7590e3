import { expect, test } from 'vitest'
import { severitiesOf } from './severities.ts'

test('an item without levels raises at its own severity', () => {
  expect(severitiesOf({ severity: 'minor', params: { limit: 25 } })).toEqual(['minor'])
})

test('levels raise at theirs, or else the item’s, the worst first and each once', () => {
  const levels = [
    { name: 'warning', high: 1 },
    { name: 'cut', high: 1.5, severity: 'critical' },
    { name: 'high', high: 2, severity: 'critical' },
  ]
  expect(severitiesOf({ severity: 'major', params: { levels } })).toEqual(['critical', 'major'])
  expect(severitiesOf({ severity: 'major', params: { levels: levels.slice(1) } })).toEqual(['critical'])
})
