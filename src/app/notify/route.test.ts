import { expect, test } from 'vitest'
import { type Cause, OUTGROWN, type Severity, type Transition } from '../../model/alarm.ts'
import { mine, NOW, step } from '../api/test-mine.ts'
import { defaultSettings } from '../config/settings.ts'
import { dueOf } from './due.ts'
import { createRouter } from './route.ts'
import type { NotifySettings, RouteSettings } from './settings.ts'
import { installationOf } from './test-notifications.ts'

const { site } = mine()
const located = { ...site, region: 'henan/xuchang/yuzhou' }
const installation = installationOf({ sites: new Map([[site.id, located]]) })
const REACH: Readonly<Record<string, 'group' | 'mail' | 'phone'>> = { hook: 'group', mail: 'mail', sms: 'phone' }
const channel = (name: string) => ({ name, adapter: name, settings: {}, timeout: 1 })
const base: NotifySettings = {
  ...defaultSettings().notify,
  channels: ['hook', 'mail', 'sms'].map(channel),
  recipients: [
    { name: 'chief', mail: 'chief@a.example', phone: '13800000001' },
    { name: 'clerk', mail: 'clerk@a.example' },
  ],
}
const route = (given: Partial<RouteSettings>): RouteSettings => ({
  match: {},
  to: ['hook'],
  recipients: [],
  contacts: false,
  names: false,
  ...given,
})
const told = (settings: Partial<NotifySettings>, given: Partial<Transition> = {}) =>
  createRouter({ ...base, ...settings }, (name) => REACH[name])
    .targetsOf(step(1, given), installation)
    .map(({ channel: name, recipients }) => [name, ...recipients.map((person) => person.name)].join(' '))

test('without routes, major and above go everywhere to everybody who can be reached there', () => {
  expect(told({})).toEqual(['hook chief clerk', 'mail chief', 'mail clerk', 'sms chief'])
  expect(told({}, { severity: 'minor' })).toEqual([])
  expect(told({ channels: [] })).toEqual([])
})

test.each<[Partial<RouteSettings['match']>, boolean]>([
  [{ severity: ['minor'] }, false],
  [{ severity: ['major'] }, true],
  [{ site: 'baoyuan' }, true],
  [{ site: ['other', 'baoyuan'] }, true],
  [{ site: 'other' }, false],
  [{ region: 'henan/xuchang' }, true],
  [{ region: 'henan/xu' }, false],
  [{ rule: 'over-crew' }, true],
  [{ rule: 'crew/coal-face' }, true],
  [{ rule: 'limit' }, false],
  [{ cause: ['cleared'] }, false],
  [{ work: 'production' }, true],
  [{ work: 'maintenance' }, false],
  [{ desk: 'bureau' }, true],
  [{ desk: 'mine' }, false],
  [{ level: 'county' }, true],
  [{ level: ['city', 'province'] }, false],
])('%j: %s', (match, fits) => {
  const marked: Partial<Transition> = { desk: 'bureau', level: 'county' }
  expect(told({ routes: [route({ match })] }, marked).length > 0).toBe(fits)
})

test('what people do on the desk is nobody’s news unless asked for; what is hidden from people is not told', () => {
  const causes = (cause: Cause, match = {}) => told({ routes: [route({ match })] }, { cause }).length
  expect(['raised', 'handed-on', 'realarmed', 'retrospective'].map((cause) => causes(cause as Cause))).toEqual([
    1, 1, 1, 1,
  ])
  expect(['acked', 'confirmed', 'shelved', 'out-of-service'].map((cause) => causes(cause as Cause))).toEqual([
    0, 0, 0, 0,
  ])
  expect(causes('acked', { cause: ['acked'] })).toBe(1)
  expect(told({}, { hush: { kind: 'shelved', by: 'wang' } })).toEqual([])
})

test('every route that fits tells it, a channel and its recipients once', () => {
  const routes = [
    route({ to: ['hook', 'mail'], recipients: ['chief'] }),
    route({ to: ['mail', 'hook'], recipients: ['chief', 'clerk'] }),
  ]
  expect(told({ routes })).toEqual(['hook chief', 'mail chief', 'mail clerk', 'hook chief clerk'])
})

test('a target is found again by its id, or by its people where they are told in another form now', () => {
  const inLanguage = (language: 'en' | 'zh') =>
    createRouter({ ...base, routes: [route({ to: ['mail'], recipients: ['chief'], language })] }, (name) => REACH[name])
  const router = inLanguage('en')
  const [target] = router.targetsOf(step(1), installation)
  expect(router.find(target!, installation)).toEqual(target)
  expect(inLanguage('zh').find(target!, installation)).toEqual({ ...target, language: 'zh' })
  expect(router.find({ ...target!, channel: 'hook' }, installation)).toBeUndefined()
})

const due = (severity: Severity, now: number, quiet?: NotifySettings['quiet']) =>
  dueOf(step(1, { severity }), { now, window: 10_000, quiet, desks: [], duty: undefined })
const QUIET = { from: '22:00', to: '06:00', timezone: 'Asia/Shanghai' }
const HOUR = 3_600_000

test('critical at once and alone, the others within their window', () => {
  expect(due('critical', NOW)).toEqual({ due: NOW, group: step(1).id })
  expect(due('major', NOW)).toEqual({ due: NOW + 10_000, group: 'baoyuan/crew/coal-face' })
})

test('what chatters is gathered by alarm, and what belongs to a flood shares its message', () => {
  const of = (given: Partial<Transition>) =>
    dueOf(step(1, given), { now: NOW, window: 10_000, quiet: undefined, desks: [], duty: undefined })
  const { alarm } = step(1)
  const gathered = { due: NOW + 600_000, group: `chatter ${alarm}` }
  expect(of({ chattering: true, severity: 'major' })).toEqual(gathered)
  expect(of({ chattering: true, severity: 'critical', cause: 'cleared' })).toEqual(gathered)
  expect(of({ chattering: true, severity: 'critical' }).due, 'each rise of the fatal is heard').toBe(NOW)
  expect(of({ chattering: true, cause: 'escalated', severity: 'critical' }).due).toBe(NOW)
  expect(of({ group: 'baoyuan/alarm-flood/face' })).toEqual({ due: NOW + 10_000, group: 'baoyuan/alarm-flood/face' })
})

test('in quiet hours the lowest waits for their end, across midnight; nothing above it does', () => {
  // It is 08:00 at the mine.
  const night = NOW + 15 * HOUR
  const early = NOW + 21 * HOUR
  const end = NOW + 22 * HOUR
  expect(due('notice', night, QUIET)).toEqual({ due: end, group: `quiet ${end}` })
  expect(due('notice', early, QUIET).due).toBe(end)
  expect(due('notice', NOW, QUIET).due).toBe(NOW + 10_000)
  expect(due('minor', night, QUIET).due).toBe(night + 10_000)
  expect(due('critical', night, QUIET).due).toBe(night)
})

test('what was kept from people is told when that ends, if it is still so, nobody has acknowledged it, and nobody ended that by hand', () => {
  const count = (given: Partial<Transition>) => told({ routes: [route({})] }, given).length
  expect(count({ cause: 'unsuppressed', from: 'unacked', by: 'mine/link/gw-1' })).toBe(1)
  expect(count({ cause: 'unsuppressed', from: 'rtn-unacked', to: 'rtn-unacked' })).toBe(0)
  expect(count({ cause: 'unsuppressed', from: 'acked', to: 'acked' })).toBe(0)
  for (const cause of ['unshelved', 'in-service'] as const) {
    expect(count({ cause, from: 'unacked' })).toBe(1)
    expect(count({ cause, from: 'unacked', by: 'wang' })).toBe(0)
    expect(count({ cause, from: 'unacked', hush: { kind: 'suppressed', by: 'x' } })).toBe(0)
  }
  expect(
    count({ cause: 'escalated', from: 'unacked', severity: 'critical' }),
    'graver than what it was shelved for',
  ).toBe(1)
  expect(count({ cause: 'unshelved', from: 'unacked', why: OUTGROWN }), 'told with it').toBe(0)
})
