/** What the page is told of now: how each place is watched, and what is known of points across a change of the configuration. */
import { expect, test } from 'vitest'
import type { Json } from '../model/json.ts'
import type { Reading, Value } from '../model/reading.ts'
import { MINUTE } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { createLive } from './live.ts'

const NOW = Date.UTC(2026, 4, 1)

function mineOf(rules: readonly object[] = []) {
  return inlineInstallation({
    file: 'mine',
    known: RULES,
    site: {
      areas: [
        { id: 'face', kind: 'coal-face' },
        { id: 'bay-1', kind: 'bay', in: 'face' },
        { id: 'road', kind: 'roadway' },
      ],
      points: [
        { id: 'ch4', kind: 'gas.ch4', unit: '%', area: 'face' },
        { id: 'cam', kind: 'device.state', area: 'face', device: 'camera' },
        { id: 'weld', kind: 'weld.current', unit: 'A', area: 'bay-1' },
        { id: 'road-ch4', kind: 'gas.ch4', unit: '%', area: 'road' },
      ],
    },
    rules,
  })
}
type Mine = ReturnType<typeof mineOf>

function say(mine: Mine, values: Readonly<Record<string, Value>>, more: Partial<Reading> = {}): Reading[] {
  return Object.entries(values).map(([id, value]) => {
    const point = mine.points.find((one) => one.id === id)!
    return { point, ts: NOW, value, quality: 'good', received: NOW, timing: 'live', ...more }
  })
}

const ALL = { ch4: 0.3, cam: 'online', 'road-ch4': 0.2 } as const

function watchOf(rules: readonly object[], values: Readonly<Record<string, Value>>) {
  const mine = mineOf(rules)
  const live = createLive(mine)
  live.note(say(mine, values))
  const site = [...mine.sites.values()][0]!
  const areas = live.areas(site, { now: NOW, engine: undefined, standing: [] })
  return Object.fromEntries(areas.map(({ area, monitoring }) => [area.id, monitoring]))
}

const eyes = (require: readonly string[], kind = 'coal-face') => ({
  id: 'eyes',
  rule: 'unmonitored',
  match: { kind },
  require,
})

test('without an item, what is declared of a place is expected of it', () => {
  expect(watchOf([], ALL)).toEqual({ face: 'watched', 'bay-1': 'unequipped', road: 'watched' })
  expect(watchOf([], { ...ALL, cam: 'offline' }).face).toBe('blind')
})

test('an item says what has to be there: no more, and no less', () => {
  expect(watchOf([eyes(['gas'])], { ch4: 0.3, cam: 'offline' }).face).toBe('watched')
  expect(watchOf([eyes(['camera'])], { cam: 'online' }).face).toBe('watched')
  expect(watchOf([eyes(['camera', 'gas'])], { cam: 'online' }).face).toBe('blind')
  // Gas is heard there, and the camera that is asked for was never declared.
  expect(watchOf([eyes(['camera', 'gas'], 'roadway')], ALL).road).toBe('blind')
  expect(watchOf([eyes(['camera'], 'bay')], ALL)['bay-1']).toBe('blind')
})

test('work in a place within it, above what the item takes for none, is work unwatched', () => {
  const item = { ...eyes(['camera']), arc: 50 }
  expect(watchOf([item], { cam: 'offline', weld: 40 }).face).toBe('blind')
  expect(watchOf([item], { cam: 'offline', weld: 60 }).face).toBe('unwatched')
})

test('a point that comes late is late still under another configuration, and after a restart', () => {
  const mine = mineOf()
  const live = createLive(mine)
  live.note(say(mine, { ch4: 0.4 }, { ts: NOW - 20 * MINUTE, timing: 'late' }))
  const of = (one: typeof live) => one.point(mine.points[0]!.siteId, 'ch4', NOW + 1).state
  expect(of(live)).toBe('late')
  const next = mineOf([eyes(['gas'])])
  expect(of(live.under(next))).toBe('late')
  const restarted = createLive(next)
  restarted.recall(JSON.parse(JSON.stringify(live.save())) as Json)
  expect(of(restarted)).toBe('late')
})
