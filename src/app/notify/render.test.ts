import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Transition } from '../../model/alarm.ts'
import type { WaitingItem } from '../../model/notification.ts'
import type { RuleInstance } from '../../model/rule.ts'
import { mine, NOW, step } from '../api/test-mine.ts'
import { openDisguise } from '../privacy/disguise.ts'
import { createNames } from './names.ts'
import { compose, composeTest } from './render.ts'
import type { Target } from './route.ts'
import { fill } from './templates.ts'

const { site } = mine()
const title = { zh: '禹州方案', en: 'Yuzhou plan' }
const installation = {
  hash: 'h',
  graph: 'g',
  sites: new Map([[site.id, site]]),
  points: [],
  regulations: [{ id: 'yuzhou-2024', title }],
  rules: [{ id: 'restricted', rule: 'restricted' } as RuleInstance],
}
const dir = mkdtempSync(join(tmpdir(), 'davy-render-'))
const disguise = openDisguise({ data: dir })
rmSync(dir, { recursive: true })
const target = (given: Partial<Target> = {}): Target => ({
  id: 'zh/',
  channel: 'c',
  recipients: [],
  language: 'zh',
  names: false,
  group: 0,
  ...given,
})
const rendered = (
  form: 'short' | 'markdown' | 'mail' | 'event',
  transitions: readonly Transition[],
  { templates = {}, ...given }: Partial<Target> & { templates?: object } = {},
) => {
  const items = transitions.map((transition, n): WaitingItem => {
    return { n, channel: 'c', target: 'zh/', severity: transition.severity, id: transition.id, transition }
  })
  const own = { zh: {}, en: {}, ...templates }
  const baseUrl = 'https://desk.example/'
  return compose(items, {
    target: target(given),
    form,
    templates: own,
    baseUrl,
    installation,
    hiding: createNames({ installation: () => installation, disguise }),
    digest: disguise.digest,
    now: NOW,
  })
}
const gas = (given: Partial<Transition> = {}) =>
  step(1, {
    alarm: 'baoyuan/ch4/face-101/ch4-t1:cut',
    key: 'face-101/ch4-t1:cut',
    severity: 'critical',
    value: 1.8,
    limit: 1.5,
    text: { zh: '甲烷 1.8 % ≥ 1.5 %', en: 'CH4 1.8 % ≥ 1.5 %' },
    evidence: [],
    ...given,
  })

test('an SMS says the worst within 70 characters, whatever the text', () => {
  expect(rendered('short', [gas()]).text).toBe('【红·特别严重】宝源煤矿 甲烷 1.8 % ≥ 1.5 %，报警 2026-05-01 08:00:00')
  const long = rendered('short', [gas({ text: { zh: '甲'.repeat(200), en: 'x' } })]).text
  expect([...long]).toHaveLength(70)
  expect(long.endsWith('…')).toBe(true)
})

test('an SMS that tells of an end says when it ended, not when the condition began', () => {
  const ended = gas({ cause: 'cleared', to: 'normal', at: gas().at + 90_000 })
  expect(rendered('short', [ended]).text).toMatch(/，恢复正常 2026-05-01 08:01:30$/)
})

test('a group gets place, value and limit with their unit, clause, since, link and what to do', () => {
  const { title: head, text, subject } = rendered('markdown', [gas()])
  expect(head).toBe('[红] 特别严重·报警：宝源煤矿 face-101')
  expect(text.split('\n')).toEqual([
    '**甲烷 1.8 % ≥ 1.5 %**',
    '地点：宝源煤矿 face-101',
    '数值：1.8 %',
    '限值：1.5 %',
    '依据：《禹州方案》27',
    '开始：2026-05-01 08:00:00',
    '判定：2026-05-01 08:00:00',
    '请在值班台确认',
    '[打开报警](https://desk.example/#/alarms?alarm=baoyuan%2Fch4%2Fface-101%2Fch4-t1%3Acut)',
  ])
  expect(subject).toBe('baoyuan/ch4/face-101/ch4-t1:cut')
})

test('what is not there leaves no line behind, and a cleared alarm asks for nothing that is done', () => {
  const bare = step(2, { to: 'normal', cause: 'cleared', text: { zh: '恢复', en: 'over' } })
  const { value: _, limit: __, clause: ___, ...rest } = bare
  const { text } = rendered('markdown', [rest])
  expect(text).not.toMatch(/数值|限值|依据|确认/)
})

test('a mail is text and HTML in both languages; nothing of a text becomes HTML', () => {
  const {
    text,
    html,
    title: head,
  } = rendered('mail', [gas({ text: { zh: '<script>', en: '<b>&' } })], { language: 'both' })
  expect(head).toContain(' / ')
  expect(text).toContain('Please acknowledge at the duty desk')
  expect(text).toContain('请在值班台确认')
  expect(html).toContain('&lt;script&gt;')
  expect(html).not.toMatch(/<script|<b>/)
  expect(html).toContain('<a href="https://desk.example/#/alarms?alarm=')
  expect(html).toContain('#cf1322')
})

test('several share a message that counts them, names the first, and has an id made of them', () => {
  const many = Array.from({ length: 30 }, (_, i) =>
    gas({ id: `a/${i}`, severity: i < 2 ? 'critical' : 'major', text: { zh: `第${i}条`, en: `no ${i}` } }),
  )
  const { title: head, text, id, subject } = rendered('markdown', many)
  expect(head).toBe('30 条报警（红 2，橙 28）')
  expect(text.split('\n')).toHaveLength(22)
  expect(text).toContain('另有 10 条')
  expect(subject).toBeUndefined()
  expect(id).toMatch(/^[0-9a-f]{32}$/)
  expect(rendered('markdown', many).id).toBe(id)
  expect(rendered('markdown', many.slice(1)).id).not.toBe(id)
  expect(rendered('markdown', many, { language: 'en' }).title).toBe('30 alarms (red 2, orange 28)')
})

const TRESPASS = 'baoyuan/restricted/p-00117@face-101'
const link = `https://desk.example/#/alarms?alarm=${disguise.references.of(TRESPASS)}`
const trespass = step(1, {
  rule: 'restricted',
  instance: 'restricted',
  id: `${TRESPASS}/1.1`,
  alarm: TRESPASS,
  key: 'p-00117@face-101',
  text: { zh: 'p-00117 进入限制区域，卡 C-000117', en: 'p-00117 is in a restricted area' },
  evidence: [
    { point: { siteId: 'baoyuan', id: 'readers/r-1' }, ts: NOW, value: { card: 'C-000117', distance: 3 }, ref: 'x1' },
  ],
})

test('numbers of people and cards are masked in what people and systems get, unless the route wants them', () => {
  const { text } = rendered('markdown', [trespass])
  expect(text).toContain('***17 进入限制区域，卡 ***17')
  expect(rendered('markdown', [trespass], { names: true }).text).toContain('p-00117 进入限制区域，卡 C-000117')
  const { data } = rendered('event', [trespass]) as unknown as { data: { transitions: readonly object[] } }
  const [person, card] = ['p-00117', 'C-000117'].map((number) => disguise.pseudonym('baoyuan', number))
  expect(data.transitions[0]).toMatchObject({
    key: `${person}@face-101`,
    text: { zh: expect.not.stringContaining('p-00117') },
    evidence: [{ point: 'readers/r-1', value: { card, distance: 3 } }],
  })
  // A place and a value are nobody's number.
  expect(rendered('markdown', [gas()]).text).toContain('1.8 %')
})

test('the service finds people in one way: whoever of the site is named, wherever people wrote it, in ids, too', () => {
  const shelved = {
    ...trespass,
    id: `${trespass.alarm}/1.2`,
    cause: 'shelved',
    by: 'supervisor',
    reason: '王小明（C-000117）在检修',
    group: 'baoyuan/restricted/p-00117@underground',
    hush: { kind: 'shelved', by: 'supervisor', reason: 'p-00117 repairs', witness: '王小明' },
  } as const
  const { data } = rendered('event', [shelved]) as unknown as { data: { transitions: readonly Transition[] } }
  const [told] = data.transitions as unknown as (Record<string, unknown> & { url: string })[]
  const [person, card] = ['p-00117', 'C-000117'].map((number) => disguise.pseudonym('baoyuan', number))
  expect(told).toMatchObject({
    id: `baoyuan/restricted/${person}@face-101/1.2`,
    alarm: `baoyuan/restricted/${person}@face-101`,
    reason: `王**（${card}）在检修`,
    group: `baoyuan/restricted/${person}@underground`,
    hush: { reason: `${person} repairs`, witness: '王**' },
  })
  expect(told!.url).toBe(link)
  expect(JSON.stringify(told)).not.toMatch(/00117|王小明/)
  const other = step(1, { text: { zh: '王小明在测点旁', en: 'p-00117 is near the point' } })
  expect(rendered('mail', [other], { language: 'both' }).text).not.toMatch(/p-00117|王小明/)
  const templates = { zh: { medium: '{alarm} {key} {link}' } }
  expect(rendered('markdown', [trespass], { templates }).text).toBe(
    `baoyuan/restricted/***17@face-101 ***17@face-101 ${link}`,
  )
})

test('no message tells whom it is about to whoever may not know it: not by its id, its link, its subject or a header', () => {
  for (const form of ['short', 'markdown', 'mail', 'event'] as const) {
    for (const told of [[trespass], [trespass, gas()]]) {
      const message = rendered(form, told, { language: 'both' })
      expect(JSON.stringify(message)).not.toMatch(/00117/)
      for (const [address] of message.text.matchAll(/https:[^\s)]+/g))
        expect(decodeURIComponent(address)).not.toMatch(/00117/)
    }
  }
  const named = rendered('markdown', [trespass], { names: true })
  expect(named.text.split('\n').at(-1), 'a link goes further than its message').toBe(`[打开报警](${link})`)
  expect(rendered('event', [trespass], { names: true }).subject).toBe(TRESPASS)
  const plain = createHash('sha256').update(`c\nzh/\n${trespass.id}`).digest('hex').slice(0, 32)
  expect(rendered('mail', [trespass]).id, 'all cards can be tried').not.toBe(plain)
})

test('that nobody answered in time names no more of them', () => {
  const late = step(1, {
    rule: 'response-clock',
    instance: 'response-clock',
    key: 'baoyuan/restricted/p-00117@face-101',
    text: { zh: '未在 3m 内确认：p-00117 进入限制区域', en: 'Not acknowledged within 3m: p-00117' },
    evidence: [],
  })
  const { text } = rendered('markdown', [late])
  expect(text).toContain('***17 进入限制区域')
  expect(text).not.toContain('p-00117 进入')
})

test('own templates hold for their language and form', () => {
  const templates = { zh: { short: '{site}出事了：{what}（{rule}）' } }
  expect(rendered('short', [gas()], { templates }).text).toBe('宝源煤矿出事了：甲烷 1.8 % ≥ 1.5 %（crew/coal-face）')
  expect(rendered('short', [gas()], { templates, language: 'en' }).text).toMatch(/^\[red\] Baoyuan coal mine/)
})

test('a placeholder’s content is not filled in again', () => {
  const facts = new Proxy({}, { get: (_, name) => (name === 'what' ? '{link} $&' : 'L') }) as never
  expect(fill('{what}', facts)).toBe('{link} $&')
})

test('a test says that it is one', () => {
  const shared = { target: target(), now: NOW, id: 'test-1' }
  expect(composeTest({ ...shared, form: 'short' }).text).toContain('测试')
  expect(composeTest({ ...shared, form: 'event' }).data).toEqual({ test: true, transitions: [] })
})

test('what a device or a name holds makes neither a link nor a line in a group, and ends no address', () => {
  const text = '卡 [点我](https://evil.example)\n# 大标题 ![x](https://evil.example/x.png) 越界'
  const key = 'x) [y](https://evil.example'
  const hostile = gas({ alarm: `baoyuan/sos/${key}`, key, text: { zh: text, en: text } })
  const lines = rendered('markdown', [hostile]).text.split('\n')
  expect(lines[0]).toBe('**卡 ［点我］(https://evil.example) # 大标题 !［x］(https://evil.example/x.png) 越界**')
  expect(lines.at(-1)).toBe(
    '[打开报警](https://desk.example/#/alarms?alarm=baoyuan%2Fsos%2Fx%29%20%5By%5D%28https%3A%2F%2Fevil.example)',
  )
})
