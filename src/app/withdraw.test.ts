/** An upgrade that judges the journal anew: what only the older program raised is over for everybody, and counted by nobody. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openMemoryJournal } from '../adapters/journal-memory/index.ts'
import { createMqttSink } from '../adapters/sink-mqtt/index.ts'
import { openStore, type Store } from '../adapters/store-sqlite/index.ts'
import { createDoor } from '../ingest/door.ts'
import type { Transition } from '../model/alarm.ts'
import type { Command } from '../model/command.ts'
import type { NewEntry } from '../model/entry.ts'
import type { Json } from '../model/json.ts'
import type { Snapshot } from '../model/ports.ts'
import type { Installation } from '../model/site.ts'
import { DAY, HOUR, parseInstant } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import type { AuditEntry } from './auth/audit.ts'
import { inlineInstallation } from './cases/inline.ts'
import { createFold } from './fold.ts'
import { createPublisher } from './publisher.ts'
import { recover } from './recover.ts'
import { withdrawOrphans } from './withdraw.ts'

const NOW = parseInstant('2026-05-01T08:00:00+08:00')!
const ALL = { from: NOW - DAY, to: NOW + DAY }
const ALARM = 'mine/gas/ch4:alarm'
const site = { points: [{ id: 'ch4', kind: 'gas.ch4', range: [0, 10] }] }
/** A program is what it says of the same readings: the newer one raises at another value. */
const program = (high: number) => {
  const rules = [{ id: 'gas', rule: 'limit', severity: 'major', levels: [{ name: 'alarm', high }] }]
  return inlineInstallation({ file: 'mine', known: RULES, site, rules })
}
const older = program(1)
const newer = program(1.5)
const ack: Partial<Command> = { command: 'ack', alarm: ALARM, by: 'wang' }

/** A journal that the older program wrote, second by second: values, and commands; and what both programs say of it. */
async function past(happenings: readonly (number | Partial<Command>)[]) {
  const journal = openMemoryJournal()
  const folds = [older, newer].map((installation) => ({
    fold: createFold({ installation, rules: RULES }),
    told: [] as Transition[],
  }))
  for (const [second, happening] of happenings.entries()) {
    const at = NOW + second * 1_000
    const entry: NewEntry =
      typeof happening === 'number'
        ? {
            type: 'reading',
            at,
            reading: { point: { siteId: 'mine', id: 'ch4' }, ts: at, value: happening, quality: 'good' },
          }
        : { type: 'command', at, command: { ts: at, ...happening } as Command }
    for (const each of [entry, { type: 'tick', at } as const]) {
      const offset = await journal.append([each])
      for (const { fold, told } of folds) fold.apply({ ...each, offset }, told)
    }
  }
  const [before, after] = folds as [(typeof folds)[0], (typeof folds)[0]]
  return {
    journal,
    before: before.told,
    after: after.told,
    saved: JSON.parse(JSON.stringify(after.fold.save())) as Json,
  }
}
type Past = Awaited<ReturnType<typeof past>>

async function open(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'davy-withdraw-'))
  const store = await openStore({ file: join(folder, 'store.db') })
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return store
}

/** Starts as the service does over that store, with a broker that kept what it retained. */
async function start(
  store: Store,
  { journal, state, installation = newer }: { journal: Past['journal']; state: Json; installation?: Installation },
) {
  const retained = new Map<string, string>()
  const audited: AuditEntry[] = []
  const errors: string[] = []
  const log = { info() {}, warn() {}, error: (message: string) => errors.push(message) }
  const sink = createMqttSink({
    async publish(messages) {
      for (const { topic, payload, retain } of messages)
        if (retain && payload !== '') retained.set(topic, payload)
        else if (retain) retained.delete(topic)
    },
    serialise: ({ id }) => id,
  })
  for (const { last } of (await store.alarms.list({ state: ['unacked', 'acked'] })).items) await sink.publish([last])
  const before = new Map(retained)
  const ready = Promise.withResolvers<void>()
  const publisher = await createPublisher({ alarms: store.alarms, sinks: [sink], open: ready.promise, log })
  const snapshot: Snapshot = { offset: journal.last(), hash: installation.hash, state }
  const recovered = await recover({
    journal,
    snapshots: { save: async () => {}, latest: async () => snapshot },
    installation,
    rules: RULES,
    door: createDoor(installation),
    remember: 1_000,
    onTransitions: (transitions) => publisher.publish(transitions),
  })
  const audit = { append: async (entry: AuditEntry) => void audited.push(entry) as never }
  const clock = { now: () => NOW + HOUR }
  await withdrawOrphans(recovered, { alarms: store.alarms, publisher, journal, audit, clock, log })
  ready.resolve()
  await publisher.drain()
  expect(errors).toEqual([])
  return { publisher, fold: recovered.fold, retained, before, audited }
}

const OLDER = { form: -1 }
const outstanding = async ({ alarms }: Store) =>
  (await alarms.list({ state: ['unacked', 'acked', 'rtn-unacked'] })).items.map(
    ({ episode, state }) => `${episode} ${state}`,
  )

test('an alarm that the newer program never raised is ended, in words of both languages, and retained by no broker', async () => {
  const { journal, before } = await past([0.5, 1.2])
  const store = await open()
  await store.alarms.put(before)
  const from = await store.alarms.last()
  const started = await start(store, { journal, state: OLDER })
  expect([...started.before.values()]).toEqual([`${ALARM}/1.1`])
  expect([...started.retained]).toEqual([])
  expect(started.publisher.standing()).toEqual([])
  expect(await outstanding(store)).toEqual([])
  const { items } = await store.alarms.list({})
  expect(items).toMatchObject([
    {
      episode: 1,
      state: 'normal',
      raised: before[0]!.at,
      withdrawn: true,
      last: {
        id: `${ALARM}/1.2`,
        from: 'unacked',
        to: 'normal',
        cause: 'withdrawn',
        at: NOW + HOUR,
        offset: journal.last() + 1,
        text: { zh: expect.stringContaining('不再得出此报警'), en: expect.stringContaining('no longer derives') },
      },
    },
  ])
  const causes = (await store.alarms.timeline(ALARM)).map(({ cause }) => cause)
  expect(causes, 'what was stays readable').toEqual(['raised', 'withdrawn'])
  expect(await store.alarms.since(from, 10), 'told to whoever follows').toMatchObject([{ transition: items[0]!.last }])
  expect(started.audited).toEqual([
    {
      who: 'system',
      action: 'alarm-withdrawn',
      object: ALARM,
      detail: { episode: 1, state: 'unacked', severity: 'major', raised: '2026-05-01T00:00:01.000Z' },
    },
  ])
  expect(await store.kpis.figures(ALL)).toMatchObject({ raised: 0 })
})

test('episodes behind the last that the newer program gives do not count twice', async () => {
  const { journal, before, after } = await past([0.5, 1.2, 0.5, ack, 1.8, 0.5, ack, 1.3])
  expect([before.at(-1)!.episode, after.at(-1)!.episode]).toEqual([3, 1])
  const [store, fresh] = [await open(), await open()]
  await store.alarms.put(before)
  await fresh.alarms.put(after)
  expect((await store.kpis.figures(ALL)).raised).toBe(3)
  const { retained, publisher } = await start(store, { journal, state: OLDER })
  expect(await outstanding(store)).toEqual([])
  expect([...retained, ...publisher.standing()]).toEqual([])
  expect(await store.kpis.figures(ALL)).toEqual(await fresh.kpis.figures(ALL))
  const { items } = await store.alarms.list({})
  expect(items.map(({ episode, withdrawn = false }) => [episode, withdrawn])).toEqual([
    [3, true],
    [1, false],
    [2, true],
  ])
})

test('where the alarm stands in an episode of another number, that one is what everybody sees', async () => {
  // The newer program never heard of the first.
  const { journal, before, after } = await past([0.5, 1.2, 0.5, 1.8])
  const store = await open()
  await store.alarms.put(before)
  const from = await store.alarms.last()
  const { retained, publisher, fold, audited } = await start(store, { journal, state: OLDER })
  expect(after.map(({ id }) => id)).toEqual([`${ALARM}/1.1`])
  expect([...retained.values()]).toEqual([`${ALARM}/1.1`])
  expect(publisher.standing()).toMatchObject([{ episode: 1, state: 'unacked', raised: after[0]!.at }])
  expect(await outstanding(store)).toEqual(['1 unacked'])
  const heard = (await store.alarms.since(from, 10)).map(({ transition: { episode, cause } }) => `${episode} ${cause}`)
  expect(heard.at(-1), 'whoever follows the stream').toBe('1 raised')
  expect((await store.alarms.since(from, 10)).at(-2)!.transition.text.en).toContain('counts this alarm as episode 1')
  expect(audited).toHaveLength(1)
  const told: Transition[] = []
  const command = { command: 'ack', alarm: ALARM, by: 'li', ts: NOW + 60_000, episode: 1 } as const
  expect(fold.desk.command(command, { now: NOW + 60_000, offset: journal.last() + 2 }, told)).toBeUndefined()
})

test('an episode that waits for its acknowledgement stands again where only the older program saw the next one', async () => {
  // Over and unacknowledged for both; only the older one saw it rise once more, which ended what waited for an acknowledgement.
  const { journal, before, after } = await past([0.5, 1.8, 0.5, 1.2])
  expect(before.at(-1)).toMatchObject({ episode: 2, from: 'rtn-unacked', cause: 'raised' })
  expect(after.at(-1)).toMatchObject({ episode: 1, to: 'rtn-unacked' })
  const store = await open()
  await store.alarms.put(before)
  const { publisher, fold } = await start(store, { journal, state: OLDER })
  expect(fold.desk.standing()).toHaveLength(1)
  expect(await outstanding(store)).toEqual(['1 rtn-unacked'])
  expect(publisher.standing()).toMatchObject([{ episode: 1, state: 'rtn-unacked' }])
})

test('an acknowledgement is of the same rise where the newer program numbers it otherwise', async () => {
  // Seen at the entry of the rise, as the sequencer notes it.
  const { journal, before, after } = await past([
    0.5,
    1.2,
    0.5,
    1.8,
    { ...ack, episode: 2, seen: 8 } as Partial<Command>,
  ])
  expect(before.at(-1)).toMatchObject({ episode: 2, cause: 'acked' })
  expect(after.at(-1)).toMatchObject({ episode: 1, cause: 'acked' })
  const store = await open()
  await store.alarms.put(before)
  await start(store, { journal, state: OLDER })
  expect(await outstanding(store)).toEqual(['1 acked'])
})

test('an ordinary restart, and one after a kill, touch nothing', async () => {
  const { journal, after, saved } = await past([0.5, 1.8, 0.5, 1.9])
  const store = await open()
  await store.alarms.put(after)
  const look = async () => [await store.alarms.list({}), await store.alarms.last(), await store.kpis.figures(ALL)]
  const before = await look()
  const { retained, audited, publisher } = await start(store, { journal, state: saved })
  expect(await look()).toEqual(before)
  expect(audited).toEqual([])
  expect([...retained.values()]).toEqual([after.at(-1)!.id])
  expect(publisher.standing()).toHaveLength(1)
  // Judged anew by a program that says the same.
  const again = await start(store, { journal, state: OLDER })
  expect(await look()).toEqual(before)
  expect(again.audited).toEqual([])
})

test('the older program back again has its alarms back', async () => {
  const { journal, before } = await past([0.5, 1.2, 0.5, ack, 1.8, 0.5, ack, 1.3])
  const store = await open()
  await store.alarms.put(before)
  const figures = await store.kpis.figures(ALL)
  await start(store, { journal, state: OLDER })
  const { publisher } = await start(store, { journal, state: OLDER, installation: older })
  expect(await outstanding(store)).toEqual(['3 unacked'])
  expect(publisher.standing()).toMatchObject([{ episode: 3, state: 'unacked' }])
  expect(await store.kpis.figures(ALL)).toEqual(figures)
})

test('a store of a journal that was lost: what stands is over, and its past is counted as it was', async () => {
  const lost = await past([0.5, 1.8, 0.5, ack, 1.9])
  const store = await open()
  await store.alarms.put(lost.after)
  const figures = await store.kpis.figures({ ...ALL, to: lost.after.at(-1)!.at })
  const journal = openMemoryJournal()
  await journal.append([{ type: 'tick', at: NOW + 2 * HOUR }])
  const { audited } = await start(store, { journal, state: OLDER })
  expect(await outstanding(store)).toEqual([])
  expect(audited).toHaveLength(1)
  expect(await store.kpis.figures({ ...ALL, to: lost.after.at(-1)!.at })).toEqual(figures)
})
