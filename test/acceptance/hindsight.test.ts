/** Retrospective judgement (事后研判) of a site half of which lost its link, through `davy replay`. */
import { expect } from 'vitest'
import { type Line, type Result, sheet, sighting, type Timeline } from './sheet.ts'

const { promise } = sheet({ until: 5 * 3600 })

const CREW = 30
const HOUR = 3600
/** The link is away from the first minute on; the buffer comes ten seconds after its return. */
const BACK = 4 * HOUR + 60

const SITE = {
  areas: [
    { id: 'underground', kind: 'underground' },
    { id: 'face', kind: 'coal-face', in: 'underground' },
    { id: 'road', kind: 'roadway', in: 'underground' },
  ],
  points: [
    { id: 'r/face-a', kind: 'card.reader', area: 'face' },
    { id: 'r/face-b', kind: 'card.reader', area: 'face' },
    { id: 'r/road', kind: 'card.reader', area: 'road' },
  ],
}
const people = Array.from({ length: CREW }, (_, i) => `p-${i},c-${i},N${i},miner,,,`)
const rules = [{ id: 'crew', rule: 'over-crew', match: { id: 'face' }, limit: 25, escalate: { factor: 1.2 } }]

/** Thirty people are at the face in the second hour; every other one is heard by the reader whose link is down. */
const stay = Array.from({ length: CREW }, (_, card): Line[] => {
  const reader = card % 2 === 0 ? 'r/face-a' : 'r/face-b'
  return Array.from({ length: 30 }, (_, i) => sighting(HOUR + i * 120, reader, `c-${card}`))
}).flat()
const live = stay.filter(({ point }) => point === 'r/face-a')
const buffer = stay
  .filter(({ point }) => point === 'r/face-b')
  .map((line, i): Line => ({ ...line, arrives: BACK + 10 + i / 100 }))
const leaving = Array.from({ length: CREW }, (_, i) => sighting(2 * HOUR, 'r/road', `c-${i}`))
const pulse = Array.from({ length: (BACK + 600) / 30 }, (_, i) => sighting(i * 30, 'r/road', 'pulse'))

function timeline(late: readonly Line[]): Timeline {
  return { site: SITE, people, rules, lines: [...pulse, ...live, ...leaving, ...late] }
}

function once({ brief, told, seconds }: Result): void {
  expect(brief).toEqual([`${HOUR + 60} retrospective face 30/25 critical`])
  const [found] = told
  expect(seconds(String(found!.received))).toBeGreaterThan(BACK + 10)
  expect(JSON.stringify(found!.text)).toContain('事后发现（滞后 3 小时 1 分钟')
}

promise(
  'half a crew live and half of it four hours late is one alarm, with the true count, told once',
  timeline(buffer),
  once,
)

promise(
  'out of order and sent twice, it is the same',
  timeline([
    ...buffer.map((line, i) => ({ ...line, arrives: buffer[(i * 7_919) % buffer.length]!.arrives! })),
    ...buffer.map((line) => ({ ...line, arrives: line.arrives! + 20 })),
  ]),
  once,
)

promise(
  'half a crew alone is no alarm, and neither is the other half',
  timeline(
    buffer
      .filter((_, i) => i % 3 > 0)
      .filter(({ value }) => Number(String((value as { card: string }).card).slice(2)) < 20),
  ),
  ({ brief }) => expect(brief).toEqual([]),
)

/** Twenty-six at one instant, and then no word of them: they are there until seen elsewhere. */
const seen = Array.from({ length: 26 }, (_, i): Line => ({ ...sighting(HOUR, 'r/face-b', `c-${i}`), arrives: BACK }))
promise(
  'a crew that was seen once, in the last readings of the buffer, is found when its delay had held',
  { site: SITE, people, rules, lines: [...pulse, ...seen] },
  ({ brief }) => expect(brief).toEqual([`${HOUR + 60} retrospective face 26/25 major`]),
)

promise(
  'one who was late is too many beside those who were live, once nobody leaves any more',
  {
    site: SITE,
    people,
    rules,
    lines: [
      ...pulse,
      ...seen.slice(1).map(({ arrives: _, ...line }) => line),
      seen[0]!,
      sighting(HOUR + 59, 'r/road', 'c-1'),
      sighting(HOUR + 80, 'r/face-a', 'c-1'),
      sighting(HOUR + 160, 'r/road', 'c-0'),
    ],
  },
  ({ brief }) => expect(brief).toEqual([`${HOUR + 140} retrospective face 26/25 major`]),
)

promise(
  'and is not where he left, live, before the delay had held',
  {
    site: SITE,
    people,
    rules,
    lines: [
      ...pulse,
      ...seen.slice(1).map(({ arrives: _, ...line }) => line),
      seen[0]!,
      sighting(HOUR + 59, 'r/road', 'c-0'),
    ],
  },
  ({ brief }) => expect(brief).toEqual([]),
)
