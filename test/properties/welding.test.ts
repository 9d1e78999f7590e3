/** The welding rules under generated news of sessions, arcs, gas and permits. */
import fc from 'fast-check'
import { inlineInstallation } from '../../src/app/cases/inline.ts'
import { MINUTE, parseInstant } from '../../src/model/time.ts'
import { RULES } from '../../src/rules/index.ts'
import { inOrder, keepLaws, type Word } from './laws.ts'
import { runs } from './thorough.ts'

/** Ten minutes before a certificate ends. */
const FROM = parseInstant('2026-05-01T23:50:00+08:00')!
const LENGTH = 20 * MINUTE

const installation = inlineInstallation({
  file: 'welding',
  known: RULES,
  site: {
    areas: [{ id: 'hall' }, { id: 'bay', in: 'hall' }, { id: 'yard' }],
    points: [
      { id: 'i-1', kind: 'weld.current', area: 'bay', machine: 'm-1' },
      { id: 's-1', kind: 'weld.session', area: 'bay', machine: 'm-1' },
      // Two chips and two currents of one machine.
      { id: 'i-2a', kind: 'weld.current', area: 'yard', machine: 'm-2' },
      { id: 'i-2b', kind: 'weld.current', area: 'yard', machine: 'm-2' },
      { id: 's-2a', kind: 'weld.session', area: 'yard', machine: 'm-2' },
      { id: 's-2b', kind: 'weld.session', area: 'yard', machine: 'm-2' },
      { id: 'ch4', kind: 'gas.ch4', area: 'hall', range: [0, 10] },
      { id: 'clock', kind: 'count.lamps' },
    ],
  },
  people:
    'person,card,name,role,team,certificate,expires\np-1,,A,,,welding,\np-2,,B,,,welding,2026-05-01\np-3,,C,,,blasting,\n',
  rules: [
    { id: 'platform', rule: 'weld-off-platform', clearAfter: '10s' },
    { id: 'certificate', rule: 'weld-uncertified' },
    {
      id: 'permit',
      rule: 'weld-permit',
      test: '2m',
      retest: '3m',
      strict: { retest: '1m', validity: '4m' },
      raiseAfter: '5s',
    },
  ],
})

/** Half seconds, so that instants of different subjects coincide now and then. */
const instant = fc.integer({ min: 0, max: LENGTH / 500 }).map((n) => FROM + n * 500)
const coarse = fc.integer({ min: 0, max: LENGTH / 5_000 }).map((n) => FROM + n * 5_000)
const when = fc.oneof(instant, coarse)
const word = (subject: string, ts: number, line: object): Word => ({ subject, ts, line: { ...line } })
const doubt = fc.constantFrom('good', 'good', 'good', 'good', 'uncertain', 'bad')

const arc = (quality: fc.Arbitrary<string>) =>
  fc
    .record({
      ts: when,
      point: fc.constantFrom('i-1', 'i-1', 'i-2a', 'i-2b'),
      value: fc.constantFrom(0, 0, 20, 21, 150),
      quality,
    })
    .map(({ ts, point, value, quality }) => word(point, ts, { point, value, quality }))

const step = (quality: fc.Arbitrary<string>) =>
  fc
    .record({
      ts: when,
      point: fc.constantFrom('s-1', 's-1', 's-2a', 's-2b'),
      event: fc.constantFrom('scan', 'unlock', 'unlock', 'start', 'stop', 'lock', 'lock'),
      person: fc.option(fc.constantFrom('p-1', 'p-2', 'p-3', 'p-9'), { nil: undefined }),
      permit: fc.option(fc.constantFrom('P1', 'P2'), { nil: undefined }),
      quality,
    })
    .map(({ ts, point, event, person, permit, quality }) =>
      word(point, ts, {
        point,
        quality,
        value: { event, ...(person && { person }), ...(permit && { permit }) },
      }),
    )

const gas = (quality: fc.Arbitrary<string>) =>
  fc
    .record({ ts: when, value: fc.constantFrom(0.1, 0.4, 0.5, 0.6, 2), quality })
    .map(({ ts, value, quality }) => word('ch4', ts, { point: 'ch4', value, quality }))

const permit = fc
  .record({
    ts: when,
    permit: fc.constantFrom('P1', 'P2', 'P3'),
    place: fc.constantFrom(
      {},
      { area: 'hall' },
      { area: 'yard' },
      { machine: 'm-1' },
      { machine: 'm-2', area: 'yard' },
    ),
    from: fc.option(when, { nil: undefined }),
    until: fc.option(when, { nil: undefined }),
    tested: fc.option(when, { nil: undefined }),
    limit: fc.option(fc.constantFrom(0.5, 1), { nil: undefined }),
    grade: fc.option(fc.constantFrom('first', 'second'), { nil: undefined }),
    state: fc.constantFrom('open', 'open', 'open', 'closed'),
  })
  .map(({ ts, permit, place, state, ...more }) =>
    word(`permit ${permit}`, ts, {
      command: 'permit',
      permit,
      by: 'officer',
      state,
      ...place,
      ...Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)),
    }),
  )

const news = (quality: fc.Arbitrary<string>) =>
  fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: arc(quality) },
        { weight: 4, arbitrary: step(quality) },
        { weight: 2, arbitrary: gas(quality) },
        { weight: 2, arbitrary: permit },
      ),
      { minLength: 20, maxLength: 120 },
    )
    .map(inOrder)

keepLaws({
  installation,
  from: FROM,
  until: FROM + LENGTH + 30 * MINUTE,
  wild: news(doubt),
  orderly: news(doubt),
  runs: 60,
  resumed: runs(4, 12),
  share: 0.25,
})
