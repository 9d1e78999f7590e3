/** The ledger over its input: what becomes a hazard, its life, its deadline, and that it goes on from what it saved. */
import { expect, test } from 'vitest'
import type { Condition, Transition } from '../../model/alarm.ts'
import type { HazardCriterion, HazardDeed, HazardStep } from '../../model/hazard.ts'
import type { RuleInstance } from '../../model/rule.ts'
import type { Installation, Site } from '../../model/site.ts'
import { DAY, HOUR } from '../../model/time.ts'
import { createLedger, type Ledger } from './ledger.ts'

const NOW = Date.UTC(2026, 4, 1)
const SUM = 'a'.repeat(64)

const CRITERION: HazardCriterion = {
  id: 'major/over-crew',
  clause: 'criteria/4',
  title: { zh: '超定员', en: 'Over crew' },
  grade: 'major',
  deadline: 72 * HOUR,
  match: { rule: ['over-crew'], areaKind: ['coal-face'] },
  when: { factor: 1.2, inclusive: true },
  confirmed: true,
}

function rig(criterion: HazardCriterion = CRITERION) {
  const areas = new Map([
    ['face', { id: 'face', name: { zh: '工作面', en: 'Face' }, kind: 'coal-face' }],
    ['shop', { id: 'shop', name: { zh: '机修', en: 'Shop' }, kind: 'maintenance-point' }],
  ])
  const site = { id: 'mine', kind: 'coal-mine', areas } as unknown as Site
  const rules = [{ id: 'crew', rule: 'over-crew' } as RuleInstance]
  const installation = { sites: new Map([['mine', site]]), rules, hazards: [criterion] } as unknown as Installation
  let ledger: Ledger = createLedger({ installation })
  const steps: HazardStep[] = []
  const conditions: Condition[] = []
  let now = NOW
  let offset = 0
  const out = () => ({ stamp: { now, offset: ++offset }, steps, conditions })
  return {
    steps,
    conditions,
    ledger: () => ledger,
    causes: () => steps.map(({ cause }) => cause),
    hear: (given: Partial<Transition> = {}) =>
      ledger.hear(
        {
          alarm: `mine/crew/${given.key ?? 'face'}`,
          site: 'mine',
          rule: 'over-crew',
          instance: 'crew',
          key: 'face',
          cause: 'raised',
          to: 'unacked',
          severity: 'major',
          value: 31,
          limit: 25,
          at: now,
          ...given,
        } as Transition,
        out(),
      ),
    consider: (value: number) =>
      ledger.consider(
        {
          alarm: 'mine/crew/face',
          site: 'mine',
          rule: 'over-crew',
          instance: 'crew',
          key: 'face',
          severity: 'major',
          value,
          limit: 25,
        },
        out(),
      ),
    report: (more: object = {}) =>
      ledger.command(
        {
          command: 'hazard',
          action: 'open',
          site: 'mine',
          source: 'inspection',
          grade: 'general',
          text: { zh: '护栏缺失', en: 'No railing' },
          by: 'inspector',
          ts: now,
          ...more,
        },
        out(),
      )?.code,
    act: (action: HazardDeed['action'], by: string, more: Partial<HazardDeed> = {}) =>
      ledger.command({ command: 'hazard', action, site: 'mine', hazard: 'mine.1', by, ts: now, ...more }, out())?.code,
    tick(at: number) {
      now = at
      ledger.tick(out())
    },
    restart() {
      ledger = createLedger({ installation, saved: JSON.parse(JSON.stringify(ledger.save())) })
    },
  }
}

test('twenty per cent over: the number itself counts, or does not, as the pack reads the law', () => {
  const inclusive = rig()
  inclusive.hear({ value: 29 })
  expect(inclusive.steps).toEqual([])
  inclusive.hear({ value: 30, cause: 'escalated' })
  expect(inclusive.steps[0]).toMatchObject({ cause: 'opened', hazard: { hazard: 'mine.1', grade: 'major' } })

  const beyond = rig({ ...CRITERION, when: { factor: 1.2, inclusive: false } })
  beyond.hear({ value: 30 })
  expect(beyond.steps).toEqual([])
  // Nobody is told of the thirty-first person: the alarm's severity stays. The ledger looks all the same.
  beyond.consider(31)
  expect(beyond.causes()).toEqual(['opened'])
})

test('a place of another kind is no case for the criterion', () => {
  const { hear, steps } = rig()
  hear({ key: 'shop', alarm: 'mine/crew/shop' })
  expect(steps).toEqual([])
})

test('an alarm that rises again is noted on its hazard, and opens another once that is closed', () => {
  const { hear, act, steps, causes } = rig()
  hear()
  hear({ cause: 'escalated', severity: 'critical' })
  hear({ value: 26 })
  expect(causes()).toEqual(['opened', 'noted'])
  expect(steps.at(-1)!.hazard.rises).toBe(2)
  act('rectify', 'wang', { text: 'crew halved' })
  act('verify', 'li')
  act('close', 'li')
  hear()
  expect(steps.at(-1)).toMatchObject({ id: 'mine.2/1', cause: 'opened', hazard: { hazard: 'mine.2', rises: 1 } })
})

test('found, given, mended, verified by somebody else, closed', () => {
  const { report, act, ledger, steps } = rig()
  expect(report({ area: 'shop' })).toBeUndefined()
  expect(act('assign', 'boss', { to: 'wang', deadline: NOW + DAY })).toBeUndefined()
  expect(act('verify', 'li')).toBe('hazard-not-rectified')
  expect(act('rectify', 'zhao', { text: 'railing welded', evidence: [SUM] })).toBeUndefined()
  expect(act('verify', 'zhao')).toBe('hazard-same-person')
  expect(act('verify', 'wang'), 'it was given to him').toBe('hazard-same-person')
  expect(act('close', 'li')).toBe('hazard-not-verified')
  expect(act('verify', 'li')).toBeUndefined()
  expect(act('close', 'li')).toBeUndefined()
  expect(ledger().find('mine.1')).toMatchObject({
    state: 'closed',
    owner: 'wang',
    rectification: { by: 'zhao', text: 'railing welded', evidence: [SUM] },
    verified: { by: 'li' },
  })
  expect(steps.map(({ id }) => id)).toEqual(['mine.1/1', 'mine.1/2', 'mine.1/3', 'mine.1/4', 'mine.1/5'])
})

test('what was not mended well goes back to its owner', () => {
  const { report, act, ledger } = rig()
  report()
  act('rectify', 'wang', { text: 'painted over' })
  expect(act('reject', 'li')).toBe('hazard-reason-missing')
  expect(act('reject', 'li', { reason: 'still loose' })).toBeUndefined()
  expect(ledger().find('mine.1')).toMatchObject({ state: 'assigned', owner: 'wang' })
})

test('every deed without its particulars is refused by a name of its own, and changes nothing', () => {
  const { report, act, steps } = rig()
  expect(act('comment', 'x', { text: 'hello' })).toBe('hazard-unknown')
  expect(report({ site: 'elsewhere' })).toBe('site-unknown')
  expect(report({ area: 'nowhere' })).toBe('area-unknown')
  expect(report({ external: 'A-7', deadline: NOW + DAY })).toBeUndefined()
  expect(report({ external: 'A-7' })).toBe('hazard-known')
  const before = steps.length
  expect(act('assign', 'x')).toBe('hazard-owner-missing')
  expect(act('assign', 'x', { to: 'y', deadline: NOW - 1 })).toBe('hazard-deadline-past')
  expect(act('rectify', 'x')).toBe('hazard-text-missing')
  expect(act('extend', 'x', { deadline: NOW + 2 * DAY })).toBe('hazard-reason-missing')
  expect(act('extend', 'x', { reason: 'parts' })).toBe('hazard-deadline-missing')
  expect(act('extend', 'x', { reason: 'parts', deadline: NOW + HOUR })).toBe('hazard-deadline-not-later')
  expect(act('supervise', 'x', { level: 'city' })).toBe('hazard-order-missing')
  expect(act('lift', 'x')).toBe('hazard-not-supervised')
  expect(act('reopen', 'x', { reason: 'again' })).toBe('hazard-not-closed')
  expect(act('comment', 'x')).toBe('hazard-text-missing')
  expect(steps).toHaveLength(before)
})

test('a supervised hazard is closed only once the order is lifted', () => {
  const { report, act } = rig()
  report()
  expect(act('supervise', 'bureau', { level: 'city', order: '许安委〔2026〕7号' })).toBeUndefined()
  expect(act('supervise', 'bureau', { level: 'city', order: '8' })).toBe('hazard-already-supervised')
  act('rectify', 'wang', { text: 'done' })
  act('verify', 'li')
  expect(act('close', 'li')).toBe('hazard-supervised')
  act('lift', 'bureau')
  expect(act('close', 'li')).toBeUndefined()
})

test('a deadline that passes is said to the desk once, more severely under supervision, and ends with the mending', () => {
  const { report, act, tick, conditions, causes, ledger } = rig()
  report({ deadline: NOW + DAY })
  expect(ledger().due()).toBe(NOW + DAY)
  tick(NOW + DAY - 1)
  expect(conditions).toEqual([])
  tick(NOW + DAY)
  tick(NOW + DAY + 1)
  const said = () => conditions.map(({ key, truth, severity }) => [key, truth, severity])
  expect(said()).toEqual([['mine.1', 'active', 'minor']])
  expect(conditions[0]).toMatchObject({ at: NOW + DAY, instance: { rule: 'hazard-overdue' } })
  act('supervise', 'bureau', { level: 'province', order: '1' })
  expect(said().at(-1)).toEqual(['mine.1', 'active', 'critical'])
  act('extend', 'bureau', { reason: 'parts', deadline: NOW + 3 * DAY })
  expect(said().at(-1)).toEqual(['mine.1', 'inactive', 'critical'])
  tick(NOW + 3 * DAY)
  act('rectify', 'wang', { text: 'done' })
  expect(
    said()
      .slice(-2)
      .map(([, truth]) => truth),
  ).toEqual(['active', 'inactive'])
  act('reject', 'li', { reason: 'no' })
  expect(said().at(-1)![1]).toBe('active')
  expect(causes().filter((cause) => cause === 'overdue')).toHaveLength(3)
})

test('a closed hazard can be opened again for thirty days, then leaves memory', () => {
  const { report, act, tick, ledger } = rig()
  report()
  act('rectify', 'wang', { text: 'done' })
  act('verify', 'li')
  act('close', 'li')
  expect(act('reopen', 'li')).toBe('hazard-reason-missing')
  expect(act('reopen', 'li', { reason: 'fell again' })).toBeUndefined()
  expect(ledger().find('mine.1')).toMatchObject({ state: 'open' })
  expect(ledger().find('mine.1')!.rectification).toBeUndefined()
  act('rectify', 'wang', { text: 'done' })
  act('verify', 'li')
  act('close', 'li')
  tick(NOW + 30 * DAY - 1)
  expect(ledger().hazards()).toHaveLength(1)
  expect(ledger().due()).toBe(NOW + 30 * DAY)
  tick(NOW + 30 * DAY)
  expect(ledger().hazards()).toEqual([])
  expect(act('reopen', 'li', { reason: 'late' })).toBe('hazard-unknown')
  report()
  expect(ledger().hazards()[0]!.hazard, 'a number is never given twice').toBe('mine.2')
})

test('goes on from what it saved', () => {
  const { hear, report, act, tick, restart, causes, ledger } = rig()
  hear()
  restart()
  hear()
  expect(causes()).toEqual(['opened', 'noted'])
  act('rectify', 'wang', { text: 'done' })
  restart()
  expect(act('verify', 'wang')).toBe('hazard-same-person')
  report({ deadline: NOW + DAY })
  restart()
  expect(ledger().due()).toBe(NOW + DAY)
  tick(NOW + DAY)
  expect(causes().at(-1)).toBe('overdue')
  expect(ledger().find('mine.2')).toMatchObject({ overdue: true })
})
