/** The journal judged again by a newer program, which counts episodes otherwise: nobody is told again, and nothing that is new is taken for old. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Receiver, receiver } from '../../../test/receivers.ts'
import { openMemoryJournal } from '../../adapters/journal-memory/index.ts'
import { withdrawalOf } from '../../alerts/withdrawal.ts'
import { createDoor } from '../../ingest/door.ts'
import type { Transition } from '../../model/alarm.ts'
import type { NewEntry, Offset } from '../../model/entry.ts'
import type { AlarmRecord } from '../../model/ports.ts'
import { DAY } from '../../model/time.ts'
import { RULES } from '../../rules/index.ts'
import { NOW } from '../api/test-mine.ts'
import { inlineInstallation } from '../cases/inline.ts'
import { createFold, type Fold } from '../fold.ts'
import { recover } from '../recover.ts'
import type { Notifications } from './notifications-port.ts'
import { hookAt, PATIENCE, type Rig, rig, taken } from './test-notifications.ts'

const site = { points: [{ id: 'ch4', kind: 'gas.ch4', range: [0, 10] }] }
/** A program is what it says of the same readings: the newer one raises at another value. */
const program = (high: number) => {
  const rules = [{ id: 'gas', rule: 'limit', severity: 'major', levels: [{ name: 'alarm', high }] }]
  return inlineInstallation({ file: 'mine', known: RULES, site, rules })
}
const older = program(1)
const newer = program(1.5)

let mine: Rig
let peer: Receiver
let journal: ReturnType<typeof openMemoryJournal>
let begun = NOW
let notifications: Notifications
beforeEach(async () => {
  mine = await rig()
  peer = await receiver()
  journal = openMemoryJournal()
  begun = NOW
})
afterEach(async () => {
  await mine.close()
  await peer.close()
})

/** One reading a second, journaled and judged. */
async function live(fold: Fold, values: readonly number[]): Promise<Transition[]> {
  const transitions: Transition[] = []
  for (const value of values) {
    const at = begun + journal.last() * 1_000
    const reading = { point: { siteId: 'mine', id: 'ch4' }, ts: at, value, quality: 'good' } as const
    for (const entry of [
      { type: 'reading', at, reading },
      { type: 'tick', at },
    ] as NewEntry[]) {
      const offset = await journal.append([entry])
      fold.apply({ ...entry, offset }, transitions)
    }
  }
  return transitions
}

const start = () => mine.start({ channels: [hookAt(peer.url)()] }, { installation: newer, journaled: journal.last() })
/** `upTo`: where the older program's last snapshot was taken. */
async function upgrade(upTo: Offset, publish = mine.publish): Promise<Fold> {
  notifications = await start()
  const { fold } = await recover({
    journal,
    snapshots: { save: async () => {}, latest: async () => ({ offset: upTo, hash: 'h', state: { form: -1 } }) },
    installation: newer,
    rules: RULES,
    door: createDoor(newer),
    remember: 1_000,
    onAnew: (offset) => notifications.anew(offset),
    onTransitions: publish,
  })
  return fold
}
/** At least once: what was taken just before a stop comes again under its id. */
const told = () =>
  [...new Map(peer.got.map(({ body }) => [(JSON.parse(body) as { id: string }).id, body])).values()].flatMap((body) => {
    const { data } = JSON.parse(body) as { data: { transitions: { id: string; value?: number }[] } }
    return data.transitions.map(({ id, value }) => `${id.slice('mine/gas/ch4:alarm/'.length)} ${value}`)
  })
/** Of the older program: two episodes, of which the newer one knows the second. */
const VALUES = [0.5, 1.2, 0.5, 1.8, 0.5]
const TOLD = ['1.1 1.2', '1.2 0.5', '2.1 1.8', '2.2 0.5']

async function before(values = VALUES, given = 4): Promise<void> {
  notifications = await start()
  await mine.publish((await live(createFold({ installation: older, rules: RULES }), values)).slice(0, given))
  await taken(notifications, given)
  expect(told().sort()).toEqual(TOLD.slice(0, given))
  await mine.stop()
}

test('after an orderly stop nobody is told of the past, and what comes under a number of the past is told', async () => {
  await before()
  const fold = await upgrade(journal.last())
  const fresh = await live(fold, [1.9])
  expect(
    fresh.map(({ id }) => id),
    'the older program had that number',
  ).toEqual(['mine/gas/ch4:alarm/2.1'])
  await mine.publish(fresh)
  await expect.poll(() => told().length, PATIENCE).toBe(5)
  await mine.publish(await live(fold, [0.5]))
  await expect.poll(() => told().slice(4), PATIENCE).toEqual(['2.1 1.9', '2.2 0.5'])
  const { items } = await mine.store().alarms.list({})
  expect(items.map(({ last }) => `${last.episode} ${last.value}`)).toContain('2 0.5')
})

test('whoever was told of an alarm that the newer program never raised hears that it is withdrawn; of another number nobody', async () => {
  await before([0.5, 1.2], 1)
  const [{ last }] = (await mine.store().alarms.list({})).items as [AlarmRecord]
  const fold = await upgrade(journal.last())
  const stamp = { now: begun, offset: journal.last() + 1 }
  const other = { ...last, alarm: 'mine/gas/ch4:other', id: 'mine/gas/ch4:other/2.1', episode: 2 }
  await mine.publish([other, withdrawalOf({ state: 'unacked', last: other }, { ...stamp, standsIn: 1 })])
  await mine.publish([withdrawalOf({ state: 'unacked', last }, { ...stamp, standsIn: undefined })])
  await expect.poll(() => told().length, PATIENCE).toBe(2)
  await mine.publish(await live(fold, [1.9]))
  await expect.poll(() => told().length, PATIENCE).toBe(3)
  expect(told()).toEqual(['1.1 1.2', '1.2 1.2', '1.1 1.9'])
})

test('after a crash, what had been told under another number is known, and what had not is told', async () => {
  await before(VALUES, 3)
  // The last snapshot was taken before any of it.
  await upgrade(2)
  await taken(notifications, 4)
  expect(told()[3], 'the end, that nobody had been told of').toBe('1.2 0.5')
  await mine.stop()
  await upgrade(2)
  await mine.stop()
  expect(told()).toHaveLength(4)
})

test('killed while it judges anew, it tells nothing of what it gave before that either', async () => {
  await before()
  const end = journal.last()
  let given = 0
  await upgrade(end, async (transitions) => {
    given += transitions.length
    await mine.store().alarms.put(transitions)
  })
  expect(given, 'stored, and not followed').toBe(2)
  await mine.stop()
  const fold = await upgrade(end)
  await mine.publish(await live(fold, [1.9]))
  await expect.poll(() => told().length, PATIENCE).toBe(5)
  expect(told()[4]).toBe('2.1 1.9')
})

test('where the alarm store was lost as well, and the service killed while it is built anew, the past stays told', async () => {
  await before()
  await mine.loseStore()
  await start()
  const all: Transition[] = []
  const build = () =>
    recover({
      journal,
      snapshots: { save: async () => {}, latest: async () => undefined },
      installation: newer,
      rules: RULES,
      door: createDoor(newer),
      remember: 1_000,
      onTransitions: async (transitions) => all.push(...transitions),
    })
  await build()
  await mine.publish(all.slice(0, 1))
  await mine.stop()
  await start()
  const { fold } = await build()
  await mine.publish(all)
  await mine.publish(await live(fold, [1.9]))
  await expect.poll(() => told().length, PATIENCE).toBe(5)
  expect(told()[4]).toBe('2.1 1.9')
})

test('a journal that was begun anew is not taken for the past of the one that was lost', async () => {
  await before()
  await upgrade(journal.last())
  await mine.stop()
  journal = openMemoryJournal()
  begun = NOW + DAY
  await start()
  await mine.publish(await live(createFold({ installation: newer, rules: RULES }), [0.5, 1.7]))
  await expect.poll(() => told().length, PATIENCE).toBe(5)
  expect(told()[4]).toBe('1.1 1.7')
})
