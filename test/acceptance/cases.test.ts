/** `davy test`: exit code, and a report that leads to the case that failed. */
import { afterAll, expect, test } from 'vitest'
import { davy, house } from './house-rig.ts'

const rented = house({
  'sites/mine.yaml': { site: 'mine', points: [{ id: 't1', kind: 'gas.ch4', unit: '%' }] },
  'rules/plan.yaml': {
    regulation: { id: 'plan', title: 'A plan' },
    rules: [{ id: 'ch4', rule: 'limit', levels: [{ name: 'cut', high: 1 }] }],
  },
})
const file = rented.write(
  'rules/ch4.cases.yaml',
  `site: mine
cases:
  - case: one is the limit
    input: [{ at: 0s, point: t1, value: 1 }]
    expect: [{ at: 0s, raised: "t1:cut" }]

  - case: two, some would say
    input: [{ at: 0s, point: t1, value: 1 }]
    expect: []

  - case: three is never reached
    input: [{ at: 0s, point: t1, value: 3 }]
    expect: []
`,
)
afterAll(() => rented.remove())

test('the first case that fails is named with file and line, what was expected and what happened; the exit code is 1', async () => {
  const { code, out } = await davy(['test', '--config', rented.config, file])
  expect(code).toBe(1)
  const lines = out.trimEnd().split('\n')
  expect(lines[0]).toBe(`${file}:7: two, some would say`)
  expect(out).toMatch(/^\+ 0s +raised +t1:cut/m)
  expect(out).not.toContain('three is never reached')
  expect(lines.at(-1)).toBe('1 passed, 1 failed')
})

test('secrets that are not set here stop nobody who needs none; `check` and `start` say so', async () => {
  rented.write('davy.yaml', `mqtt: { users: [{ user: gw, password: "$${'{GATEWAY}'}", site: mine }] }\n`)
  const readings = rented.write(
    'readings.jsonl',
    '{"site":"mine","point":"t1","ts":"2026-05-01T08:00:00Z","value":1}\n',
  )
  const config = ['--config', rented.config]
  const lacking = 'the environment has no GATEWAY'
  const judged = await davy(['replay', ...config, '--input', readings])
  expect(judged).toMatchObject({ code: 0, out: expect.stringContaining('"raised"') })
  expect(await davy(['coverage', ...config])).toMatchObject({ code: 0, out: expect.stringContaining('plan') })
  expect((await davy(['test', ...config, file])).out).toContain('1 passed, 1 failed')
  const checked = await davy(['check', ...config])
  expect(checked).toMatchObject({ code: 1, out: expect.stringContaining(lacking) })
  const started = await davy(['start', ...config, '--data', rented.data])
  expect(started.code).not.toBe(0)
  expect(started.out + started.err).toContain(lacking)
})
