/** Runs a rule's `cases.yaml` as tests, each case twice: straight through, and resumed from a snapshot before every entry. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { runCases } from '../src/app/cases.ts'
import { serialiseTransition } from '../src/app/wire.ts'

/** Registers the tests of the rule in that folder of `src/rules`. */
export function testCases(rule: string): void {
  testCasesIn(`src/rules/${rule}/cases.yaml`)
}

/** The same of any file of cases, by its path in the checkout. */
export function testCasesIn(file: string): void {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
  const resumed = runCases({ text, file, resume: true })
  describe(file, () => {
    for (const [i, { name, passed, report, transitions }] of runCases({ text, file }).entries()) {
      test(name, () => {
        expect(passed, report).toBe(true)
      })
      test(`${name} (resumed before every entry)`, () => {
        const wire = (all: typeof transitions) => all.map((one) => serialiseTransition(one, { sites: new Map() }))
        expect(wire(resumed[i]!.transitions)).toEqual(wire(transitions))
      })
    }
  })
}
