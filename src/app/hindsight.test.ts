import { expect, test } from 'vitest'
import type { Transition } from '../model/alarm.ts'
import { HOUR, MINUTE, SECOND } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { createReplay, type Replay } from './replay.ts'

const START = Date.parse('2026-05-01T08:00:00+08:00')
const installation = inlineInstallation({
  site: {
    timezone: 'Asia/Shanghai',
    areas: [{ id: 'face', kind: 'coal-face' }],
    points: [
      { id: 'ch4', kind: 'gas.ch4', unit: '%', area: 'face', silentAfter: '60s' },
      { id: 'co', kind: 'gas.co', unit: 'ppm', area: 'face' },
    ],
  },
  rules: [
    {
      id: 'gas',
      rule: 'limit',
      match: { kind: 'gas.ch4' },
      raiseAfter: '30s',
      levels: [{ name: 'cut', high: 1.5, clear: 1 }],
    },
    { id: 'silent', rule: 'silent', match: { kind: 'gas.ch4' } },
  ],
  file: 'hindsight',
  known: RULES,
})
const SITE = [...installation.sites.keys()][0]!

/** Values of `ch4` while its link was down: over the limit from 90 to 100 minutes, a spike at 200. */
function outage(): { ts: number; value: number }[] {
  return Array.from({ length: 4 * 60 * 6 }, (_, i) => {
    const minutes = i / 6
    const value = (minutes >= 90 && minutes < 100) || minutes === 200 ? 1.8 : 0.4
    return { ts: START + MINUTE + minutes * MINUTE, value }
  })
}

interface Arrival {
  readonly point?: string
  readonly ts: number
  readonly value: number
  readonly received: number
}

/** Live until the link goes, `co` alone while it is down, then the buffer within ten seconds of its return, then live again. */
function story(buffer: readonly { ts: number; value: number }[], tail: readonly Arrival[] = []): Arrival[] {
  const back = START + 4 * HOUR + 2 * MINUTE
  const live = (from: number, to: number, point: string) =>
    Array.from({ length: (to - from) / (10 * SECOND) }, (_, i) => ({
      point,
      ts: from + i * 10 * SECOND,
      value: 0.4,
      received: from + i * 10 * SECOND,
    }))
  return [
    ...live(START, START + MINUTE, 'ch4'),
    ...live(START + MINUTE, back, 'co'),
    ...live(back, back + 10 * SECOND, 'ch4'),
    ...buffer.map((reading) => ({ ...reading, received: back + 10 * SECOND })),
    ...live(back + 20 * SECOND, back + 5 * MINUTE, 'ch4'),
    ...tail,
  ]
}

function run(arrivals: readonly Arrival[], through?: (replay: Replay) => Replay): Transition[] {
  let replay = createReplay({ installation, rules: RULES })
  const transitions: Transition[] = []
  arrivals.forEach((arrival, i) => {
    if (through && i % 97 === 0) replay = through(replay)
    replay.take({ site: SITE, point: 'ch4', ...arrival }, transitions)
  })
  replay.until(replay.now() + 30 * SECOND, transitions)
  return transitions
}

const told = (transitions: readonly Transition[]) =>
  transitions.map(({ at, cause, from, to, id }) => `${(at - START) / MINUTE} ${cause} ${from}→${to} ${id}`)

test('a buffer that arrives after four hours is judged once it is in: when it happened, when it was found, and the gap', () => {
  const transitions = run(story(outage()))
  const found = transitions.filter(({ cause }) => cause === 'retrospective')
  // The condition began at minute 91 by the clock of the site and held its half minute; the spike did not.
  expect(told(found)).toEqual([`91.5 retrospective normal→rtn-unacked ${SITE}/gas/ch4:cut/1.1`])
  expect(found[0]).toMatchObject({ since: START + 91 * MINUTE, value: 1.8, limit: 1.5 })
  expect(found[0]!.received).toBeGreaterThanOrEqual(START + 4 * HOUR + 3 * MINUTE)
  expect(found[0]!.reason).toMatch(/^found \d+s after it happened$/)
  expect(found[0]!.why).toEqual({ zh: expect.stringMatching(/^发生 \d+.*后才发现$/), en: found[0]!.reason })
  expect(found[0]!.text.zh).toContain('事后发现')
  // Never a live siren, never silence: the outage itself was told while it lasted.
  expect(told(transitions.filter(({ rule }) => rule === 'silent')).map((line) => line.split(' ')[1])).toEqual([
    'raised',
    'cleared',
  ])
  expect(transitions.filter(({ rule, cause }) => rule === 'limit' && cause === 'raised')).toEqual([])
})

test('out of order, and twice, it finds the same', () => {
  const buffer = outage()
  const straight = told(run(story(buffer)))
  const shuffled = [...buffer].sort((a, b) => ((a.ts * 7_919) % 104_729) - ((b.ts * 7_919) % 104_729))
  expect(told(run(story(shuffled)))).toEqual(straight)
  expect(told(run(story([...shuffled, ...buffer])))).toEqual(straight)
})

test('what was known while it happened is no news', () => {
  const at = START + 6 * HOUR
  const live: Arrival[] = [0, 10, 20, 30, 40].map((s) => ({
    ts: at + s * SECOND,
    value: 1.9,
    received: at + s * SECOND,
  }))
  const late: Arrival[] = [5, 25, 35, 38].map((s) => ({ ts: at + s * SECOND, value: 1.9, received: at + 41 * SECOND }))
  const transitions = run([...live, ...late, { ts: at + 3 * MINUTE, value: 0.4, received: at + 3 * MINUTE }])
  expect(told(transitions.filter(({ rule }) => rule === 'limit')).map((line) => line.split(' ')[1])).toEqual([
    'raised',
    'cleared',
  ])
})

test('an acknowledgement ends it, and the next rise is an episode of its own', () => {
  const replay = createReplay({ installation, rules: RULES })
  const transitions: Transition[] = []
  for (const arrival of story(outage())) replay.take({ site: SITE, point: 'ch4', ...arrival }, transitions)
  replay.until(replay.now() + 5 * MINUTE, transitions)
  replay.take({ command: 'ack', alarm: `${SITE}/gas/ch4:cut`, by: 'duty', ts: replay.now() }, transitions)
  for (const s of [0, 40])
    replay.take({ site: SITE, point: 'ch4', ts: replay.now() + s * SECOND, value: 1.9 }, transitions)
  expect(
    transitions.filter(({ rule }) => rule === 'limit').map(({ cause, to, episode }) => `${cause} ${to} ${episode}`),
  ).toEqual(['retrospective rtn-unacked 1', 'acked normal 1', 'raised unacked 2'])
})

test('a snapshot while the backlog comes in changes nothing', () => {
  const arrivals = story(outage())
  const resume = (replay: Replay) =>
    createReplay({
      installation,
      rules: RULES,
      saved: { fold: JSON.parse(JSON.stringify(replay.fold.save())), now: replay.now() },
    })
  expect(told(run(arrivals, resume))).toEqual(told(run(arrivals)))
})
