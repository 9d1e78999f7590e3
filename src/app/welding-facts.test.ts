/** What a site knows of its welding outlives a rule item: one that begins finds no more allowed, and nobody gone, than one that was there. */
import { expect, test } from 'vitest'
import type { Transition } from '../model/alarm.ts'
import type { NewEntry } from '../model/entry.ts'
import type { Quality, WeldStep } from '../model/reading.ts'
import { parseInstant, SECOND } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { createFold } from './fold.ts'

const NOW = parseInstant('2026-05-01T08:00:00+08:00')!

/** Another delay makes every item another, which begins anew. */
const hall = (clearAfter: '0s' | '1s') =>
  inlineInstallation({
    file: 'hall',
    known: RULES,
    site: {
      areas: [{ id: 'bay' }],
      points: [
        { id: 'i', kind: 'weld.current', area: 'bay', machine: 'm' },
        { id: 's', kind: 'weld.session', area: 'bay', machine: 'm' },
      ],
    },
    people: 'person,card,name,role,team,certificate,expires\nw-ok,1,A,,,welding,\nw-none,2,B,,,,\n',
    rules: [
      { id: 'platform', rule: 'weld-off-platform', clearAfter },
      { id: 'certificate', rule: 'weld-uncertified', clearAfter },
      { id: 'permit', rule: 'weld-permit', clearAfter },
    ],
  })

/** Alarms that stand after those words, each second one, on items that were there and on items that begin afterwards. */
function standing(words: readonly [point: 'i' | 's', value: number | WeldStep, quality?: Quality][]) {
  return ([false, true] as const).map((anew) => {
    let fold = createFold({ installation: hall('0s'), rules: RULES })
    let offset = 0
    const apply = (entry: NewEntry) => {
      const told: Transition[] = []
      fold.apply({ ...entry, offset: ++offset }, told)
    }
    const permit = { command: 'permit', permit: 'P', site: 'mine', by: 'officer', ts: NOW, tested: NOW } as const
    apply({ type: 'command', at: NOW, command: permit })
    for (const [i, [id, value, quality = 'good']] of words.entries()) {
      const at = NOW + (i + 1) * SECOND
      apply({ type: 'reading', at, reading: { point: { siteId: 'mine', id }, ts: at, value, quality } })
    }
    const last = NOW + 60 * SECOND
    apply({ type: 'tick', at: last })
    if (anew) {
      const next = hall('1s')
      fold = createFold({ installation: next, rules: RULES, saved: JSON.parse(JSON.stringify(fold.save())) })
      apply({ type: 'config', at: last, hash: next.hash })
      for (let i = 1; i <= 60; i++) apply({ type: 'tick', at: last + i * SECOND })
    }
    const active = fold.desk.standing().filter(({ state }) => state === 'unacked')
    return active.map(({ alarm }) => alarm)
  })
}

const open = (person: string): ['s', WeldStep] => ['s', { event: 'unlock', person, permit: 'P' }]

test('a doubtful lock closes the platform, takes the permit away, and does not send the uncertified home', () => {
  const [there, anew] = standing([open('w-none'), ['i', 140], ['s', { event: 'lock' }, 'uncertain']])
  expect(there).toEqual(expect.arrayContaining(['mine/platform/m', 'mine/certificate/m', 'mine/permit/m']))
  expect(anew).toEqual(expect.arrayContaining(there!))
  expect(anew).toHaveLength(3)
})

test('a doubtful unlock by somebody uncertified is not forgotten, one by somebody certified sends nobody home', () => {
  const none: ['s', WeldStep, Quality] = ['s', { event: 'unlock', person: 'w-none' }, 'uncertain']
  const ok: ['s', WeldStep, Quality] = ['s', { event: 'unlock', person: 'w-ok' }, 'uncertain']
  for (const words of [
    [none],
    [open('w-ok'), none],
    [open('w-none'), ok],
    [none, ['s', { event: 'lock' }, 'uncertain']],
  ])
    for (const found of standing(words as Parameters<typeof standing>[0])) expect(found).toEqual(['mine/certificate/m'])
  for (const words of [[ok], [none, open('w-ok')], [none, ['s', { event: 'lock' }]]])
    for (const found of standing(words as Parameters<typeof standing>[0])) expect(found).toEqual([])
})

test('a doubtful scan lends nobody its name', () => {
  const scan: ['s', WeldStep, Quality] = ['s', { event: 'scan', person: 'w-ok' }, 'uncertain']
  for (const found of standing([scan, ['s', { event: 'unlock' }]])) expect(found).toEqual(['mine/certificate/m'])
})

test('a lock that nobody doubts ends it all', () => {
  for (const found of standing([open('w-none'), ['s', { event: 'lock' }]])) expect(found).toEqual([])
})

test('of what is allowed, neither finds anything wrong', () => {
  for (const found of standing([open('w-ok'), ['i', 140]])) expect(found).toEqual([])
})
