/** The rules about gas, power, probes and links under generated news: cut-failed, rise, idle-power, suspect, link. */
import fc from 'fast-check'
import { inlineInstallation } from '../../src/app/cases/inline.ts'
import { MINUTE, parseInstant, SECOND } from '../../src/model/time.ts'
import { RULES } from '../../src/rules/index.ts'
import { inOrder, keepLaws, type Word } from './laws.ts'
import { runs } from './thorough.ts'

const FROM = parseInstant('2026-05-01T10:00:00+08:00')!
const LENGTH = 40 * MINUTE

const installation = inlineInstallation({
  file: 'hazards',
  known: RULES,
  site: {
    status: 'maintenance',
    areas: [
      { id: 'underground', kind: 'underground' },
      { id: 'face', kind: 'coal-face', in: 'underground' },
      { id: 'return', kind: 'return-air', in: 'face' },
    ],
    points: [
      { id: 'ch4', kind: 'gas.ch4', area: 'face', range: [0, 10] },
      { id: 'o2', kind: 'gas.o2', area: 'return', range: [0, 25] },
      { id: 'f-1', kind: 'feeder.energized', area: 'face', silentAfter: '3m' },
      { id: 'f-2', kind: 'feeder.energized', area: 'return', silentAfter: '3m' },
      { id: 'kw', kind: 'power.active', area: 'underground' },
      ...['a', 'b', 'c'].map((id) => ({ id: `t-${id}`, kind: 'env.temperature', area: 'return' })),
      { id: 'clock', kind: 'count.lamps' },
    ],
  },
  rules: [
    {
      id: 'gas',
      rule: 'limit',
      match: { kind: 'gas.ch4' },
      levels: [{ name: 'cut', high: 1.5, clear: 1 }],
    },
    {
      id: 'air',
      rule: 'limit',
      match: { kind: 'gas.o2' },
      levels: [{ name: 'cut', low: 18, clear: 20 }],
    },
    { id: 'power', rule: 'cut-failed', match: { id: ['face', 'return'] }, within: '2s', clearAfter: '3s' },
    { id: 'rise', rule: 'rise', match: { id: 'ch4' }, by: 0.5, window: '2m', clear: 0.3, clearAfter: '10s' },
    { id: 'idle', rule: 'idle-power', floor: 50, raiseAfter: '40s', pause: '10s', clearAfter: '5s' },
    { id: 'probe', rule: 'suspect', match: { kind: 'env.temperature' }, window: '3m', learn: '4m', memory: '30m' },
    { id: 'source', rule: 'link', raiseAfter: '20s', clearAfter: '5s' },
  ],
})

const doubt = fc.constantFrom('good', 'good', 'good', 'good', 'good', 'good', 'uncertain', 'bad')
const plain = fc.constant('good')

/** One point that speaks every so many half seconds, now and then after a pause. */
function series(
  point: string,
  value: fc.Arbitrary<unknown>,
  { quality, steps, pause }: { quality: fc.Arbitrary<string>; steps: [number, number]; pause: [number, number] },
): fc.Arbitrary<Word[]> {
  const step = fc.oneof(
    { weight: 15, arbitrary: fc.integer({ min: steps[0], max: steps[1] }) },
    { weight: 1, arbitrary: fc.integer({ min: pause[0], max: pause[1] }) },
  )
  return fc.array(fc.record({ step, value, quality }), { minLength: 15, maxLength: 50 }).map((samples) => {
    let ts = FROM
    return samples.flatMap(({ step, value, quality }) => {
      ts += step * 500
      return ts < FROM + LENGTH ? [{ subject: point, ts, line: { point, value, quality } }] : []
    })
  })
}

/** Three probes that move, one of which stands still for a while. */
const probes = (quality: fc.Arbitrary<string>) =>
  fc
    .record({
      stops: fc.integer({ min: 6, max: 14 }),
      still: fc.integer({ min: 6, max: 20 }),
      noise: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 30, maxLength: 30 }),
      doubts: fc.array(quality, { minLength: 23, maxLength: 23 }),
    })
    .map(({ stops, still, noise, doubts }) =>
      Array.from({ length: LENGTH / MINUTE }, (_, minute) =>
        ['t-a', 't-b', 't-c'].flatMap((point, i) =>
          [0, 15, 30, 45].map((second, k): Word => {
            const n = minute * 12 + i * 4 + k
            const stuck = i === 0 && minute >= stops && minute < stops + still
            const value = stuck ? 20 : 20 + (k % 2) * 0.8 + noise[n % noise.length]! / 100
            const line = { point, value, quality: doubts[n % doubts.length] }
            return { subject: point, ts: FROM + minute * MINUTE + (second + i) * SECOND, line }
          }),
        ),
      ).flat(),
    )

/** The service's own words on its sources. */
const links = fc
  .array(
    fc.record({
      second: fc.nat({ max: LENGTH / SECOND }),
      source: fc.constantFrom('plc', 'opcua'),
      state: fc.constantFrom('up', 'down'),
    }),
    { minLength: 5, maxLength: 30 },
  )
  .map((all) =>
    all.map(({ second, source, state }): Word => {
      const line = { command: 'link', source, state, by: 'davylamp' }
      return { subject: `link ${source}`, ts: FROM + second * SECOND, line }
    }),
  )

const news = (quality: fc.Arbitrary<string>, pause: [number, number]) => {
  const paced = { quality, steps: [10, 100] as [number, number], pause }
  return fc
    .tuple(
      series('ch4', fc.constantFrom(0.2, 0.4, 0.9, 1, 1.2, 1.5, 1.7), paced),
      series('o2', fc.constantFrom(17, 18, 19, 20, 20.5, 21), paced),
      series('f-1', fc.boolean(), paced),
      series('f-2', fc.boolean(), paced),
      series('kw', fc.constantFrom(10, 40, 80, 90, 100, 120), { ...paced, steps: [10, 60] }),
      probes(quality),
      links,
    )
    .map((all) => inOrder(all.flat()))
}

keepLaws({
  installation,
  from: FROM,
  until: FROM + LENGTH + 20 * MINUTE,
  wild: news(doubt, [400, 700]),
  // Whatever the way takes, a pause is the same silence: well within, or well beyond, three minutes.
  orderly: news(plain, [100, 200]),
  runs: 20,
  resumed: runs(1, 3),
  share: 0.3,
})
