/** The outbox on its file: what is taken survives, is told once, and comes in the right order. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openOutbox } from '../../src/adapters/outbox-sqlite/index.ts'
import type { Severity } from '../../src/model/alarm.ts'
import type { Message, Outbox, OutboxItem } from '../../src/model/notification.ts'
import { transition } from './store-transitions.ts'

let dir: string
let outbox: Outbox
const open = () => openOutbox({ file: join(dir, 'outbox.db') })
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'davy-outbox-'))
  outbox = await open()
})
afterEach(async () => {
  await outbox.close()
  rmSync(dir, { recursive: true, force: true })
})

const item = (key: string, severity: Severity, given: Partial<OutboxItem> = {}): OutboxItem => ({
  channel: 'hook',
  target: 'zh/',
  severity,
  group: 'g',
  due: 10,
  transition: transition({ key, revision: 1, from: 'normal', to: 'unacked', cause: 'raised', severity }),
  ...given,
})
const message = (id: string, severity: Severity = 'major'): Message => ({
  id,
  at: 20,
  severity,
  title: id,
  text: id,
  recipients: [],
})
const take = (items: readonly OutboxItem[], seq = 1) =>
  outbox.take(items, { cursor: { seq, offset: seq * 10 }, now: 5 })
const due = (given: Partial<Parameters<Outbox['due']>[0]> = {}) =>
  outbox.due({ channel: 'hook', lane: 'other', now: 10, digest: false, most: 100, whole: 100, open: 3, ...given })
const keys = ({ items }: Awaited<ReturnType<Outbox['due']>>) => items.map(({ transition: t }) => t!.key)
const write = async (id: string, severity?: Severity) => {
  const { items } = await due({ digest: true, lane: severity === 'critical' ? 'urgent' : 'other' })
  const { channel, target } = items[0]!
  await outbox.write({ channel, target, items: items.map(({ n }) => n), message: message(id, severity) })
}

test('a new file has no cursor; items and cursor are there after it was opened again', async () => {
  expect(await outbox.cursor()).toBeUndefined()
  await take([item('a', 'major')], 7)
  await outbox.close()
  outbox = await open()
  expect(await outbox.cursor()).toEqual({ seq: 7, offset: 70 })
  expect(keys(await due())).toEqual(['a'])
})

test('a transition is taken once, with all its targets; what comes again, also for another target, is left out', async () => {
  await take([item('a', 'major'), item('a', 'major', { target: 'en/' })])
  await take([item('a', 'major'), item('a', 'major', { target: 'both/' })], 2)
  expect(keys(await due())).toEqual(['a'])
  await write('m1')
  await take([item('a', 'major')], 3)
  expect(keys(await due())).toEqual(['a'])
  await write('m2')
  expect(await due()).toEqual({ items: [], groups: 0 })
  expect(await outbox.deliveries('baoyuan/crew/coal-face/a')).toMatchObject([
    { channel: 'hook', state: 'queued', notification: 'm1' },
    { channel: 'hook', state: 'queued', notification: 'm2' },
  ])
})

test('a group comes whole once its first item is due, the most severe group and item first; lanes do not mix', async () => {
  await take([
    item('n', 'notice', { group: 'x', due: 10 }),
    item('late', 'minor', { due: 12 }),
    item('m', 'major', { due: 10 }),
    item('c', 'critical', { group: 'c', due: 0 }),
  ])
  expect(await due({ now: 9 })).toEqual({ items: [], groups: 0, next: 10 })
  const first = await due()
  expect(keys(first)).toEqual(['m', 'late'])
  expect(first.groups).toBe(2)
  expect(keys(await due({ digest: true }))).toEqual(['m', 'n'])
  expect(keys(await due({ lane: 'urgent', now: 0 }))).toEqual(['c'])
  expect(keys(await due({ most: 1 }))).toEqual(['m'])
  const { items } = await due({ whole: 1 })
  expect(items.map(({ id, severity, transition: t }) => [id.split('/')[3]!.split('@')[0], severity, t?.key])).toEqual([
    ['m', 'major', 'm'],
    ['late', 'minor', undefined],
  ])
})

test('messages: the most severe that may be tried, the rest says when; settled ones leave', async () => {
  for (const [i, severity] of (['notice', 'major'] as const).entries()) {
    await take([item(severity, severity)], i + 1)
    await write(`m-${severity}`, severity)
  }
  const next = (now: number, busy: readonly string[] = []) => outbox.next({ channel: 'hook', lane: 'other', now, busy })
  expect(await next(20)).toMatchObject({
    message: { message: { id: 'm-major' }, state: 'queued', attempts: 0 },
  })
  await outbox.settle({ id: 'm-major', state: 'failed', answer: '500', now: 21, next: 50 })
  expect(await next(22)).toMatchObject({ message: { message: { id: 'm-notice' } } })
  await outbox.settle({ id: 'm-notice', state: 'sent', answer: '200', now: 22, next: 22 })
  expect(await next(23)).toEqual({ due: 50 })
  expect(await next(50)).toMatchObject({ message: { attempts: 1, answer: '500', tried: 21 } })
  expect(await next(50, ['zh/']), 'nothing for who is busy').toEqual({})
  expect(await outbox.backlog()).toEqual([{ channel: 'hook', waiting: 0, unsent: 1, dead: 0, oldest: 20 }])
  await outbox.settle({ id: 'm-major', state: 'dead', answer: '400', now: 51, next: 51 })
  expect(await outbox.backlog()).toEqual([{ channel: 'hook', waiting: 0, unsent: 0, dead: 1 }])
  expect(await outbox.attempts({ channel: 'hook', since: 22 })).toEqual([22, 51])
  expect(await outbox.resend({ id: 'm-major', now: 60 })).toBe('dead')
  expect(await next(60)).toMatchObject({ message: { attempts: 0, queued: 60, state: 'queued' } })
  expect(await outbox.resend({ id: 'm-notice', now: 60 })).toBe('sent')
  expect(await outbox.resend({ id: 'none', now: 60 })).toBeUndefined()
})

test('what failed is tried before what came later of the same alarm, once each time that may go', async () => {
  const step = (key: string, revision: number) =>
    item(key, 'major', {
      transition: transition({ key, revision, offset: revision, from: 'normal', to: 'unacked', cause: 'raised' }),
    })
  const next = async (now: number) =>
    (await outbox.next({ channel: 'hook', lane: 'other', now, busy: [] })).message?.message.id
  const fail = (id: string, now: number, again: number) =>
    outbox.settle({ id, state: 'failed', answer: '503', now, next: again })
  await take([step('a', 1)])
  await write('raised')
  await fail('raised', 30, 1_000)
  await take([step('b', 1)], 2)
  await write('another')
  expect(await next(40)).toBe('another')
  await outbox.settle({ id: 'another', state: 'sent', answer: '200', now: 41, next: 41 })
  await take([step('a', 2)], 3)
  await write('over')
  await fail('over', 42, 50)
  expect(await next(49)).toBeUndefined()
  expect(await next(60)).toBe('raised')
  await fail('raised', 60, 2_000)
  expect(await next(61), 'what is never taken holds up nothing').toBe('over')
  await fail('over', 61, 90)
  expect(await next(91)).toBe('raised')
  await outbox.settle({ id: 'raised', state: 'sent', answer: '200', now: 91, next: 91 })
  expect(await next(92)).toBe('over')
})

test('the list filters and pages, newest first; what is over is forgotten, what is not stays', async () => {
  for (const [i, key] of ['a', 'b', 'c'].entries()) {
    await take([item(key, 'major')], i + 1)
    await write(key)
  }
  await outbox.settle({ id: 'a', state: 'sent', answer: '', now: 30, next: 30 })
  await outbox.settle({ id: 'b', state: 'dead', answer: '', now: 40, next: 40 })
  const ids = async (query: Partial<Parameters<Outbox['list']>[0]>) =>
    (await outbox.list({ limit: 10, ...query })).map(({ message: { id } }) => id)
  expect(await ids({})).toEqual(['c', 'b', 'a'])
  expect(await ids({ state: ['dead', 'sent'] })).toEqual(['b', 'a'])
  expect(await ids({ alarm: 'baoyuan/crew/coal-face/c' })).toEqual(['c'])
  expect(await ids({ channel: 'other' })).toEqual([])
  const [newest] = await outbox.list({ limit: 1 })
  expect(await ids({ before: newest!.n })).toEqual(['b', 'a'])
  expect(await outbox.prune({ over: 35, waiting: 0 })).toEqual({ gone: 1, untold: 0 })
  expect(await ids({})).toEqual(['c', 'b'])
  expect(await outbox.deliveries('baoyuan/crew/coal-face/a')).toEqual([])
})

test('what waited for too long, in a message or not, is forgotten and counted; what came later stays', async () => {
  await take([item('a', 'major'), item('b', 'major')], 1)
  await write('m1')
  await take([item('c', 'major')], 2)
  await outbox.take([item('d', 'major')], { cursor: { seq: 3, offset: 30 }, now: 40 })
  expect(await outbox.prune({ over: 100, waiting: 5 })).toEqual({ gone: 0, untold: 0 })
  expect(await outbox.prune({ over: 100, waiting: 30 })).toEqual({ gone: 3, untold: 3 })
  expect(await outbox.list({ limit: 9 })).toEqual([])
  expect(keys(await due())).toEqual(['d'])
  expect(await outbox.prune({ over: 100, waiting: 30 })).toEqual({ gone: 0, untold: 0 })
})

test('the last word to each address of an alarm is known by the journal’s order, in a message or not', async () => {
  const of = (revision: number, given: Partial<OutboxItem> = {}) =>
    item('a', 'major', {
      transition: transition({ key: 'a', revision, offset: revision, from: 'normal', to: 'unacked', cause: 'raised' }),
      ...given,
    })
  await take([of(1), of(1, { target: 'en/' }), of(3), item('b', 'major')])
  await write('m1')
  await take([of(2)], 2)
  const words = await outbox.lastWords(['baoyuan/crew/coal-face/a', 'none'])
  expect(words.map(({ target, transition: t }) => [target, t.revision])).toEqual([
    ['zh/', 3],
    ['en/', 1],
  ])
})
