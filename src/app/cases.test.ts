import { expect, test } from 'vitest'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { runCases } from './cases.ts'

const HEAD = `
site:
  areas: [{ id: face, kind: coal-face }]
  points:
    - { id: ch4, kind: gas.ch4, unit: "%", area: face }
    - { id: r, kind: card.reader, area: face }
rules:
  - { id: gas, rule: limit, levels: [{ name: alarm, high: 1, raiseAfter: 10s }] }
cases:
`
const run = (cases: string, head = HEAD) => runCases({ text: head + cases, file: 'x.cases.yaml' })
const reportOf = (cases: string) => run(cases)[0]!.report

test('a case that holds passes, with what happened', () => {
  const [report] = run(`
  - case: it raises
    input: [{ at: 0s..20s, every: 5s, point: ch4, value: 1.2 }]
    expect: [{ at: 10s, since: 0s, raised: "ch4:alarm", severity: major, value: 1.2, limit: 1, rule: gas }]
`)
  expect(report).toMatchObject({ passed: true, report: '', name: 'it raises', line: 11 })
  expect(report!.transitions).toHaveLength(1)
})

test('a case that does not hold shows what was expected and what happened, in offsets', () => {
  const report = reportOf(`
  - case: it raises too late
    input: [{ at: 0s..20s, every: 5s, point: ch4, values: [1.2, 1.2, 1.2, 1.2, 0.5] }]
    expect: [{ at: 11s, raised: "ch4:alarm", value: 1.2 }, { at: 20s, cleared: "ch4:alarm" }]
`)
  const [head, found, missed, fine] = report.split('\n')
  expect(head).toBe('- expected, + happened:')
  expect(found).toMatch(
    /^\+ 10s +raised +ch4:alarm +major, value 1.2, limit 1, normal → unacked, rule gas, judged 10s: /,
  )
  expect(missed).toMatch(/^- 11s +raised +ch4:alarm +value 1.2$/)
  expect(fine).toMatch(/^ {2}20s +cleared/)
})

test('what happens beside the expectations fails a case, unless it is about something else', () => {
  const input = 'input: [{ at: 0s..20s, every: 5s, point: ch4, value: 1.2 }]'
  expect(reportOf(`\n  - { case: nothing, ${input} }`)).toContain('+ 10s')
  expect(reportOf(`\n  - { case: another rule, about: crew/face, ${input} }`)).toBe('')
  expect(reportOf(`\n  - { case: never, about: crew/face, ${input}, never: [{ raised: "ch4:alarm" }] }`)).toContain(
    'although never',
  )
  expect(reportOf(`\n  - { case: never later, about: crew/face, ${input}, never: [{ at: 11s }] }`)).toBe('')
})

test('transitions are compared in their order; within one instant any order will do', () => {
  const input = 'input: [{ at: 0s..30s, every: 10s, point: ch4, values: [1.2, 1.2, 0.5, 0.5] }]'
  expect(reportOf(`\n  - { case: a, ${input}, expect: [{ raised: "ch4:alarm" }, { cleared: "ch4:alarm" }] }`)).toBe('')
  expect(
    reportOf(`\n  - { case: b, ${input}, expect: [{ cleared: "ch4:alarm" }, { raised: "ch4:alarm" }] }`),
  ).toContain('another order')
})

test('a case whose input is refused fails, whatever it expects', () => {
  expect(reportOf('\n  - { case: a, input: [{ at: 0s, point: nowhere, value: 1 }] }')).toContain('point-unknown')
  expect(reportOf('\n  - { case: a, input: [{ at: 0s, point: ch4, value: [1] }] }')).toContain('value-type')
  expect(reportOf('\n  - { case: a, input: [{ at: 0s, ack: "ch4:alarm" }] }')).toContain('alarm-unknown')
})

test('input that says too little or too much is told in words', () => {
  expect(reportOf('\n  - { case: a, input: [{ at: 0s, value: 1 }] }')).toContain('exactly one of')
  expect(reportOf('\n  - { case: a, input: [{ at: 0s, point: ch4 }] }')).toContain('`value` and `values`')
  expect(reportOf('\n  - { case: a, input: [{ at: 0s, reader: r }] }')).toContain('needs `cards`')
})

test('a file that cannot be read names file, line and reason, for every flaw at once', () => {
  const [report, ...more] = run(`
  - case: a
    inputs: []
    until: soon
  - case: b
    input: [{ at: 0s..5m, point: ch4, value: 1 }]
    expect: [{ at: 5s }]
`)
  expect(more).toEqual([])
  expect(report).toMatchObject({ passed: false, name: '(file)' })
  expect(report!.report).toContain('x.cases.yaml:12:5: unknown key "inputs"; did you mean "input"?')
  const flaws = run(`
  - case: a
    until: soon
  - case: b
    input: [{ at: 0s..5m, point: ch4, value: 1 }]
    expect: [{ at: 5s }]
`)[0]!.report.split('\n')
  expect(flaws).toEqual([
    'x.cases.yaml:12:12: expected an offset such as 0s, 70s or 1m30s, found "soon"',
    'x.cases.yaml:14:19: a span needs `every`',
    'x.cases.yaml:15:14: needs exactly one cause with its key, such as `raised: face-101`',
  ])
  expect(run('  - [', 'cases:\n')[0]!.report).toContain('YAML')
})

test('a rule item or a site that is wrong fails the case that needs it', () => {
  const head = HEAD.replace('high: 1,', 'hihg: 1,')
  expect(run('\n  - { case: a }', head)[0]!.report).toContain('unknown key "hihg"')
  expect(run('  - { case: a }', 'cases:\n')[0]!.report).toContain('no configuration was given')
})

test('cases beside a configuration use its sites and rules', () => {
  const installation = inlineInstallation({
    file: 'config',
    known: RULES,
    site: { site: 'pit', points: [{ id: 'ch4', kind: 'gas.ch4' }] },
    rules: [{ id: 'gas', rule: 'limit', levels: [{ name: 'cut', high: 1.5 }] }],
  })
  const one = (site: string) => `${site}
cases:
  - case: it cuts
    input: [{ at: 0s, point: ch4, value: 1.5 }, { at: 5s, ack: "ch4:cut", by: officer }]
    expect: [{ at: 0s, raised: "ch4:cut" }, { at: 5s, acked: "ch4:cut", by: officer }]
`
  expect(runCases({ text: one('site: pit'), file: 'a', installation })[0]!.report).toBe('')
  expect(runCases({ text: one(''), file: 'a', installation })[0]!.report).toBe('')
  expect(runCases({ text: one('site: mine'), file: 'a', installation })[0]!.report).toBe(
    'no site "mine" is configured; known: pit',
  )
})
