import { expect, test } from 'vitest'
import type { Transition } from '../../model/alarm.ts'
import { parseInstant } from '../../model/time.ts'
import { RULES } from '../../rules/index.ts'
import { inlineInstallation } from '../cases/inline.ts'
import { createReplay } from '../replay.ts'
import { createTrace } from './trace.ts'

const installation = inlineInstallation({
  file: 'trace',
  known: RULES,
  site: {
    areas: [{ id: 'face', kind: 'coal-face' }],
    points: [
      { id: 'ch4', kind: 'gas.ch4', unit: '%', area: 'face' },
      { id: 'co', kind: 'gas.co', unit: 'ppm', area: 'face' },
      { id: 'r', kind: 'card.reader', area: 'face' },
      { id: 'w/current', kind: 'weld.current', area: 'face', machine: 'w' },
    ],
  },
  rules: [
    { id: 'gas', rule: 'limit', match: { kind: 'gas.ch4' }, levels: [{ name: 'a', high: 1, raiseAfter: '20s' }] },
    { id: 'gas/co', rule: 'limit', match: { kind: 'gas.co' }, levels: [{ name: 'a', high: 24 }] },
    { id: 'crew', rule: 'over-crew', match: { kind: 'coal-face' }, limit: 0, raiseAfter: '10s' },
    { id: 'permit', rule: 'weld-permit' },
  ],
})
const START = parseInstant('2026-05-01T08:00:00+08:00')!

interface Line {
  readonly at: number
  readonly [field: string]: unknown
}

/** The trace's lines, and the transitions with and without it. */
function traced(spec: string, input: readonly Line[], until = 0) {
  const lines: string[] = []
  const trace = createTrace({ installation, rules: RULES, spec, write: (line) => lines.push(...line.split('\n')) })
  const run = (replay: ReturnType<typeof createReplay>) => {
    const transitions: Transition[] = []
    for (const { at, ...fields } of input) {
      const refused = replay.take({ site: 'mine', ts: START + at * 1_000, ...fields }, transitions)
      expect(refused).toBeUndefined()
    }
    if (until > 0) replay.until(START + until * 1_000, transitions)
    return transitions
  }
  const watched = run(createReplay({ installation, ...trace }))
  trace.end()
  expect(watched).toEqual(run(createReplay({ installation, rules: RULES })))
  return lines.map((line) => line.replaceAll('2026-05-01T08:', '').replaceAll('.000+08:00', ''))
}

test('what came in, what the rule said, what waited, and the alarm', () => {
  const input = [
    { at: 0, point: 'ch4', value: 0.4 },
    { at: 10, point: 'ch4', value: 1.2 },
    { at: 15, point: 'co', value: 30 },
  ]
  expect(traced('gas:ch4:a', input, 60)).toEqual([
    '00:00  ch4 = 0.4 (good)',
    '00:10  ch4 = 1.2 (good)',
    expect.stringContaining('    says of ch4:a: it is so (active) at 00:10, value 1.2, limit 1: '),
    '    ch4:a waits to raise: raiseAfter 20s since 00:10, due 00:30',
    '    => raised at 00:30: normal to unacked, major  mine/gas/ch4:a/1.1',
    '-- gas:ch4:a: 2 inputs seen, the clock ends at 00:30',
    '-- mine/gas/ch4:a: an alarm since 00:30 (unacked)',
  ])
})

test('why it did not fire: it did not hold', () => {
  const lines = traced('limit:ch4:a', [
    { at: 10, point: 'ch4', value: 1.2 },
    { at: 20, point: 'ch4', value: 0.5 },
  ])
  expect(lines).toContain('    ch4:a waits no longer: it did not hold for its delay')
  expect(lines.at(-1)).toContain('-- mine/gas/ch4:a: never an alarm: ')
})

test('why it did not fire: the clock ended before its delay', () => {
  const lines = traced('gas', [{ at: 10, point: 'ch4', value: 1.2 }], 25)
  expect(lines.at(-1)).toMatch(/not yet an alarm: it must hold to 00:30, and the clock ends \d+s before that: run on/)
})

test('why it did not fire: invalid, late, or nothing that concerns it', () => {
  const bad = traced('gas:ch4:a', [{ at: 10, point: 'ch4', value: null }])
  expect(bad).toContain('00:10  ch4 = null (bad; neither raises nor clears)')
  expect(bad.join('\n')).toContain('nothing it could judge by was good')
  const late = traced('gas:ch4:a', [
    { at: 600, point: 'ch4', value: 0.5 },
    { at: 10, received: START + 610_000, point: 'ch4', value: 1.5 },
  ])
  expect(late).toContain('    late: recorded, but not used live; judged again when the backlog is in')
  expect(traced('gas:ch4:a', [{ at: 10, point: 'co', value: 1 }])).toContain(
    '-- nothing that concerns ch4:a came in. It watches mine: ch4',
  )
})

test('people who move, the clock, and permits are inputs, too', () => {
  const crew = traced('crew:face', [{ at: 0, point: 'r', value: { card: 'c-1' } }], 30)
  expect(crew[0]).toBe('00:00  card:c-1 moves from outside to face')
  expect(crew.some((line) => line.includes('=> raised at 00:10'))).toBe(true)
  const permit = traced(
    'weld-permit:w',
    [
      { at: 0, command: 'permit', permit: 'P', area: 'face', tested: START, by: 'officer' },
      { at: 10, point: 'w/current', value: 140 },
    ],
    60,
  )
  expect(permit.slice(0, 2)).toEqual(['00:00  permit P open by officer', '00:10  w/current = 140 (good)'])
})

test('a point without its level is about every level', () => {
  const lines = traced('limit:ch4', [{ at: 0, point: 'ch4', value: 1.2 }], 60)
  expect(lines.some((line) => line.includes('=> raised at 00:20'))).toBe(true)
  expect(lines.at(-1)).toBe('-- mine/gas/ch4:a: an alarm since 00:20 (unacked)')
})

test('where the rule said nothing: what it asks for, how things stand, and what may have been meant', () => {
  expect(traced('limit:ch4', [{ at: 0, point: 'ch4', value: 0.4 }]).at(-1)).toBe(
    '--   gas asks for a at or above 1 (match {"kind":"gas.ch4"})',
  )
  const crew = traced('crew:face', [{ at: 0, point: 'ch4', value: 0.4 }])
  expect(crew.slice(-2)).toEqual([
    '--   crew asks for limit 0; count "present"; exclude []; held for 10s (match {"kind":"coal-face"})',
    '--   at the end 0 persons are in mine/face',
  ])
  expect(traced('limit:ch5', [{ at: 0, point: 'ch4', value: 0.4 }]).at(-1)).toBe(
    '--   nothing is called ch5; did you mean "ch4"?',
  )
})

test('an unknown rule is told, with what was meant', () => {
  const create = () => createTrace({ installation, rules: RULES, spec: 'crw:face', write: () => {} })
  expect(create).toThrow('no item or rule "crw" is configured; did you mean "crew"?')
})
