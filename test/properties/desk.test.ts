/** What must hold of the alarm desk for any input: what keeps alarms from people changes nothing that is true, and a snapshot is as good as the past. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { play } from '../../src/app/cases/play.ts'
import type { Stimulus } from '../../src/app/cases/stimuli.ts'
import { serialiseTransition } from '../../src/app/wire.ts'
import type { Transition } from '../../src/model/alarm.ts'
import { CLOCKS } from '../../src/model/duty.ts'
import { PRACTICE } from '../../src/model/handling.ts'
import type { Installation } from '../../src/model/site.ts'
import { HOUR } from '../../src/model/time.ts'
import { RULES } from '../../src/rules/index.ts'
import { deliver, LENGTH, mine, START, wild } from './mine.ts'
import { runs } from './thorough.ts'

const END = START + LENGTH + 30 * 60_000
const ASKED: Readonly<Record<string, object>> = {
  gas: { latch: true, confirm: true, realarm: 90_000 },
  face: { confirm: true, statutory: true },
  shift: { confirm: true, latch: true },
  silent: { confirm: true, realarm: 60_000 },
}

/** The mine with everything on that a rule item, a pack and duty.yaml may ask of alarms. */
const desk: Installation = {
  ...mine,
  rules: mine.rules.map((rule) => ({ ...rule, handling: ASKED[rule.id] ?? {} })),
  practice: { ...PRACTICE, flood: { from: 4, until: 2, within: 120_000 } },
  duty: {
    desks: [
      {
        id: 'low',
        name: { zh: '下', en: 'low' },
        level: 'mine',
        sites: ['mine'],
        parent: 'high',
        contacts: [],
        quiet: { id: 'quiet', from: 22 * HOUR, to: 6 * HOUR, work: 'quiet' },
        timezone: 'Asia/Shanghai',
      },
      { id: 'high', name: { zh: '上', en: 'high' }, level: 'city', contacts: [], timezone: 'Asia/Shanghai' },
    ],
    clocks: { ...CLOCKS, notice: { ack: 60_000, clear: 5 * 60_000 }, minor: { ack: 60_000, clear: 5 * 60_000 } },
  },
  suppressions: [
    { id: 'a', while: { rule: 'silent' }, alarms: { rule: 'gas', match: {} }, same: 'point' },
    { id: 'b', while: { rule: 'unmonitored' }, alarms: { rule: 'silent', match: {} }, same: 'area' },
    { id: 'c', while: { rule: 'silent' }, alarms: { rule: 'face', match: {} }, same: 'site' },
  ],
}

/** Alarms of the desk's own: what people are told is what they are about. */
const OWN = ['alarm-flood', 'response-clock']
const ALARMS = ['gas/ch4-1:alarm', 'gas/ch4-1:cut', 'gas/ch4-2:alarm', 'face/face', 'shift/maint', 'silent/ch4-1']
const HUSHES = ['shelve', 'unshelve', 'out-of-service', 'in-service', 'calibrate', 'power-cut-test']

const alarm = fc.constantFrom(...ALARMS).map((name) => `mine/${name}`)
const span = fc.integer({ min: 10_000, max: 400_000 })
const given = fc.oneof(
  fc.record({ command: fc.constantFrom('ack', 'ack', 'confirm', 'reset', 'unshelve', 'in-service'), alarm }),
  fc.record({ command: fc.constant('shelve'), alarm, for: span, once: fc.boolean() }),
  fc.record({ command: fc.constant('out-of-service'), alarm, for: span }),
  fc.record({
    command: fc.constantFrom('calibrate', 'power-cut-test'),
    window: fc.constantFrom('w-1', 'w-2'),
    area: fc.constantFrom('face', 'maint', 'underground'),
    for: span,
  }),
)
const commands = fc
  .array(fc.tuple(fc.integer({ min: 0, max: LENGTH / 1_000 }), given), { minLength: 10, maxLength: 50 })
  .map((all) =>
    all.map(([second, order]): Stimulus => {
      const { for: lasts, ...rest } = { for: undefined as number | undefined, ...order }
      const at = START + second * 1_000
      const common = { ts: at, by: 'wang', reason: 'generated', witness: 'li' }
      const end = 'window' in order ? { site: 'mine', until: at + lasts! } : lasts === undefined ? {} : { for: lasts }
      return { at, line: { ...common, ...rest, ...end } }
    }),
  )

function run(stimuli: readonly Stimulus[], resume = false): readonly Transition[] {
  const inOrder = [...stimuli].sort((a, b) => a.at - b.at)
  return play(inOrder, { installation: desk, rules: RULES, start: START, until: END, resume }).transitions
}

const bytes = (transitions: readonly Transition[]) =>
  transitions.map((one) => JSON.stringify(serialiseTransition(one, desk))).join('\n')

test('going on from a snapshot, at any entry, changes nothing', () => {
  fc.assert(
    fc.property(wild, commands, ([news, lags], orders) => {
      const stimuli = [...deliver(news, lags), ...orders]
      expect(bytes(run(stimuli, true))).toBe(bytes(run(stimuli)))
    }),
    { numRuns: runs(3, 12) },
  )
}, 120_000)

test('such input brings about everything that is claimed to be the same', () => {
  const seen = new Set<unknown>()
  for (const [[news, lags], orders] of fc.sample(fc.tuple(wild, commands), { numRuns: 120, seed: 7 })) {
    for (const { cause, held, hush, group, first, chattering, rule } of run([...deliver(news, lags), ...orders])) {
      for (const mark of [
        cause,
        held,
        hush?.kind,
        group && 'group',
        first && 'first',
        chattering && 'chattering',
        rule,
      ])
        seen.add(mark)
    }
  }
  const wanted = ['latched', 'unconfirmed', 'realarmed', 'confirmed', 'suppressed', 'unsuppressed', 'group']
  expect([...seen]).toEqual(
    expect.arrayContaining([...wanted, 'first', 'chattering', 'alarm-flood', 'response-clock', 'handed-on']),
  )
})

test('what keeps alarms from people changes nothing that is true', () => {
  const truth = (transitions: readonly Transition[]) =>
    transitions
      .filter(({ cause, rule }) => !OWN.includes(rule) && ['raised', 'cleared', 'escalated', 'eased'].includes(cause))
      .map(({ alarm: name, episode, cause, at, since, received, severity, value, limit, to, held }) =>
        JSON.stringify({ name, episode, cause, at, since, received, severity, value, limit, to, held }),
      )
  let hushed = 0
  fc.assert(
    fc.property(wild, commands, ([news, lags], orders) => {
      const told = run([...deliver(news, lags), ...orders])
      hushed += told.filter(({ hush }) => hush).length
      const frank = orders.filter(({ line }) => !HUSHES.includes(line.command as string))
      expect(truth(told)).toEqual(truth(run([...deliver(news, lags), ...frank])))
      const unsuppressed = play(
        [...deliver(news, lags), ...frank].sort((a, b) => a.at - b.at),
        {
          installation: { ...desk, suppressions: [] },
          rules: RULES,
          start: START,
          until: END,
        },
      )
      expect(truth(told)).toEqual(truth(unsuppressed.transitions))
    }),
    { numRuns: 25 },
  )
  expect(hushed).toBeGreaterThan(50)
}, 120_000)
