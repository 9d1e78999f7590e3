/** The rule `over-crew` (超员), sentence by sentence, through `davy replay`. */
import { expect } from 'vitest'
import { sheet, sighting, sightings } from './sheet.ts'

const { promise } = sheet({ until: 24 * 3600 })

const SHIFTS = [
  { id: 'early', from: '06:00', to: '14:00', work: 'production' },
  { id: 'middle', from: '14:00', to: '22:00', work: 'production' },
  { id: 'night', from: '22:00', to: '06:00', work: 'maintenance' },
]
const MINE = {
  shifts: SHIFTS,
  areas: [
    { id: 'underground', kind: 'underground' },
    { id: 'face', kind: 'coal-face', in: 'underground' },
    { id: 'tail', kind: 'gate-road', in: 'face' },
    { id: 'road', kind: 'roadway', in: 'underground' },
  ],
  points: [
    { id: 'r/face', kind: 'card.reader', area: 'face' },
    { id: 'r/tail', kind: 'card.reader', area: 'tail' },
    { id: 'r/road', kind: 'card.reader', area: 'road' },
    { id: 'gate', kind: 'gate' },
  ],
}
const CREW = {
  id: 'crew',
  rule: 'over-crew',
  clause: '27',
  match: { kind: 'coal-face' },
  limit: 25,
  work: 'production',
  raiseAfter: '60s',
  clearAfter: '60s',
  severity: 'major',
  escalate: { factor: 1.2, severity: 'critical' },
}
const plain = { site: MINE, rules: [CREW] }
const always = { site: { ...MINE, shifts: [] }, rules: [CREW] }
const full = sightings(25, { t: 0, reader: 'r/face' })
const one = (t: number, reader: string, more = {}) => ({ ...sighting(t, reader, 'last'), ...more })

promise('twenty-five are fine, all shift long', { ...plain, lines: full }, ({ brief }) => expect(brief).toEqual([]))

promise(
  'the twenty-sixth is an alarm after sixty seconds, with the instant and since when',
  { ...plain, lines: [...full, one(10, 'r/face')] },
  ({ told, seconds, brief }) => {
    expect(brief[0]).toBe('70 raised face 26/25 major')
    expect(seconds(told[0]!.since!)).toBe(10)
    expect(told[0]).toMatchObject({ rule: 'over-crew', clause: 'yuzhou-2024/27', from: 'normal', to: 'unacked' })
    expect(told[0]!.at).toBe('2026-05-01T08:01:10.000+08:00')
  },
)

promise(
  'a twenty-sixth who leaves within sixty seconds is none',
  { ...plain, lines: [...full, one(10, 'r/face'), one(69, 'r/road')] },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  'a person with two cards counts once',
  {
    ...plain,
    people: ['p-1,a,Zhang,miner,,,', 'p-1,b,Zhang,miner,,,'],
    lines: [...sightings(24, { t: 0, reader: 'r/face' }), sighting(1, 'r/face', 'a'), sighting(2, 'r/face', 'b')],
  },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  'a card with no known person counts as one',
  {
    ...plain,
    people: ['p-1,a,Zhang,miner,,,'],
    lines: [...sightings(24, { t: 0, reader: 'r/face' }), sighting(1, 'r/face', 'a'), sighting(2, 'r/face', 'nobodys')],
  },
  ({ brief }) => expect(brief[0]).toBe('62 raised face 26/25 major'),
)

promise(
  'who is in a sub-area is in the area',
  {
    ...plain,
    lines: [...sightings(13, { t: 0, reader: 'r/face' }), ...sightings(13, { t: 0, reader: 'r/tail', prefix: 'd' })],
  },
  ({ brief }) => expect(brief[0]).toBe('60 raised face 26/25 major'),
)

promise(
  'from the face to its own sub-area nobody is counted twice, and nobody is lost',
  { ...plain, lines: [...full, sighting(5, 'r/tail', 'c1'), one(10, 'r/tail'), sighting(200, 'r/face', 'c1')] },
  ({ brief }) => expect(brief.slice(0, 1)).toEqual(['70 raised face 26/25 major']),
)

promise(
  'a rule for production says nothing in a maintenance shift',
  {
    ...plain,
    start: '2026-05-01T22:30:00+08:00',
    lines: [...sightings(40, { t: 0, reader: 'r/face' }), ...sightings(40, { t: 7 * 3600, reader: 'r/road' })],
  },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  'a shift change re-judges a face where nobody moves, both ways',
  { ...plain, start: '2026-05-01T05:00:00+08:00', lines: sightings(26, { t: 0, reader: 'r/face' }) },
  ({ brief, told, seconds }) => {
    expect(brief.slice(0, 2)).toEqual([
      `${3600 + 60} raised face 26/25 major`,
      expect.stringMatching(`^${17 * 3600 + 60} cleared face`),
    ])
    expect(seconds(told[0]!.since!)).toBe(3600)
  },
)

promise(
  'between two shifts of the same work the alarm goes on',
  {
    ...plain,
    start: '2026-05-01T13:50:00+08:00',
    lines: [...sightings(26, { t: 0, reader: 'r/face' }), one(1800, 'r/road')],
  },
  ({ brief }) => expect(brief.slice(0, 1)).toEqual(['60 raised face 26/25 major']),
)

promise(
  'at handover its own limit holds, before and after the change',
  {
    site: MINE,
    rules: [{ ...CREW, handover: { around: '30m', limit: 40 } }],
    start: '2026-05-01T13:00:00+08:00',
    lines: [...sightings(30, { t: 1800, reader: 'r/face' }), ...sightings(30, { t: 6000, reader: 'r/road' })],
  },
  ({ brief }) =>
    expect(brief).toEqual([
      '5460 raised face 30/25 critical',
      '6000 eased face 29/25 major',
      '6060 cleared face 0/25 major',
    ]),
)

promise(
  'over the limit of the handover is over',
  {
    site: MINE,
    rules: [{ ...CREW, handover: { around: '30m', limit: 40 } }],
    start: '2026-05-01T13:40:00+08:00',
    lines: [...sightings(41, { t: 0, reader: 'r/face' }), ...sightings(41, { t: 600, reader: 'r/road' })],
  },
  ({ brief }) => expect(brief).toEqual(['60 raised face 41/40 major', '660 cleared face 0/40 major']),
)

promise(
  'excluded roles do not count',
  {
    site: MINE,
    people: ['p-1,a,Li,leader,,,', 'p-2,b,Wu,inspector,,,', 'p-3,c,Xu,miner,,,'],
    rules: [{ ...CREW, exclude: ['leader', 'inspector'] }],
    lines: [...full.slice(0, 24), sighting(1, 'r/face', 'a'), sighting(2, 'r/face', 'b'), sighting(3, 'r/face', 'c')],
  },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  'thirty of twenty-five is critical, twenty-nine eases, twenty-five clears',
  {
    ...plain,
    lines: [
      ...sightings(29, { t: 0, reader: 'r/face' }),
      one(100, 'r/face'),
      one(200, 'r/road'),
      ...sightings(4, { t: 300, reader: 'r/road' }),
    ],
  },
  ({ brief, told }) => {
    expect(brief).toEqual([
      '60 raised face 29/25 major',
      '100 escalated face 30/25 critical',
      '200 eased face 29/25 major',
      '360 cleared face 25/25 major',
    ])
    expect(told.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'normal unacked',
      'unacked unacked',
      'unacked unacked',
      'unacked rtn-unacked',
    ])
  },
)

promise(
  'thirty at once are critical from the start',
  { ...always, lines: sightings(30, { t: 0, reader: 'r/face' }) },
  ({ brief }) => expect(brief).toEqual(['60 raised face 30/25 critical']),
)

promise(
  'eleven of ten is at 1.1 times the limit, whatever floating point makes of it',
  {
    ...always,
    rules: [{ ...CREW, limit: 10, escalate: { factor: 1.1, severity: 'critical' } }],
    lines: sightings(11, { t: 0, reader: 'r/face' }),
  },
  ({ brief }) => expect(brief).toEqual(['60 raised face 11/10 critical']),
)

promise(
  'without `escalate` any number stays at the severity of the rule',
  {
    ...always,
    rules: [{ id: 'crew', rule: 'over-crew', match: { id: 'face' }, limit: 2, severity: 'minor', raiseAfter: '1s' }],
    lines: sightings(9, { t: 0, reader: 'r/face' }),
  },
  ({ brief }) => expect(brief).toEqual(['1 raised face 9/2 minor']),
)

promise(
  'a card that is gone is a person less',
  { ...plain, lines: [...full, one(0, 'r/face'), sighting(300, 'r/face', 'c1', { gone: true })] },
  ({ brief }) => expect(brief).toEqual(['60 raised face 26/25 major', '360 cleared face 25/25 major']),
)

promise(
  'who passes a gate out is out',
  {
    ...plain,
    people: ['p-9,last,Qian,miner,,,'],
    lines: [...full, one(0, 'r/face'), { t: 300, point: 'gate', value: { direction: 'out', person: 'p-9' } }],
  },
  ({ brief }) => expect(brief).toEqual(['60 raised face 26/25 major', '360 cleared face 25/25 major']),
)

promise(
  'who is silent for hours is still there',
  { ...always, lines: [...full, one(5 * 3600, 'r/face')] },
  ({ brief }) => expect(brief).toEqual([`${5 * 3600 + 60} raised face 26/25 major`]),
)

promise(
  'an uncertain sighting may put the twenty-sixth there, and may not take him away',
  {
    ...always,
    lines: [...full, one(0, 'r/face', { quality: 'uncertain' }), one(300, 'r/road', { quality: 'uncertain' })],
  },
  ({ brief }) => expect(brief).toEqual(['60 raised face 26/25 major']),
)

promise(
  'a bad sighting moves nobody, and neither does a calibrating reader',
  { ...always, lines: [...full, one(0, 'r/face', { quality: 'bad' }), one(10, 'r/face', { status: 'calibrating' })] },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  '`count: shift` counts distinct persons over the running shift, and begins anew with the next',
  {
    site: {
      ...MINE,
      areas: [...MINE.areas, { id: 'maint', kind: 'maintenance-point' }],
      points: [...MINE.points, { id: 'r/maint', kind: 'card.reader', area: 'maint' }],
    },
    rules: [{ ...CREW, match: { kind: 'maintenance-point' }, limit: 8, count: 'shift', escalate: undefined }],
    lines: [
      ...Array.from({ length: 9 }, (_, i) => [
        sighting(i * 600, 'r/maint', `m${i}`),
        sighting(i * 600 + 300, 'r/road', `m${i}`),
      ]).flat(),
    ],
  },
  ({ brief }) => expect(brief).toEqual(['4860 raised maint 9/8 major', `${6 * 3600 + 60} cleared maint 0/8 major`]),
)

promise(
  'the same man in and out all shift is one of eight',
  {
    site: {
      ...MINE,
      areas: [...MINE.areas, { id: 'maint', kind: 'maintenance-point' }],
      points: [...MINE.points, { id: 'r/maint', kind: 'card.reader', area: 'maint' }],
    },
    rules: [{ ...CREW, match: { kind: 'maintenance-point' }, limit: 8, count: 'shift' }],
    lines: Array.from({ length: 20 }, (_, i) => [
      sighting(i * 600, 'r/maint', 'm'),
      sighting(i * 600 + 300, 'r/road', 'm'),
    ]).flat(),
  },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  'a site without shifts is always producing',
  { ...always, start: '2026-05-01T23:00:00+08:00', lines: [...full, one(0, 'r/face')] },
  ({ brief }) => expect(brief).toEqual(['60 raised face 26/25 major']),
)

promise(
  'a 22:00–06:00 shift that began on Monday holds on Tuesday at 02:00',
  {
    site: MINE,
    rules: [{ ...CREW, work: 'maintenance' }],
    start: '2026-05-05T02:00:00+08:00',
    lines: [...full, one(0, 'r/face')],
  },
  ({ brief }) =>
    expect(brief).toEqual([
      '60 raised face 26/25 major',
      `${4 * 3600 + 60} cleared face 26 major`,
      expect.stringMatching(`^${20 * 3600 + 60} raised face 26/25`),
    ]),
)
