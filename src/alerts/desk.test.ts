import { beforeEach, expect, test } from 'vitest'
import type { Condition, Transition } from '../model/alarm.ts'
import type { AlarmCommand } from '../model/command.ts'
import type { RuleInstance } from '../model/rule.ts'
import type { Site } from '../model/site.ts'
import { MINUTE, SECOND } from '../model/time.ts'
import { createDesk, type Desk } from './desk.ts'

const site = { id: 'baoyuan', areas: new Map(), points: new Map() } as unknown as Site
const instance: RuleInstance = {
  index: 0,
  id: 'gas/ch4',
  rule: 'limit',
  regulation: { id: 'aq-1029', title: { zh: '', en: '' } },
  clause: '3.1',
  match: {},
  severity: 'major',
  raiseAfter: 10 * SECOND,
  clearAfter: 5 * SECOND,
  params: {},
  hash: 'h',
  lineage: 'l',
}
const KEY = 'ch4-t1:warn'
const ALARM = `baoyuan/gas/ch4/${KEY}`

let desk: Desk
let log: string[]
let offset = 0
let disorder = 0

function told(transitions: readonly Transition[]): void {
  for (const t of transitions)
    log.push(`${t.at / SECOND} ${t.cause} ${t.from}→${t.to} ${t.id.slice(ALARM.length + 1)} ${t.severity}`)
}

function say(at: number, truth: Condition['truth'], more: Partial<Condition> = {}, now = at): void {
  const into: Transition[] = []
  const text = { zh: truth, en: truth }
  desk.state(
    { site, instance, key: KEY, truth, at: at * SECOND, severity: instance.severity, text, evidence: [], ...more },
    { now: now * SECOND, offset: ++offset },
    into,
  )
  told(into)
}

function tick(now: number): void {
  const into: Transition[] = []
  desk.tick({ now: now * SECOND, offset: ++offset }, into)
  told(into)
}

function order(command: AlarmCommand['command'], at: number, more: Partial<AlarmCommand> = {}): string | undefined {
  const into: Transition[] = []
  const given = { command, alarm: ALARM, by: 'duty', ts: at * SECOND, ...more }
  const refused = desk.command(given, { now: at * SECOND, offset: ++offset }, into)
  told(into)
  return refused?.code
}

const settled = (_: string, now: number) => now - disorder

beforeEach(() => {
  log = []
  disorder = 0
  desk = createDesk({ settled })
})

test('the subject’s own next word concludes the delay, at the instant at which it had held', () => {
  say(0, 'active')
  say(9, 'active')
  expect(log).toEqual([])
  say(12, 'active')
  expect(log).toEqual(['10 raised normal→unacked 1.1 major'])
})

test('a tick concludes it where nothing more is heard', () => {
  say(0, 'active')
  tick(9)
  expect(log).toEqual([])
  tick(10)
  expect(log).toEqual(['10 raised normal→unacked 1.1 major'])
})

test('a tick waits for what may still be under way', () => {
  disorder = 20 * SECOND
  say(0, 'active')
  tick(10)
  tick(29)
  expect(log).toEqual([])
  say(7, 'inactive', {}, 29)
  tick(60)
  expect(log).toEqual([])
})

test('a sample that is old on arrival has not held for its age', () => {
  say(0, 'active', { raiseAfter: 10 * MINUTE }, 20 * 60)
  tick(20 * 60)
  expect(log).toEqual([])
  tick(30 * 60 - 1)
  expect(log).toEqual([])
  tick(30 * 60)
  expect(log).toEqual(['600 raised normal→unacked 1.1 major'])
})

test('news of the end, past the delay, raises and then clears', () => {
  say(0, 'active')
  say(11, 'inactive', { clearAfter: 0 })
  expect(log).toEqual(['10 raised normal→unacked 1.1 major', '11 cleared unacked→rtn-unacked 1.2 major'])
})

test('an end before the delay leaves nothing behind', () => {
  say(0, 'active')
  say(9, 'inactive')
  tick(100)
  expect(log).toEqual([])
  expect(desk.standing()).toEqual([])
})

test('unknown neither raises nor clears: a clear delay begins again, a rise goes on waiting', () => {
  say(0, 'active', { raiseAfter: 0 })
  say(20, 'inactive')
  say(23, 'unknown')
  tick(60)
  expect(log).toEqual(['0 raised normal→unacked 1.1 major'])
  say(61, 'inactive')
  tick(66)
  expect(log[1]).toBe('66 cleared unacked→rtn-unacked 1.2 major')

  desk = createDesk({ settled })
  log = []
  say(0, 'active')
  say(3, 'unknown')
  tick(10)
  expect(log).toEqual(['10 raised normal→unacked 1.1 major'])
})

test('chatter within the clear delay stays one episode', () => {
  say(0, 'active', { raiseAfter: 0 })
  for (let t = 1; t < 20; t += 2) {
    say(t, 'inactive')
    say(t + 1, 'active')
  }
  expect(log).toHaveLength(1)
})

test('every rise is an episode of its own, also before the last one was acknowledged', () => {
  const quick = { raiseAfter: 0, clearAfter: 0 }
  say(0, 'active', quick)
  say(1, 'inactive', quick)
  say(2, 'active', quick)
  expect(log).toEqual([
    '0 raised normal→unacked 1.1 major',
    '1 cleared unacked→rtn-unacked 1.2 major',
    '2 raised rtn-unacked→unacked 2.1 major',
  ])
})

test('severity goes up and down within an episode, and it ends with the one it had', () => {
  say(0, 'active', { raiseAfter: 0 })
  say(1, 'active', { severity: 'critical' })
  say(2, 'active', { severity: 'critical' })
  say(3, 'active')
  say(4, 'active', { severity: 'critical' })
  say(5, 'inactive', { clearAfter: 0 })
  expect(log).toEqual([
    '0 raised normal→unacked 1.1 major',
    '1 escalated unacked→unacked 1.2 critical',
    '3 eased unacked→unacked 1.3 major',
    '4 escalated unacked→unacked 1.4 critical',
    '5 cleared unacked→rtn-unacked 1.5 critical',
  ])
})

test('acknowledgement in every state, with its own refusal', () => {
  expect(order('ack', 0)).toBe('alarm-unknown')
  say(0, 'active', { raiseAfter: 0 })
  expect(order('ack', 1)).toBeUndefined()
  expect(order('ack', 2)).toBe('already-acked')
  say(3, 'inactive', { clearAfter: 0 })
  expect(order('ack', 4)).toBe('nothing-to-ack')
  say(5, 'active', { raiseAfter: 0 })
  say(6, 'inactive', { clearAfter: 0 })
  expect(order('ack', 7)).toBeUndefined()
  expect(log.at(-1)).toBe('7 acked rtn-unacked→normal 2.3 major')
})

test('shelving ends by itself and changes nothing that is true', () => {
  say(0, 'active', { raiseAfter: 0 })
  expect(order('shelve', 1, { for: 30 * SECOND, reason: 'test gas' })).toBeUndefined()
  expect(order('shelve', 2)).toBe('already-shelved')
  say(3, 'inactive', { clearAfter: 0 })
  tick(30)
  tick(31)
  expect(log).toEqual([
    '0 raised normal→unacked 1.1 major',
    '1 shelved unacked→unacked 1.2 major',
    '3 cleared unacked→rtn-unacked 1.3 major',
    '31 unshelved rtn-unacked→rtn-unacked 1.4 major',
  ])
  expect(order('unshelve', 40)).toBe('not-shelved')
})

test('a snapshot between any two steps changes nothing', () => {
  const steps: (() => void)[] = [
    () => say(0, 'active'),
    () => say(5, 'active', { severity: 'critical' }),
    () => tick(10),
    () => order('ack', 11),
    () => order('shelve', 12, { for: 60 * SECOND }),
    () => say(20, 'inactive'),
    () => tick(26),
    () => tick(72),
    () => say(80, 'active', { raiseAfter: 0 }),
  ]
  for (const step of steps) step()
  const straight = log
  expect(straight.length).toBeGreaterThan(5)
  for (let cut = 0; cut < steps.length; cut++) {
    log = []
    desk = createDesk({ settled })
    steps.forEach((step, i) => {
      if (i === cut) desk = createDesk({ settled, saved: JSON.parse(JSON.stringify(desk.save())) })
      step()
    })
    expect(log, `cut before step ${cut}`).toEqual(straight)
  }
})

test('comments and assignments move nothing, are kept in order, bounded, and survive a snapshot', () => {
  say(0, 'active', { raiseAfter: 0 })
  expect(order('comment', 1, { text: 'looking into it' })).toBeUndefined()
  expect(order('comment', 2, { text: '' })).toBe('comment-empty')
  expect(order('assign', 3, { to: 'wang' })).toBeUndefined()
  expect(log).toHaveLength(1)
  const { alarm } = desk.standing()[0]!
  desk = createDesk({ settled, saved: JSON.parse(JSON.stringify(desk.save())) })
  expect(desk.find(alarm)!.remarks).toEqual([
    { at: 1 * SECOND, by: expect.any(String), text: 'looking into it' },
    { at: 3 * SECOND, by: expect.any(String), assigned: 'wang' },
  ])
  for (let i = 0; i < 150; i++) order('comment', 4 + i, { text: `${i}` })
  expect(desk.find(alarm)!.remarks).toHaveLength(100)
  expect(desk.find(alarm)!.remarks!.at(-1)).toMatchObject({ text: '149' })
})

test('what never rose is forgotten; of what is long over its episode is kept and its readings are not', () => {
  say(0, 'active')
  say(1, 'inactive')
  expect(desk.save()).toMatchObject({ nodes: [] })
  say(10, 'active', { raiseAfter: 0, value: 3, evidence: [{ point: { siteId: 's', id: 'p' }, ts: 0, value: 3 }] })
  const { alarm } = desk.standing()[0]!
  order('ack', 11)
  say(12, 'inactive', { clearAfter: 0, evidence: [{ point: { siteId: 's', id: 'p' }, ts: 0, value: 0 }] })
  tick(60)
  expect(desk.find(alarm)!.evidence).toHaveLength(1)
  tick(8 * 86_400)
  expect(desk.find(alarm)!.evidence).toEqual([])
  say(8 * 86_400 + 1, 'active', { raiseAfter: 0 })
  expect(desk.find(alarm)!.episode).toBe(2)
})
