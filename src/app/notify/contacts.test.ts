/** Whom of a desk an alarm calls, and in which hours a desk is not woken. */
import { expect, test } from 'vitest'
import type { Transition } from '../../model/alarm.ts'
import { CLOCKS, type DutyDesk } from '../../model/duty.ts'
import { HOUR, parseInstant } from '../../model/time.ts'
import { mine, NOW, step } from '../api/test-mine.ts'
import { defaultSettings } from '../config/settings.ts'
import { desksOf } from './contacts.ts'
import { dueOf } from './due.ts'
import { createRouter } from './route.ts'
import type { NotifySettings, RouteSettings } from './settings.ts'

const { site } = mine()
const located = { ...site, region: 'henan/xuchang' }
const desk = (given: Partial<DutyDesk> & Pick<DutyDesk, 'id'>): DutyDesk => ({
  name: { zh: given.id, en: given.id },
  level: 'mine',
  contacts: [],
  timezone: 'Asia/Shanghai',
  ...given,
})
const NIGHT = { id: 'quiet', from: 22 * HOUR, to: 7 * HOUR, work: 'quiet' }
const installation = {
  hash: 'h',
  graph: 'g',
  sites: new Map([[site.id, located]]),
  points: [],
  regulations: [],
  rules: [],
  duty: {
    desks: [
      desk({ id: 'mine', sites: [site.id], parent: 'county', contacts: ['dispatcher', 'chief'], quiet: NIGHT }),
      desk({ id: 'county', level: 'county', contacts: ['officer'] }),
    ],
    clocks: CLOCKS,
  },
}
const REACH: Readonly<Record<string, 'group' | 'mail' | 'phone'>> = { robot: 'group', mail: 'mail', sms: 'phone' }
const settings = (routes: readonly Partial<RouteSettings>[]): NotifySettings => ({
  ...defaultSettings().notify,
  channels: Object.keys(REACH).map((name) => ({ name, adapter: name, settings: {}, timeout: 1 })),
  recipients: [
    { name: 'dispatcher', phone: '13800000001' },
    { name: 'chief', mail: 'chief@a.example' },
    { name: 'officer', phone: '13800000002', mail: 'officer@a.example' },
    { name: 'stranger', phone: '13800000003', mail: 'stranger@a.example' },
  ],
  routes: routes.map((given) => {
    return { match: {}, to: ['robot', 'mail', 'sms'], recipients: [], contacts: true, names: false, ...given }
  }),
})
const router = (...routes: Partial<RouteSettings>[]) => createRouter(settings(routes), (name) => REACH[name])
const told = (given: Partial<Transition>, ...routes: Partial<RouteSettings>[]) =>
  router(...(routes.length > 0 ? routes : [{}]))
    .targetsOf(step(1, given), installation)
    .map(({ channel, recipients }) => [channel, ...recipients.map(({ name }) => name)].join(' '))

test('the contacts of the desk at which an alarm stands are told, each by what they have', () => {
  expect(told({ desk: 'mine' })).toEqual(['robot dispatcher chief', 'mail chief', 'sms dispatcher'])
  expect(told({ desk: 'county', cause: 'handed-on' })).toEqual(['robot officer', 'mail officer', 'sms officer'])
})

test('without a desk, or at one that is no more, a group is told and nobody called upon', () => {
  expect(told({})).toEqual(['robot'])
  expect(told({ desk: 'gone' })).toEqual(['robot'])
  expect(told({ desk: 'mine' }, { contacts: false })).toEqual(['robot'])
})

test('who is a contact and a recipient is told once', () => {
  expect(told({ desk: 'mine' }, { to: ['sms'], recipients: ['dispatcher', 'stranger'] })).toEqual([
    'sms dispatcher',
    'sms stranger',
  ])
  expect(told({ desk: 'mine' }, { to: ['sms'] }, { to: ['sms'], contacts: false, recipients: ['dispatcher'] })).toEqual(
    ['sms dispatcher'],
  )
})

test('that a clock ran out calls nobody whom handing on called, and those of the highest desk', () => {
  const clock = { rule: 'response-clock', instance: 'response-clock', desk: 'county' }
  expect(told({ ...clock, value: 1 })).toEqual(['robot'])
  expect(told({ ...clock, value: 2, cause: 'escalated' })).toEqual(['robot officer', 'mail officer', 'sms officer'])
})

test('whoever has a language of their own is told in it; a group in that of the route', () => {
  const recipients = [
    { name: 'dispatcher', phone: '13800000001', language: 'en' as const },
    { name: 'chief', phone: '13800000004' },
  ]
  const own = createRouter({ ...settings([{ language: 'zh' }]), recipients }, (name) => REACH[name])
  const targets = own.targetsOf(step(1, { desk: 'mine' }), installation)
  expect(targets.map(({ channel, id, language }) => [channel, id, language])).toEqual([
    ['robot', 'zh/dispatcher,chief', 'zh'],
    ['sms', 'en/dispatcher', 'en'],
    ['sms', 'zh/chief', 'zh'],
  ])
  for (const target of targets) expect(own.find(target, installation)).toEqual(target)
})

test('a target is found again, also when its desk has other contacts meanwhile', () => {
  const own = router({})
  const targets = own.targetsOf(step(1, { desk: 'mine' }), installation)
  for (const target of targets) expect(own.find(target, installation)).toEqual(target)
  const moved = { ...installation, duty: { ...installation.duty, desks: [desk({ id: 'mine' })] } }
  expect(own.find(targets.find(({ channel }) => channel === 'sms')!, moved)?.recipients).toMatchObject([
    { name: 'dispatcher' },
  ])
})

const ended = (told: readonly string[], given: Partial<Transition> = {}, ...routes: Partial<RouteSettings>[]) => {
  const own = router(...(routes.length > 0 ? routes : [{}]))
  const over = step(2, { desk: 'county', ...given })
  const addresses = told.map((each) => {
    const [channel, ...people] = each.split(' ')
    return { channel: channel!, id: `both/${people.join(',')}` }
  })
  return own
    .restOf(over, { installation, told: addresses })
    .map(({ channel, recipients }) => [channel, ...recipients.map(({ name }) => name)].join(' '))
}

test('whoever was told that it stands hears of its end, wherever it stands by then; a group once', () => {
  const told = ['robot officer', 'sms officer', 'mail chief', 'robot dispatcher,chief', 'sms dispatcher']
  expect(ended(told)).toEqual(['mail chief', 'sms dispatcher'])
  // A route that no more fits it by its severity, its desk or the shift.
  expect(ended(told, {}, { match: { desk: 'mine' } })).toEqual([
    'robot officer',
    'sms officer',
    'mail chief',
    'sms dispatcher',
  ])
  expect(ended(['sms dispatcher'], { severity: 'minor' })).toEqual(['sms dispatcher'])
  expect(ended(['sms dispatcher'], {}, { match: { work: 'maintenance' } })).toEqual(['sms dispatcher'])
})

test('nobody hears of an end who asked for no ends, has no such route any more, or from whom it is kept', () => {
  const told = ['sms dispatcher']
  expect(ended(told, {}, { match: { cause: ['raised'] } })).toEqual([])
  expect(ended(told, {}, { match: { site: 'other' } })).toEqual([])
  expect(ended(told, {}, { to: ['mail'] })).toEqual([])
  expect(ended(['sms nobody', 'gone officer'])).toEqual([])
  expect(ended(told, { hush: { kind: 'shelved', by: 'wang' } })).toEqual([])
})

const due = (given: Partial<Transition>, at: number, quiet?: NotifySettings['quiet'], desks?: readonly string[]) =>
  dueOf(step(1, { desk: 'mine', severity: 'notice', ...given }), {
    now: at,
    window: 10_000,
    quiet,
    desks: desks ?? [given.desk ?? 'mine'],
    duty: installation.duty,
  }).due

test('in a desk’s quiet hours a notice at it waits for their end, also where it chatters; nothing graver does', () => {
  // It is 08:00 at the mine.
  const night = NOW + 15 * HOUR
  const morning = NOW + 23 * HOUR
  expect(due({}, night)).toBe(morning)
  expect(due({ chattering: true }, night)).toBe(morning)
  expect(due({ cause: 'cleared' }, night)).toBe(morning)
  expect(due({ desk: 'county' }, night)).toBe(night + 10_000)
  expect(due({ severity: 'minor' }, night)).toBe(night + 10_000)
  expect(due({}, NOW)).toBe(NOW + 10_000)
})

test('quiet hours of notifications and of the desk that follow each other are one night', () => {
  const quiet = { from: '20:00', to: '23:00', timezone: 'Asia/Shanghai' }
  expect(due({}, NOW + 13 * HOUR, quiet)).toBe(NOW + 23 * HOUR)
  expect(due({ desk: 'county' }, NOW + 13 * HOUR, quiet)).toBe(NOW + 15 * HOUR)
})

test('the end wakes nobody in the quiet hours of the desk they sit at, though it stands at another', () => {
  const night = NOW + 15 * HOUR
  const over = { desk: 'county', cause: 'cleared' } as const
  const [officer, dispatcher] = ['officer', 'dispatcher'].map((name) => ({ recipients: [{ name }] }))
  expect(desksOf(officer!, { desk: 'county', duty: installation.duty })).toEqual(['county'])
  const desks = desksOf(dispatcher!, { desk: 'county', duty: installation.duty })
  expect(desks).toEqual(['mine'])
  expect(due(over, night, undefined, desks)).toBe(NOW + 23 * HOUR)
  expect(desksOf({ recipients: [{ name: 'stranger' }] }, { desk: 'county', duty: installation.duty })).toEqual([
    'county',
  ])
})

test('hours of three that leave one night between them end when the last one does', () => {
  const { duty } = installation
  const at = (id: string, from: number, to: number) =>
    desk({ id, contacts: ['officer'], quiet: { ...NIGHT, from: from * HOUR, to: to * HOUR } })
  const desks = [at('a', 1, 3), at('b', 22, 1), at('c', 3, 5)]
  const end = dueOf(step(1, { severity: 'notice' }), {
    now: NOW + 15 * HOUR,
    window: 0,
    quiet: undefined,
    desks: ['a', 'b', 'c'],
    duty: { ...duty, desks },
  })
  expect(end.due).toBe(NOW + 21 * HOUR)
})

test('the night that clocks go back is longer by an hour, the one that they go forward shorter', () => {
  const berlin = { from: '22:00', to: '06:00', timezone: 'Europe/Berlin' }
  for (const [now, end] of [
    ['2026-10-24T23:30:00+02:00', '2026-10-25T06:00:00+01:00'],
    ['2026-10-25T02:30:00+01:00', '2026-10-25T06:00:00+01:00'],
    ['2026-03-28T23:30:00+01:00', '2026-03-29T06:00:00+02:00'],
  ] as const) {
    expect(due({ desk: 'county' }, parseInstant(now)!, berlin)).toBe(parseInstant(end))
  }
})
