import { expect, test } from 'vitest'
import type { Transition } from '../model/alarm.ts'
import { HOUR, MINUTE } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { createReplay, type Replay } from './replay.ts'

const START = Date.parse('2026-05-01T08:00:00+08:00')
const CREW = 30
const installation = inlineInstallation({
  file: 'together',
  known: RULES,
  site: {
    timezone: 'Asia/Shanghai',
    areas: [
      { id: 'underground', kind: 'underground' },
      { id: 'face', kind: 'coal-face', in: 'underground' },
      { id: 'road', kind: 'roadway', in: 'underground' },
    ],
    points: [
      { id: 'r/face-a', kind: 'card.reader', area: 'face' },
      { id: 'r/face-b', kind: 'card.reader', area: 'face' },
      { id: 'r/road', kind: 'card.reader', area: 'road' },
      { id: 'gate', kind: 'gate', area: 'underground' },
      { id: 'ch4', kind: 'gas.ch4', unit: '%', area: 'face', range: [0, 10] },
      { id: 'feeder', kind: 'feeder.energized', area: 'face' },
      { id: 'camera', kind: 'device.state', area: 'face', device: 'camera' },
      { id: 'video', kind: 'count.people', area: 'face' },
      { id: 'weld/current', kind: 'weld.current', unit: 'A', area: 'face', machine: 'weld' },
      { id: 'weld/session', kind: 'weld.session', area: 'face', machine: 'weld' },
    ],
  },
  people: `person,card,name\n${Array.from({ length: CREW }, (_, i) => `p-${i},c-${i},N${i}`).join('\n')}\n`,
  rules: [
    { id: 'crew', rule: 'over-crew', match: { id: 'face' }, limit: 25, escalate: { factor: 1.2 } },
    { id: 'gas', rule: 'limit', match: { kind: 'gas.ch4' }, levels: [{ name: 'cut', high: 1.5, clear: 1 }] },
    { id: 'cut', rule: 'cut-failed', within: '2s' },
    { id: 'heads', rule: 'head-count', match: { kind: 'count.people' } },
    { id: 'unwatched', rule: 'unmonitored', match: { id: 'face' }, require: ['camera'] },
    { id: 'missing', rule: 'card-missing' },
    { id: 'permit', rule: 'weld-permit' },
  ],
})
const SITE = [...installation.sites.keys()][0]!

interface Line {
  /** Minutes since the start: measured, and arrived where that is not the same. */
  readonly at: number
  readonly arrives?: number
  readonly point?: string
  readonly value?: unknown
  readonly command?: object
}

/** One reading again and again, as a point sends it. */
const every = (minutes: number, { from, to, ...line }: { from: number; to: number } & Omit<Line, 'at'>): Line[] =>
  Array.from({ length: Math.ceil((to - from) / minutes) }, (_, i) => ({ at: from + i * minutes, ...line }))

/** Something live each minute, so that the clock goes on. */
const pulse = (to: number): Line[] => every(0.5, { from: 0, to, point: 'r/road', value: { card: 'pulse' } })

function run(lines: readonly Line[], through?: (replay: Replay) => Replay): Transition[] {
  let replay = createReplay({ installation, rules: RULES })
  const transitions: Transition[] = []
  const arrival = ({ at, arrives = at }: Line) => START + arrives * MINUTE
  for (const [i, line] of [...lines].sort((a, b) => arrival(a) - arrival(b)).entries()) {
    if (through && i % 211 === 0) replay = through(replay)
    const { at, point, value, command } = line
    const received = arrival(line)
    const ts = START + at * MINUTE
    const raw = command
      ? { ...command, site: SITE, by: 'officer', ts, received }
      : { site: SITE, point, value, ts, received }
    expect(replay.take(raw, transitions)).toBeUndefined()
  }
  replay.until(replay.now() + 15 * MINUTE, transitions)
  return transitions
}

const found = (transitions: readonly Transition[]) =>
  transitions
    .filter(({ cause }) => cause === 'retrospective')
    .map(({ at, instance, key, value }) =>
      `${Math.round(((at - START) / MINUTE) * 100) / 100} ${instance} ${key} ${value ?? ''}`.trim(),
    )

/** Half the face's readers lose their link for four hours; thirty people are there from the tenth minute to the fortieth. */
function outage(): { live: Line[]; buffer: Line[] } {
  const back = 4 * 60 + 5
  const live: Line[] = [...pulse(back + 20)]
  const buffer: Line[] = []
  for (let card = 0; card < CREW; card++) {
    const late = card % 2 === 1
    const point = late ? 'r/face-b' : 'r/face-a'
    const there = every(1, { from: 10, to: 40, point, value: { card: `c-${card}`, distance: 3 } })
    const left = { at: 40, point: 'r/road', value: { card: `c-${card}` } }
    if (late) buffer.push(...there.map((line, i) => ({ ...line, arrives: back + i / 600 })))
    else live.push(...there)
    live.push(left)
    live.push({ at: 2, point: 'r/road', value: { card: `c-${card}` } })
  }
  live.push(...every(1, { from: 0, to: back, point: 'camera', value: 'online' }))
  return { live, buffer }
}

test('a crew half of which reported live is counted whole', () => {
  const { live, buffer } = outage()
  const transitions = run([...live, ...buffer])
  expect(found(transitions)).toEqual(['11 crew face 30'])
  const told = transitions.find(({ cause }) => cause === 'retrospective')!
  expect(told).toMatchObject({ severity: 'critical', limit: 25, to: 'rtn-unacked', since: START + 10 * MINUTE })
  expect(told.received).toBeGreaterThan(START + 4 * HOUR)
  expect(told.text.en).not.toContain('only')
  // Never a live siren.
  expect(transitions.filter(({ cause }) => cause === 'raised')).toEqual([])
})

test('out of order, twice, and over a snapshot it finds the same', () => {
  const { live, buffer } = outage()
  const straight = run([...live, ...buffer])
  const shuffled = buffer.map((line, i) => ({ ...line, arrives: buffer[(i * 7_919) % buffer.length]!.arrives! }))
  expect(found(run([...live, ...shuffled]))).toEqual(found(straight))
  expect(found(run([...live, ...shuffled, ...buffer]))).toEqual(found(straight))
  const resumed = run([...live, ...buffer], (replay) =>
    createReplay({
      installation,
      rules: RULES,
      saved: { fold: JSON.parse(JSON.stringify(replay.fold.save())), now: replay.now() },
    }),
  )
  // A replay that goes on numbers its entries anew.
  const steps = (transitions: readonly Transition[]) => transitions.map(({ offset: _, ...step }) => step)
  expect(steps(resumed)).toEqual(steps(straight))
})

test('evidence names readings that were taken, not what stands for them', () => {
  const { live, buffer } = outage()
  const taken = new Set([...live, ...buffer].map(({ at, point }) => `${point} ${START + at * MINUTE}`))
  const told = run([...live, ...buffer]).find(({ cause }) => cause === 'retrospective')!
  expect(told.evidence.length).toBeGreaterThan(0)
  for (const { point, ts } of told.evidence) expect(taken).toContain(`${point.id} ${ts}`)
})

const gasLate = every(0.5, { from: 20, to: 24, point: 'ch4', value: 2, arrives: 60 })
const feeder = (value: boolean) => every(0.25, { from: 0, to: 70, point: 'feeder', value })

test('gas that comes late is held against the power that was on, or off, at that time', () => {
  const on = run([...pulse(80), ...feeder(true), ...gasLate])
  expect(found(on)).toEqual(['20 gas ch4:cut 2', '20.03 cut face 2'])
  const off = run([...pulse(80), ...feeder(false), ...gasLate])
  expect(found(off)).toEqual(['20 gas ch4:cut 2'])
})

test('what was shown by the live readings alone is not told again, though it was over and came back', () => {
  const crowd = (from: number): Line[] =>
    Array.from({ length: CREW }, (_, i) => [
      { at: from, point: 'r/face-a', value: { card: `c-${i}` } },
      { at: from + 5, point: 'r/road', value: { card: `c-${i}` } },
    ]).flat()
  const late = every(1, { from: 9, to: 50, point: 'r/road', value: { card: 'stranger' }, arrives: 60 })
  const camera = every(1, { from: 0, to: 80, point: 'camera', value: 'online' })
  const transitions = run([...pulse(80), ...camera, ...crowd(10), ...crowd(30), ...late])
  expect(transitions.filter(({ cause }) => cause === 'raised').map(({ at }) => (at - START) / MINUTE)).toEqual([11, 31])
  expect(found(transitions)).toEqual([])
})

test('a passage that comes late finds the card that was seen live', () => {
  const card = every(0.5, { from: 0, to: 60, point: 'r/road', value: { card: 'c-1' } })
  const passage = { at: 20, point: 'gate', value: { direction: 'in', person: 'p-1' }, arrives: 40 }
  const stranger = { at: 20, point: 'gate', value: { direction: 'in', person: 'p-2' }, arrives: 40 }
  // Others go on passing live and late, so that the late passage's time runs out within what is judged again.
  const after = every(1, { from: 21, to: 30, point: 'r/road', value: { card: 'c-9' }, arrives: 40 })
  expect(found(run([...pulse(70), ...card, passage, ...after]))).toEqual([])
  expect(found(run([...pulse(70), ...card, stranger, ...after]))).toEqual(['22 missing p-2 1'])
})

test('people who come late count as work in an area whose camera was off', () => {
  const camera = (value: string) => every(1, { from: 0, to: 70, point: 'camera', value })
  const late = every(0.5, { from: 20, to: 25, point: 'r/face-b', value: { card: 'c-1' }, arrives: 60 })
  expect(found(run([...pulse(80), ...camera('offline'), ...late]))).toEqual(['21 unwatched face 1'])
  expect(found(run([...pulse(80), ...camera('online'), ...late]))).toEqual([])
})

test('a head that video counted live and a card that comes late are the same person', () => {
  const video = (value: number) => every(0.5, { from: 0, to: 70, point: 'video', value: value })
  const camera = every(1, { from: 0, to: 80, point: 'camera', value: 'online' })
  const seen = (card: string) => every(0.5, { from: 20, to: 30, point: 'r/face-b', value: { card }, arrives: 60 })
  const gone = { at: 30, point: 'r/road', value: { card: 'c-1' } }
  const before = run([...pulse(80), ...camera, ...video(0), gone, ...seen('c-1')])
  expect(found(before)).toEqual(['22 heads face 1'])
  // Live, video said one and no card did: that was told while it lasted. The card does not make it an alarm again.
  expect(found(run([...pulse(80), ...camera, ...video(1), gone, ...seen('c-1')]))).toEqual([])
})

test('an arc that comes late is held against the permits of its time', () => {
  const arc = every(0.1, { from: 20, to: 22, point: 'weld/current', value: 90, arrives: 60 })
  const permit = { permit: 'hw-1', machine: 'weld', until: START + 3 * HOUR, tested: START + 4 * MINUTE, limit: 1 }
  const given: Line = { at: 5, command: { command: 'permit', ...permit } }
  const camera = every(1, { from: 0, to: 80, point: 'camera', value: 'online' })
  expect(found(run([...pulse(80), ...camera, ...arc]))).toEqual(['20 permit weld'])
  expect(found(run([...pulse(80), ...camera, given, ...arc]))).toEqual([])
  const closed: Line = { at: 24, command: { command: 'permit', permit: 'hw-1', state: 'closed' } }
  expect(found(run([...pulse(80), ...camera, given, closed, ...arc])), 'closed while it burns').toEqual([
    '24 permit weld',
  ])
})

test('where live readings are not remembered so far back, it says so, and does not guess what was not heard', () => {
  const late = Array.from({ length: CREW }, (_, i) => ({
    at: -60 + i / 60,
    point: 'r/face-b',
    value: { card: `c-${i}` },
    arrives: 5,
  }))
  const later = every(1, { from: -59, to: -50, point: 'r/road', value: { card: 'stranger' }, arrives: 5 })
  const gas = every(0.5, { from: -58, to: -55, point: 'ch4', value: 2, arrives: 5 })
  const transitions = run([...pulse(20), ...late, ...later, ...gas])
  const crew = transitions.find(({ cause, instance }) => cause === 'retrospective' && instance === 'crew')!
  expect(crew.text.en).toContain('live readings are remembered from 2026-05-01 08:00 on')
  expect(crew.text.zh).toContain('实时读数仅回溯至')
  expect(found(transitions).map((line) => line.split(' ')[1])).toEqual(['crew', 'gas'])
})

test('a device whose clock stands years ago is judged there, and what is of today, today', () => {
  const years = -20 * 365 * 24 * 60
  const gas = (from: number) => every(0.5, { from, to: from + 3, point: 'ch4', value: 2, arrives: 30 })
  expect(found(run([...pulse(40), ...feeder(false), ...gas(years), ...gas(10)]))).toEqual([
    `${years} gas ch4:cut 2`,
    '10 gas ch4:cut 2',
  ])
})
