import { expect, test } from 'vitest'
import { changed, fieldsOf, proposalOf } from './proposal.ts'

const duration = { type: 'string', format: 'duration' }
const RULE = {
  severity: 'major' as const,
  raiseAfter: '0s',
  clearAfter: '0s',
  params: {
    levels: [
      { name: 'warning', high: 1 },
      { name: 'cut', high: 1.5, clear: 1 },
    ],
    exclude: ['leader'],
    escalate: { factor: 1.2 },
  },
  schema: {
    properties: {
      levels: {
        type: 'array',
        items: {
          properties: {
            name: { type: 'string' },
            high: { type: 'number' },
            low: { type: 'number' },
            clear: { type: 'number' },
            raiseAfter: duration,
          },
        },
      },
      exclude: { type: 'array', items: { type: 'string' } },
      escalate: { properties: { factor: { type: 'number' } } },
      handover: { properties: { limit: { type: 'integer' } } },
    },
  },
}
const fields = fieldsOf(RULE)

test('numbers, durations and choices are fields, levels by name; what an item leaves to its default is empty', () => {
  expect(fields.map(({ path, group, value }) => [path, group, value])).toEqual([
    ['levels.0.high', 'warning', '1'],
    ['levels.0.clear', 'warning', ''],
    ['levels.0.raiseAfter', 'warning', ''],
    ['levels.1.high', 'cut', '1.5'],
    ['levels.1.clear', 'cut', '1'],
    ['levels.1.raiseAfter', 'cut', ''],
    ['escalate.factor', 'escalate', '1.2'],
    ['raiseAfter', undefined, '0s'],
    ['clearAfter', undefined, '0s'],
    ['severity', undefined, 'major'],
  ])
})

test('only what differs is proposed, each parameter as a whole', () => {
  expect(proposalOf(RULE, { fields, changes: {} })).toBeUndefined()
  expect(proposalOf(RULE, { fields, changes: { 'levels.0.high': '1' } })).toBeUndefined()
  const changes = { 'levels.1.high': '0.8', 'levels.1.clear': '', raiseAfter: '10s' }
  expect(changed(fields, changes).map(({ path }) => path)).toEqual(['levels.1.high', 'levels.1.clear', 'raiseAfter'])
  expect(proposalOf(RULE, { fields, changes })).toEqual({
    raiseAfter: '10s',
    params: {
      levels: [
        { name: 'warning', high: 1 },
        { name: 'cut', high: 0.8 },
      ],
    },
  })
  expect(RULE.params.levels[1]).toEqual({ name: 'cut', high: 1.5, clear: 1 })
})

test('what is no number goes as it was typed, so that the service can say so', () => {
  expect(proposalOf(RULE, { fields, changes: { 'escalate.factor': 'much' } })).toEqual({
    params: { escalate: { factor: 'much' } },
  })
})
