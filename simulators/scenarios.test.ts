import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { withDemoDelays } from '../src/app/commands/demo-delays.ts'
import { loadConfiguration } from '../src/app/configuration.ts'
import { createReplay } from '../src/app/replay.ts'
import type { Transition } from '../src/model/alarm.ts'
import type { Installation } from '../src/model/site.ts'
import { type Instant, MINUTE, parseInstant } from '../src/model/time.ts'
import { RULES } from '../src/rules/index.ts'
import type { Sent } from './gateway.ts'
import { SCENARIOS } from './index.ts'
import type { Scenario } from './scenario.ts'
import { createWorld } from './world.ts'

let installation: Installation
beforeAll(async () => {
  const dir = fileURLToPath(new URL('../config', import.meta.url))
  // What rules say is expected here; that nobody answers in time, and is called, is the duty desks' business.
  const { duty: _duty, practice: _practice, ...rules } = (await loadConfiguration(dir, { warn: () => {} })).installation
  installation = rules
})

/** The scenario through the door and the fold, from a quiet minute before it to its end. */
function play(scenario: Scenario, seed: number): { transitions: Transition[]; refused: string[]; begin: Instant } {
  const start = parseInstant(scenario.start)! - MINUTE
  const world = createWorld({ installation, seed, start, run: 'test' })
  const replay = createReplay({ installation, rules: RULES })
  const transitions: Transition[] = []
  const refused: string[] = []
  const take = (said: readonly Sent[]) => {
    for (const { reading, sent } of said) {
      const refusal = replay.take({ ...reading, received: sent }, transitions)
      if (refusal) refused.push(refusal.reason)
    }
  }
  take(world.live(start + MINUTE))
  scenario.play(world)
  const end = start + MINUTE + scenario.duration(world.delays)
  for (let at = start + 2 * MINUTE; at < end; at += MINUTE) take(world.live(at))
  take(world.live(end))
  replay.until(end, transitions)
  return { transitions, refused, begin: start + MINUTE }
}

const name = ({ site, rule, key }: { site: string; rule: string; key: string }) => `${site} ${rule} ${key}`

describe.each([...SCENARIOS.values()].map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
  test.each([1, 2, 3])('raises what it says and nothing else, and all of it clears (seed %i)', (seed) => {
    const { transitions, refused } = play(scenario, seed)
    expect(refused).toEqual([])
    const last = new Map(transitions.map((transition) => [name(transition), transition.cause]))
    expect([...last].sort()).toEqual(scenario.expects.map((alarm) => [name(alarm), 'cleared']).sort())
  })

  test('says what it is in both languages', () => {
    for (const { zh, en } of [scenario.title, scenario.description]) {
      expect(zh).toMatch(/\p{Script=Han}/u)
      expect(en).toMatch(/^[\p{ASCII}]+$/u)
    }
  })
})

const ofKey = (transitions: readonly Transition[], key: string) => transitions.filter((one) => one.key === key)

test('gas rises level by level: warning, then cut, and they clear from the top', () => {
  const { transitions } = play(SCENARIOS.get('gas-rising')!, 1)
  const t1 = transitions.filter(({ key }) => key.startsWith('face-101/ch4-t1'))
  expect(t1[0]).toMatchObject({ key: 'face-101/ch4-t1:warning', cause: 'raised', severity: 'major' })
  expect(t1.find(({ key }) => key.endsWith(':cut'))).toMatchObject({ cause: 'raised', severity: 'critical' })
})

test('null clears nothing: the warning stands through the cut and clears only by a good value', () => {
  const { transitions, begin } = play(SCENARIOS.get('cable-cut')!, 1)
  const warning = ofKey(transitions, 'face-101/ch4-t1:warning')
  expect(warning.map(({ cause }) => cause)).toEqual(['raised', 'cleared'])
  expect(warning[1]!.at).toBeGreaterThanOrEqual(begin + 5 * MINUTE)
})

test('when production begins, the face is over its limit although nobody moved', () => {
  const { transitions } = play(SCENARIOS.get('early-shift-begins')!, 1)
  const [raised] = ofKey(transitions, 'face-101')
  expect(raised).toMatchObject({ cause: 'raised', value: 26, limit: 25 })
  expect(raised!.since).toBe(parseInstant('2026-05-13T06:00:00+08:00'))
  expect(raised!.at).toBe(parseInstant('2026-05-13T06:01:00+08:00'))
})

test('at a shift change two crews are underground at once, each face goes from one to the other, and all go home', () => {
  const start = parseInstant('2026-05-12T13:20:00+08:00')!
  const world = createWorld({ installation, seed: 1, start, run: 'test' })
  const { crew } = world.place('baoyuan')
  const before = crew.count('underground')
  const [early, middle] = [crew.shift(0), crew.shift(1)]
  const inside = (people: typeof early) => people.filter(({ person }) => crew.inside(person)).length
  SCENARIOS.get('shift-change')!.play(world)
  world.live(start + 24 * MINUTE)
  expect(inside(early)).toBe(early.length)
  expect(inside(middle)).toBe(middle.length)
  expect(crew.count('underground')).toBeGreaterThan(before + 35)
  world.live(start + 80 * MINUTE)
  expect(inside(early)).toBe(0)
  expect(crew.count('face-101')).toBe(23)
  expect(crew.count('underground')).toBe(before)
})

test.each([1, 10])(
  'life that began unheard is as calm to whoever listens later, in the demo at speed %i, too',
  (speed) => {
    const opening = 15 * MINUTE
    const start = parseInstant('2026-05-12T10:00:00+08:00')!
    const demo = withDemoDelays(installation, speed)
    const world = createWorld({ installation: demo, seed: 1, start, run: 'test', opening, speed })
    const replay = createReplay({ installation: demo, rules: RULES })
    const transitions: Transition[] = []
    world.live(start + opening)
    const real = (at: Instant) => start + opening + Math.round((at - start - opening) / speed)
    const end = start + opening + speed * 20 * MINUTE
    for (let at = start + opening; at <= end; at += MINUTE) {
      for (const { reading, sent } of world.live(at)) {
        replay.take({ ...reading, ts: real(reading.ts), received: real(sent) }, transitions)
      }
    }
    expect(transitions.map(name)).toEqual([])
  },
)

test('the same seed says the same bytes, another seed other ones', () => {
  const say = (seed: number) => {
    const start = parseInstant('2026-05-12T10:00:00+08:00')!
    const world = createWorld({ installation, seed, start, run: 'test' })
    for (const scenario of SCENARIOS.values()) scenario.play(world)
    return JSON.stringify(world.live(start + 10 * MINUTE))
  }
  const once = say(7)
  expect(once.length).toBeGreaterThan(100_000)
  expect(say(7) === once).toBe(true)
  expect(say(8) === once).toBe(false)
})

test('how finely the world is asked changes nothing', () => {
  const start = parseInstant('2026-05-12T10:00:00+08:00')!
  const say = (step: number) => {
    const world = createWorld({ installation, seed: 1, start, run: 'test' })
    const said: Sent[] = []
    for (let at = start + step; at <= start + 2 * MINUTE; at += step) said.push(...world.live(at))
    return JSON.stringify(said)
  }
  expect(say(100) === say(MINUTE)).toBe(true)
})

test('every scenario file is listed', () => {
  const files = readdirSync(new URL('./scenarios', import.meta.url)).map((file) => file.replace(/\.ts$/, ''))
  expect(files.filter((file) => file !== 'crowd').sort()).toEqual([...SCENARIOS.keys()].sort())
})
