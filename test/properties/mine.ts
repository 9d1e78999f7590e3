/** A small mine with all rules at short times, and generated streams of its news, for the property tests. */
import fc from 'fast-check'
import { inlineInstallation } from '../../src/app/cases/inline.ts'
import type { Stimulus } from '../../src/app/cases/stimuli.ts'
import { parseInstant } from '../../src/model/time.ts'
import { RULES } from '../../src/rules/index.ts'

/** Ten minutes before a shift changes from production to maintenance. */
export const START = parseInstant('2026-05-01T21:50:00+08:00')!
export const LENGTH = 20 * 60_000
export const LATE_AFTER = 30_000

export const DECLARED = {
  file: 'mine',
  known: RULES,
  site: {
    shifts: [
      { id: 'early', from: '06:00', to: '14:00' },
      { id: 'middle', from: '14:00', to: '22:00' },
      { id: 'night', from: '22:00', to: '06:00', work: 'maintenance' },
    ],
    areas: [
      { id: 'surface' },
      { id: 'underground', kind: 'underground' },
      { id: 'face', kind: 'coal-face', in: 'underground' },
      { id: 'maint', kind: 'maintenance-point', in: 'underground' },
    ],
    points: [
      { id: 'ch4-1', kind: 'gas.ch4', area: 'face', range: [0, 10], silentAfter: '90s' },
      { id: 'ch4-2', kind: 'gas.ch4', area: 'maint', range: [0, 10], silentAfter: '90s' },
      { id: 'camera', kind: 'device.state', area: 'face', device: 'camera' },
      { id: 'welder', kind: 'weld.current', area: 'maint' },
      { id: 'r-face', kind: 'card.reader', area: 'face' },
      { id: 'r-maint', kind: 'card.reader', area: 'maint' },
      { id: 'r-main', kind: 'card.reader', area: 'underground' },
      { id: 'gate', kind: 'gate', area: 'surface' },
      { id: 'clock', kind: 'count.lamps' },
    ],
  },
  people: 'person,card,name,role\np-1,c-1,A,miner\np-2,c-2,B,leader\np-3,c-3,C,miner\np-3,c-33,C,miner\n',
  rules: [
    {
      id: 'face',
      rule: 'over-crew',
      match: { id: 'face' },
      limit: 2,
      work: 'production',
      exclude: ['leader'],
      raiseAfter: '20s',
      clearAfter: '10s',
      escalate: { factor: 1.5 },
    },
    {
      id: 'shift',
      rule: 'over-crew',
      match: { id: 'maint' },
      limit: 2,
      count: 'shift',
      raiseAfter: '0s',
      clearAfter: '0s',
    },
    { id: 'handover', rule: 'over-crew', match: { id: 'underground' }, limit: 3, handover: { around: '2m', limit: 5 } },
    { id: 'missing', rule: 'card-missing', within: '40s' },
    { id: 'left', rule: 'card-left', still: '3m', gap: '2m', clearAfter: '20s' },
    {
      id: 'gas',
      rule: 'limit',
      match: { kind: 'gas.ch4' },
      levels: [
        { name: 'alarm', high: 1, clear: 0.8, raiseAfter: '20s', clearAfter: '15s' },
        { name: 'cut', high: 1.5, clear: 1, severity: 'critical' },
      ],
    },
    { id: 'silent', rule: 'silent', match: { kind: 'gas.ch4' } },
    { id: 'unmonitored', rule: 'unmonitored', raiseAfter: '30s' },
  ],
}

export const mine = inlineInstallation(DECLARED)

/** Something that was measured: by whom it is told apart (its subject), when, and as what. */
export interface News {
  readonly subject: string
  readonly ts: number
  readonly point: string
  readonly value: unknown
  readonly quality?: string
}

/** Half seconds since the start, so that instants of different subjects coincide now and then. */
const instant = fc.integer({ min: 0, max: LENGTH / 500 }).map((n) => START + n * 500)
const card = fc.constantFrom('c-1', 'c-2', 'c-3', 'c-4', 'c-5', 'c-6')
const reader = fc.constantFrom('r-face', 'r-face', 'r-maint', 'r-maint', 'r-main')
const quality = fc.constantFrom('good', 'good', 'good', 'good', 'uncertain', 'bad')

const sighting = fc
  .record({
    ts: instant,
    card,
    point: reader,
    distance: fc.option(fc.integer({ min: 0, max: 3 })),
    moving: fc.boolean(),
    gone: fc.constantFrom(false, false, false, true),
    quality,
  })
  .map(
    ({ ts, card, point, distance, moving, gone, quality }): News => ({
      subject: card,
      ts,
      point,
      quality,
      value: { card, ...(distance !== null && { distance }), ...(moving && { moving }), ...(gone && { gone }) },
    }),
  )

const passage = fc
  .record({ ts: instant, card, direction: fc.constantFrom('in', 'out') })
  .map(({ ts, card, direction }): News => ({ subject: card, ts, point: 'gate', value: { direction, card } }))

const others = fc.oneof(
  fc
    .record({ ts: instant, value: fc.constantFrom('online', 'online', 'offline', 'frozen'), quality })
    .map(({ ts, value, quality }): News => ({ subject: 'camera', ts, point: 'camera', value, quality })),
  fc
    .record({ ts: instant, value: fc.constantFrom(0, 20, 150, null), quality })
    .map(({ ts, value, quality }): News => ({ subject: 'welder', ts, point: 'welder', value, quality })),
)

/** A gas point samples every 10 to 50 s; now and then it pauses clearly longer than its `silentAfter`. */
function gas(point: string): fc.Arbitrary<News[]> {
  const sample = fc.record({
    step: fc.oneof(
      { weight: 12, arbitrary: fc.integer({ min: 20, max: 100 }) },
      { weight: 1, arbitrary: fc.integer({ min: 250, max: 400 }) },
    ),
    value: fc.constantFrom(0.4, 0.79, 0.8, 0.9, 0.99, 1, 1.2, 1.5, 1.7, null),
    quality,
  })
  return fc.array(sample, { minLength: 10, maxLength: 40 }).map((samples) => {
    let ts = START
    return samples.map(({ step, value, quality }) => {
      ts += step * 500
      return { subject: point, ts, point, value, quality }
    })
  })
}

/** Gas points whose every pause between good readings is well within, or well beyond, their `silentAfter`: whatever the way takes, it is the same silence. */
export const plainGas: fc.Arbitrary<News[]> = fc
  .tuple(gas('ch4-1'), gas('ch4-2'))
  .map((points) =>
    points
      .flat()
      .map((news) => (news.value === null ? { ...news, value: 0.5, quality: 'good' } : { ...news, quality: 'good' })),
  )

/** No two news of one subject at one instant, in order of event time. */
export function inOrder(news: readonly News[]): News[] {
  const seen = new Set<string>()
  return [...news]
    .sort((a, b) => a.ts - b.ts)
    .filter(({ subject, ts }) => {
      const key = `${subject}@${ts}`
      return seen.has(key) ? false : seen.add(key)
    })
}

const movements = fc.array(
  fc.oneof({ weight: 6, arbitrary: sighting }, { weight: 1, arbitrary: passage }, { weight: 2, arbitrary: others }),
  {
    minLength: 20,
    maxLength: 120,
  },
)

/** News of which the order across subjects must not matter. */
export const orderly = fc.tuple(movements, plainGas).map(([a, b]) => inOrder([...a, ...b]))

/** Anything: two cards of one person, passages by name and by nobody, invalid and doubtful values, and delays of up to two minutes. */
export const wild = fc
  .tuple(
    fc.array(
      fc.oneof(
        { weight: 6, arbitrary: sighting },
        {
          weight: 1,
          arbitrary: sighting.map((news) => ({
            ...news,
            subject: 'c-33',
            value: { ...(news.value as object), card: 'c-33' },
          })),
        },
        { weight: 2, arbitrary: others },
        {
          weight: 2,
          arbitrary: fc
            .record({
              ts: instant,
              direction: fc.constantFrom('in', 'out'),
              person: fc.option(fc.constantFrom('p-1', 'p-3', 'p-9')),
            })
            .map(
              ({ ts, direction, person }): News => ({
                subject: person ?? 'gate',
                ts,
                point: 'gate',
                value: { direction, ...(person !== null && { person }) },
              }),
            ),
        },
      ),
      { minLength: 10, maxLength: 120 },
    ),
    gas('ch4-1'),
    gas('ch4-2'),
  )
  .chain(([a, b, c]) => {
    const news = inOrder([...a, ...b, ...c])
    const lag = fc.oneof(
      { weight: 8, arbitrary: fc.constant(0) },
      { weight: 4, arbitrary: fc.integer({ min: 0, max: LATE_AFTER }) },
      { weight: 1, arbitrary: fc.integer({ min: -40_000, max: 120_000 }) },
    )
    return fc.tuple(fc.constant(news), fc.array(lag, { minLength: news.length, maxLength: news.length }))
  })

/** News as lines of a replay, each arriving `lag` after it was measured. */
export function deliver(news: readonly News[], lags: readonly number[]): Stimulus[] {
  return news
    .map(({ subject: _, ...reading }, i) => {
      const at = Math.max(reading.ts + (lags[i] ?? 0), START)
      return { at, line: { site: 'mine', ...reading, received: at } }
    })
    .sort((a, b) => a.at - b.at)
}
