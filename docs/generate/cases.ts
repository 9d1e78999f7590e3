/** The reference of rule cases: every key of a file of cases. */
import { CaseSchema, CasesSchema, ExpectedSchema, InputSchema } from '../../src/app/cases/schema.ts'
import type { Shape } from '../../src/app/config/shape.ts'
import { table } from './table.ts'

/** `cases.md`. */
export function casesReference(): Readonly<Record<string, string>> {
  const parts = [
    '# Cases: every key',
    'How to write them: [cases](../cases.md). Offsets are `10s`, `1m30s`; a span is `0s..5m`.',
    '## The file',
    table(without(CasesSchema, 'cases')),
    '## A case: an item of `cases`',
    table(without(CaseSchema, 'input', 'expect', 'never')),
    '## What comes in: an item of `input`',
    table(InputSchema),
    '## What happens: an item of `expect` or `never`',
    table(ExpectedSchema),
  ]
  return { 'cases.md': `${parts.join('\n\n')}\n` }
}

/** The schema less what has a section of its own. */
function without<T extends object>(schema: T, ...names: readonly string[]): T {
  const { properties = {} } = schema as Shape
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name))),
  }
}
