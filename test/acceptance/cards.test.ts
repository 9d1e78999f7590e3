/** The rules `card-missing` (未携卡入井) and `card-left` (人卡分离), sentence by sentence, through `davy replay`. */
import { expect } from 'vitest'
import { type Line, sheet, sighting } from './sheet.ts'

const { promise } = sheet()

const SITE = {
  areas: [
    { id: 'underground', kind: 'underground' },
    { id: 'face', kind: 'coal-face', in: 'underground' },
    { id: 'yard', kind: 'surface' },
  ],
  points: [
    { id: 'gate', kind: 'gate' },
    { id: 'r/a', kind: 'card.reader', area: 'face' },
    { id: 'r/b', kind: 'card.reader', area: 'face' },
    { id: 'r/pump', kind: 'card.reader', area: 'underground', fixedPost: true },
    { id: 'r/yard', kind: 'card.reader', area: 'yard' },
  ],
}
const PEOPLE = ['p-1,a,Zhang,miner,,,', 'p-1,a2,Zhang,miner,,,', 'p-2,b,Li,miner,,,']
const missing = { site: SITE, people: PEOPLE, rules: [{ id: 'missing', rule: 'card-missing', clause: '27' }] }
const left = { site: SITE, people: PEOPLE, rules: [{ id: 'left', rule: 'card-left', clause: '27' }] }
const passage = (t: number, direction: string, more = {}): Line => ({ t, point: 'gate', value: { direction, ...more } })

promise(
  'in by the gate, and no sighting of the card within 120 s',
  { ...missing, lines: [passage(0, 'in', { person: 'p-1' })] },
  ({ brief, told }) => {
    expect(brief).toEqual([expect.stringMatching(/^120 raised p-1/)])
    expect(told[0]).toMatchObject({ key: 'p-1', rule: 'card-missing', clause: 'yuzhou-2024/27' })
    expect(told[0]!.evidence).toMatchObject([{ point: 'gate' }])
  },
)

promise(
  'a sighting in time is enough, and either card of the person will do',
  { ...missing, lines: [passage(0, 'in', { person: 'p-1' }), sighting(119, 'r/a', 'a2')] },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  'the sighting of another card is not',
  { ...missing, lines: [passage(0, 'in', { person: 'p-1' }), sighting(60, 'r/a', 'b')] },
  ({ brief }) => expect(brief).toEqual([expect.stringMatching(/^120 raised p-1/)]),
)

promise(
  'a bad sighting is no sighting',
  { ...missing, lines: [passage(0, 'in', { person: 'p-1' }), { ...sighting(60, 'r/a', 'a'), quality: 'bad' }] },
  ({ brief }) => expect(brief).toEqual([expect.stringMatching(/^120 raised p-1/)]),
)

promise(
  'a sighting after the alarm ends it',
  { ...missing, lines: [passage(0, 'in', { person: 'p-1' }), sighting(200, 'r/a', 'a')] },
  ({ brief }) =>
    expect(brief).toEqual([expect.stringMatching(/^120 raised p-1/), expect.stringMatching(/^200 cleared p-1/)]),
)

promise(
  'an uncertain sighting does not end it',
  { ...missing, lines: [passage(0, 'in', { person: 'p-1' }), { ...sighting(200, 'r/a', 'a'), quality: 'uncertain' }] },
  ({ brief }) => expect(brief).toEqual([expect.stringMatching(/^120 raised p-1/)]),
)

promise('whom the gate does not know is told by the gate', { ...missing, lines: [passage(0, 'in')] }, ({ brief }) =>
  expect(brief).toEqual([expect.stringMatching(/^120 raised gate/)]),
)

promise(
  'two of them at one gate are one alarm; each passage out needs no card',
  {
    ...missing,
    lines: [
      passage(0, 'in', { person: 'p-1' }),
      passage(0.5, 'in', { person: 'p-2' }),
      passage(1, 'out', { person: 'p-3' }),
    ],
  },
  ({ told }) => expect(told.map(({ key, cause }) => `${key} ${cause}`).sort()).toEqual(['p-1 raised', 'p-2 raised']),
)

promise(
  '`within` is the rule’s own where it gives one',
  {
    ...missing,
    rules: [{ id: 'missing', rule: 'card-missing', within: '30s', severity: 'critical' }],
    lines: [passage(0, 'in', { person: 'p-1' }), sighting(31, 'r/a', 'a')],
  },
  ({ brief }) => expect(brief[0]).toMatch(/^30 raised p-1.* critical$/),
)

promise(
  'who turns round and goes out is not missing a card underground',
  { ...missing, lines: [passage(0, 'in', { person: 'p-1' }), passage(30, 'out', { person: 'p-1' })] },
  ({ brief }) => expect(brief).toEqual([]),
)

/** Every five minutes for `minutes`, at the same reader. */
const lying = (minutes: number, more: (minute: number) => object = () => ({ distance: 12 }), reader = 'r/a'): Line[] =>
  Array.from({ length: minutes / 5 + 1 }, (_, i) => sighting(i * 300, reader, 'a', { ...more(i * 5) }))

promise('a card still for sixty minutes underground', { ...left, lines: lying(65) }, ({ brief, told, seconds }) => {
  expect(brief).toEqual([expect.stringMatching(/^3600 raised a /)])
  expect(told[0]).toMatchObject({ key: 'a', rule: 'card-left' })
  expect(seconds(told[0]!.since!)).toBeLessThanOrEqual(3600)
})

promise('for fifty-five minutes it is none', { ...left, lines: lying(55) }, ({ brief }) => expect(brief).toEqual([]))

promise('a reader with `fixedPost` is excepted', { ...left, lines: lying(120, undefined, 'r/pump') }, ({ brief }) =>
  expect(brief).toEqual([]),
)

promise('above ground no card is left', { ...left, lines: lying(120, undefined, 'r/yard') }, ({ brief }) =>
  expect(brief).toEqual([]),
)

promise(
  'once moving within the hour and the hour begins anew',
  { ...left, lines: lying(90, (minute) => ({ distance: 12, moving: minute === 45 })) },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  'a distance that changes by less than two metres is still',
  { ...left, lines: lying(65, (minute) => ({ distance: minute % 10 === 0 ? 12 : 13.9 })) },
  ({ brief }) => expect(brief).toEqual([expect.stringMatching(/^3600 raised a /)]),
)

promise(
  'a distance that changes by two metres is a man at work',
  { ...left, lines: lying(90, (minute) => ({ distance: minute % 10 === 0 ? 12 : 14 })) },
  ({ brief }) => expect(brief).toEqual([]),
)

promise(
  'a card without distances is judged by its reader and `moving` alone',
  { ...left, lines: lying(65, () => ({})) },
  ({ brief }) => expect(brief).toEqual([expect.stringMatching(/^3600 raised a /)]),
)

promise(
  'another reader within the hour and the hour begins anew',
  { ...left, lines: [...lying(90), sighting(1790, 'r/b', 'a', { distance: 12 })].sort((a, b) => a.t - b.t) },
  ({ brief }) => expect(brief.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual(['5400 raised a']),
)

promise(
  'when it moves again, the alarm ends',
  { ...left, lines: [...lying(70), sighting(4500, 'r/a', 'a', { distance: 12, moving: true })] },
  ({ brief }) =>
    expect(brief.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual(['3600 raised a', '4500 cleared a']),
)

promise(
  'a bad sighting of it elsewhere neither moves nor frees it',
  { ...left, lines: [...lying(65), { ...sighting(4000, 'r/b', 'a', { moving: true }), quality: 'bad' }] },
  ({ brief }) => expect(brief).toEqual([expect.stringMatching(/^3600 raised a /)]),
)

promise(
  '`still` and `move` are the rule’s own where it gives them',
  {
    ...left,
    rules: [{ id: 'left', rule: 'card-left', still: '30m', move: 5 }],
    lines: lying(35, (minute) => ({ distance: minute % 10 === 0 ? 12 : 16.9 })),
  },
  ({ brief }) => expect(brief).toEqual([expect.stringMatching(/^1800 raised a /)]),
)
