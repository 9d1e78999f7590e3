/** Backlogs of many sites at once: what is live does not wait for all of them. */
import { expect, test } from 'vitest'
import type { Transition } from '../model/alarm.ts'
import type { Installation } from '../model/site.ts'
import { parseInstant } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { createFold } from './fold.ts'

const NOW = parseInstant('2026-05-01T08:00:00+08:00')!
const SITES = ['a', 'b', 'c']

function installed(): Installation {
  const points = [{ id: 'ch4', kind: 'gas.ch4', range: [0, 10] }]
  const rules = [{ id: 'gas', rule: 'limit', match: { kind: 'gas.ch4' }, levels: [{ name: 'alarm', high: 1 }] }]
  const each = SITES.map((id) => inlineInstallation({ file: id, known: RULES, site: { site: id, points }, rules }))
  const all = each.flatMap(({ points: [point] }) => (point ? [point] : []))
  for (const [index, point] of all.entries()) {
    Object.assign(point, { index })
    Object.assign(point.site, { index })
  }
  return { ...each[0]!, sites: new Map(all.map(({ site }) => [site.id, site])), points: all }
}

test('after an outage of many sites their backlogs are judged over several ticks, the same after a restart', () => {
  const installation = installed()
  let fold = createFold({ installation, rules: RULES })
  const into: Transition[] = []
  let offset = 0
  let at = NOW
  const tick = () => fold.apply({ type: 'tick', at, offset: ++offset }, into)
  tick()
  at += 3_600_000
  for (let i = 0; i < 110_000; i++) {
    for (const siteId of SITES) {
      const reading = {
        point: { siteId, id: 'ch4' },
        ts: NOW + i * 10,
        value: i === 500 ? 2 : 0.5,
        quality: 'good' as const,
      }
      fold.apply({ type: 'reading', at, offset: ++offset, reading }, into)
    }
  }
  const told: (readonly string[])[] = []
  for (let i = 0; i < 80; i++) {
    at += 1_000
    const from = into.length
    tick()
    if (into.length === from) continue
    told.push(into.slice(from).map(({ site }) => site))
    if (told.flat().length === SITES.length) break
    fold = createFold({ installation, rules: RULES, saved: JSON.parse(JSON.stringify(fold.save())) })
  }
  expect(told.flat()).toEqual(SITES)
  expect(told.length).toBeGreaterThan(1)
})
