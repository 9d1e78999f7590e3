import { expect, test } from 'vitest'
import { type Bundle, ruleText } from './evidence.ts'

const PACK = `regulation: { id: plan }
rules:
  - id: ch4/face
    rule: limit
    levels:
      - { name: cut, high: 1.5 }

  # Crews.
  - { id: crew, rule: over-crew, limit: 25 }
  - id: last
    rule: sos
`
const bundle = (id: string) =>
  ({
    rule: { id },
    configurations: [
      {
        hash: 'x',
        files: [
          { path: 'sites/mine.yaml', text: '- id: ch4/face' },
          { path: 'rules/plan.yaml', text: PACK },
        ],
      },
    ],
  }) as unknown as Bundle

test('a rule item is quoted as its pack words it, and no line further', () => {
  expect(ruleText(bundle('ch4/face'))).toEqual({
    path: 'rules/plan.yaml',
    text: '- id: ch4/face\n  rule: limit\n  levels:\n    - { name: cut, high: 1.5 }',
  })
  expect(ruleText(bundle('crew'))?.text).toBe('- { id: crew, rule: over-crew, limit: 25 }')
  expect(ruleText(bundle('last'))?.text).toBe('- id: last\n  rule: sos')
  expect(ruleText(bundle('rule-fault'))).toBeUndefined()
})
