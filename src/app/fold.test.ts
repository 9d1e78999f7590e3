import { expect, test } from 'vitest'
import type { Transition } from '../model/alarm.ts'
import type { NewEntry } from '../model/entry.ts'
import { parseInstant } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { createFold, type Fold } from './fold.ts'

const NOW = parseInstant('2026-05-01T08:00:00+08:00')!

function crewLimit(limit: number) {
  return inlineInstallation({
    file: 'mine',
    known: RULES,
    site: {
      areas: [{ id: 'face', kind: 'coal-face' }],
      points: [{ id: 'r-1', kind: 'card.reader', area: 'face' }],
    },
    rules: [{ id: 'crew', rule: 'over-crew', match: { kind: 'coal-face' }, limit, raiseAfter: '0s', clearAfter: '0s' }],
  })
}

/** Folds entries one after the other; `reload` goes on under another configuration, as the running service does. */
function rig(limit: number) {
  let fold: Fold = createFold({ installation: crewLimit(limit), rules: RULES })
  let offset = 0
  const told: string[] = []
  function apply(entry: NewEntry): void {
    const into: Transition[] = []
    fold.apply({ ...entry, offset: ++offset }, into)
    for (const { id, cause } of into) told.push(`${cause} ${id}`)
  }
  const resume = (next = fold.installation) => {
    const saved = JSON.parse(JSON.stringify(fold.save()))
    fold = createFold({ installation: next, rules: RULES, saved })
  }
  return {
    told,
    resume,
    see: (card: string, second: number) =>
      apply({
        type: 'reading',
        at: NOW + second * 1_000,
        reading: { point: { siteId: 'mine', id: 'r-1' }, ts: NOW + second * 1_000, value: { card }, quality: 'good' },
      }),
    tick: (second: number) => apply({ type: 'tick', at: NOW + second * 1_000 }),
    reload(limit: number, second: number) {
      const next = crewLimit(limit)
      resume(next)
      apply({ type: 'config', at: NOW + second * 1_000, hash: next.hash })
    },
    restart: (second: number) => apply({ type: 'config', at: NOW + second * 1_000, hash: fold.installation.hash }),
  }
}

test('what a rule says as it begins is not lost to a second reload or a snapshot before the next tick', () => {
  for (const interrupt of [false, true]) {
    const mine = rig(5)
    for (const [i, card] of ['a', 'b', 'c'].entries()) mine.see(card, i)
    mine.tick(4)
    expect(mine.told).toEqual([])
    mine.reload(2, 5)
    if (interrupt) {
      mine.resume()
      mine.restart(5)
    }
    mine.tick(6)
    expect(mine.told, interrupt ? 'interrupted' : 'straight').toEqual(['raised mine/crew/face/1.1'])
  }
})

test('a restart with an unchanged configuration ends no alarm; a changed limit ends what is over by it, and nothing else', () => {
  const mine = rig(2)
  for (const [i, card] of ['a', 'b', 'c'].entries()) mine.see(card, i)
  mine.tick(4)
  mine.resume()
  mine.restart(5)
  mine.tick(6)
  expect(mine.told).toEqual(['raised mine/crew/face/1.1'])
  mine.reload(1, 7)
  mine.tick(8)
  expect(mine.told.slice(1)).toEqual([])
  mine.reload(5, 9)
  mine.tick(10)
  mine.reload(2, 11)
  mine.tick(12)
  expect(mine.told.slice(1)).toEqual(['cleared mine/crew/face/1.2', 'raised mine/crew/face/2.1'])
})

test('a hazard that is overdue is an alarm again once its site is declared again', () => {
  const declared = (site: string) =>
    inlineInstallation({ file: site, known: RULES, site: { site, areas: [{ id: 'face' }], points: [] }, rules: [] })
  const mine = declared('mine')
  let fold = createFold({ installation: mine, rules: RULES })
  let offset = 0
  const apply = (entry: NewEntry): string[] => {
    const into: Transition[] = []
    fold.apply({ ...entry, offset: ++offset }, into)
    return into.map(({ id, cause }) => `${cause} ${id}`)
  }
  const under = (installation: typeof mine, at: number): string[] => {
    fold = createFold({ installation, rules: RULES, saved: JSON.parse(JSON.stringify(fold.save())) })
    return apply({ type: 'config', at, hash: installation.hash })
  }
  const text = { zh: '护栏缺失', en: 'No railing' }
  const found = { action: 'open', source: 'inspection', grade: 'general', text } as const
  const report = { command: 'hazard', site: 'mine', by: 'li', ts: NOW, deadline: NOW + 5_000, ...found } as const
  apply({ type: 'command', at: NOW, command: report })
  expect(apply({ type: 'tick', at: NOW + 5_000 })).toEqual(['raised mine/hazard-overdue/mine.1/1.1'])
  expect(under(declared('other'), NOW + 6_000)).toEqual(['cleared mine/hazard-overdue/mine.1/1.2'])
  expect(under(mine, NOW + 7_000)).toEqual(['raised mine/hazard-overdue/mine.1/2.1'])
  expect(under(mine, NOW + 8_000)).toEqual([])
})
