import { expect, test, vi } from 'vitest'
import { openMemoryJournal } from '../adapters/journal-memory/index.ts'
import { createDoor, type Door } from '../ingest/door.ts'
import type { Entry, NewEntry } from '../model/entry.ts'
import type { DeadLetter } from '../model/errors.ts'
import type { Frame, Journal } from '../model/ports.ts'
import { parseInstant } from '../model/time.ts'
import { RULES } from '../rules/index.ts'
import { inlineInstallation } from './cases/inline.ts'
import { createFold } from './fold.ts'
import { createSequencer, type Judged, type SequencerOptions } from './sequencer.ts'

const NOW = parseInstant('2026-05-01T08:00:00+08:00')!
const installation = inlineInstallation({
  file: 'mine',
  known: RULES,
  site: { areas: [{ id: 'face', kind: 'coal-face' }], points: [{ id: 'ch4', kind: 'gas.ch4', area: 'face' }] },
  rules: [{ id: 'gas', rule: 'limit', match: { kind: 'gas.ch4' }, levels: [{ name: 'alarm', high: 1 }] }],
})

/** A sequencer over a journal in memory, with everything it tells. */
function rig(options: Partial<SequencerOptions> = {}) {
  const memory = options.journal ?? openMemoryJournal()
  const told = {
    now: NOW,
    judged: [] as Judged[],
    settled: [] as string[],
    fatal: [] as unknown[],
    defects: [] as unknown[],
    refused: [] as string[],
  }
  const door = createDoor(installation)
  const sequencer = createSequencer({
    clock: { now: () => told.now, every: () => ({ cancel() {} }), wait: async () => {} },
    journal: memory,
    letters: { put: async () => {} } as unknown as SequencerOptions['letters'],
    fold: createFold({ installation, rules: RULES }),
    door,
    async onJudged(judged) {
      told.judged.push(judged)
      return judged.transitions.map((transition, i) => ({ seq: i + 1, transition }))
    },
    onCounted() {},
    onRefused: ({ code }) => told.refused.push(code),
    onFatal: (error) => told.fatal.push(error),
    onDefect: (error) => told.defects.push(error),
    ...options,
  })
  const frame = (value: unknown, ts = told.now): Frame => ({
    topic: 'davy/v1/mine/ch4',
    payload: new TextEncoder().encode(JSON.stringify({ value, ts })),
    settle: (outcome) => told.settled.push(`${JSON.stringify(value)} ${outcome}`),
  })
  const values = async () => {
    const found: unknown[] = []
    for await (const entries of memory.read(1))
      for (const entry of entries) found.push(entry.type === 'reading' ? entry.reading.value : entry.type)
    return found
  }
  return { sequencer, told, frame, values, door, journal: memory }
}

/** A journal whose appends wait until they are let go, one after the other. */
function slowJournal() {
  const memory = openMemoryJournal()
  const held: { go(): void; fail(error: Error): void }[] = []
  const journal: Journal = {
    ...memory,
    append: (entries: readonly NewEntry[]) =>
      new Promise((resolve, reject) => {
        held.push({ go: () => resolve(memory.append(entries)), fail: reject })
      }),
  }
  return { journal, held }
}

test('frames are journaled in order, settled after that, and judged', async () => {
  const { sequencer, told, frame, values } = rig()
  sequencer.offer('a', [frame(0.1), frame(0.2, NOW + 1), frame('x'), frame(0.3, NOW + 2)])
  await sequencer.drain()
  expect(await values()).toEqual([0.1, 0.2, 0.3])
  expect(told.settled).toEqual(['0.1 journaled', '0.2 journaled', '"x" rejected', '0.3 journaled'])
  expect(told.refused).toEqual(['value-type'])
  expect(told.judged.flatMap(({ readings }) => readings.map(({ value }) => value))).toEqual([0.1, 0.2, 0.3])
  expect(sequencer.offset()).toBe(3)
})

test('no frame is settled before the journal has it, and batches keep their order', async () => {
  const { journal, held } = slowJournal()
  const { sequencer, told, frame } = rig({ journal })
  sequencer.offer('a', [frame(0.1)])
  await vi.waitFor(() => expect(held).toHaveLength(1))
  sequencer.offer('a', [frame(0.2, NOW + 1)])
  await vi.waitFor(() => expect(held).toHaveLength(2))
  sequencer.offer('a', [frame(0.3, NOW + 2)])
  // Durable out of order: what came second must not be told first.
  held[1]!.go()
  await new Promise((resolve) => setImmediate(resolve))
  expect(told.settled).toEqual([])
  held[0]!.go()
  await vi.waitFor(() => expect(held).toHaveLength(3))
  held[2]!.go()
  await sequencer.drain()
  expect(told.settled).toEqual(['0.1 journaled', '0.2 journaled', '0.3 journaled'])
})

test('what is offered together with a change of configuration is neither lost nor acknowledged unjournaled', async () => {
  const { sequencer, told, frame, values, door } = rig()
  const fold = createFold({ installation, rules: RULES })
  sequencer.offer('a', [frame(0.1)])
  const swapped = sequencer.swap('h2', () => ({ fold, door }))
  sequencer.swap('h3', () => ({ fold, door }))
  sequencer.offer('a', [frame(0.2, NOW + 1)])
  const taken = sequencer.take((d, at, batch) =>
    d.admitObject({ site: 'mine', point: 'ch4', ts: NOW + 2, value: 0.3 }, at, batch),
  )
  sequencer.tick()
  const answer = sequencer.command({ command: 'ack', alarm: 'mine/gas/ch4:alarm', by: 'o', ts: NOW })
  await Promise.all([swapped, taken, sequencer.drain()])
  expect(await values()).toEqual([0.1, 'config', 'config', 0.2, 0.3, 'command', 'tick'])
  expect(told.settled).toEqual(['0.1 journaled', '0.2 journaled'])
  expect((await answer).refusal?.code).toBe('alarm-unknown')
  expect(sequencer.fold()).toBe(fold)
})

test('what comes behind a change of configuration goes through the new door', async () => {
  const { journal, held } = slowJournal()
  const { sequencer, told, frame } = rig({ journal })
  const next = createDoor(installation)
  const admitted: string[] = []
  const door = {
    ...next,
    admit(...args: Parameters<typeof next.admit>) {
      admitted.push('new')
      return next.admit(...args)
    },
  }
  const swapped = sequencer.swap('h2', () => ({ fold: createFold({ installation, rules: RULES }), door }))
  await vi.waitFor(() => expect(held).toHaveLength(1))
  sequencer.offer('a', [frame(0.1)])
  await new Promise((resolve) => setImmediate(resolve))
  held[0]!.go()
  await swapped
  await vi.waitFor(() => expect(held).toHaveLength(2))
  held[1]!.go()
  await sequencer.drain()
  expect(admitted).toEqual(['new'])
  expect(told.settled).toEqual(['0.1 journaled'])
})

test('a frame at which the door throws is kept as a dead letter, and the others are taken', async () => {
  const real = createDoor(installation)
  const letters: string[] = []
  const door: Door = {
    ...real,
    admit(arriving, at, batch) {
      if (new TextDecoder().decode(arriving.payload).includes('0.2')) throw new Error('a defect')
      return real.admit(arriving, at, batch)
    },
  }
  const put = async (kept: readonly DeadLetter[]) => void letters.push(...kept.map(({ detail }) => detail))
  const { sequencer, told, frame, values } = rig({ door, letters: { put } as unknown as SequencerOptions['letters'] })
  sequencer.offer('a', [frame(0.1), frame(0.2, NOW + 1), frame(0.3, NOW + 2)])
  await sequencer.drain()
  expect(await values()).toEqual([0.1, 0.3])
  expect(told.settled).toEqual(['0.1 journaled', '0.2 rejected', '0.3 journaled'])
  expect(letters).toEqual(['the service cannot read it: a defect'])
  expect(told.defects.map(String)).toEqual(['Error: a defect'])
})

test('a change that fails is refused, and the old configuration goes on', async () => {
  const { sequencer, told, frame, journal } = rig()
  const before = sequencer.fold()
  const failing = sequencer.swap('h2', () => {
    throw new Error('cannot save')
  })
  await expect(failing).rejects.toThrow('cannot save')
  sequencer.offer('a', [frame(0.1)])
  await sequencer.drain()
  expect(sequencer.fold()).toBe(before)
  expect(told.settled).toEqual(['0.1 journaled'])
  expect(told.fatal).toEqual([])
  const hashes: string[] = []
  for await (const entries of journal.read(1)) for (const e of entries) if (e.type === 'config') hashes.push(e.hash)
  expect(hashes).toEqual(['h2', installation.hash])
})

test('a journal that fails acknowledges nothing from there on, says so once, and leaves nobody waiting', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', note)
  const { journal, held } = slowJournal()
  const { sequencer, told, frame } = rig({ journal })
  sequencer.offer('a', [frame(0.1)])
  await vi.waitFor(() => expect(held).toHaveLength(1))
  sequencer.offer('a', [frame(0.2, NOW + 1)])
  const underway = sequencer.command({ command: 'ack', alarm: 'x', by: 'o', ts: NOW })
  underway.catch(() => {})
  await vi.waitFor(() => expect(held).toHaveLength(2))
  const queued = sequencer.take(() => {})
  queued.catch(() => {})
  const swap = sequencer.swap('h', () => {
    throw new Error('never called')
  })
  swap.catch(() => {})
  // The second fails first, while the first still waits: its failure must not go unhandled.
  held[1]!.fail(new Error('no space left'))
  await new Promise((resolve) => setTimeout(resolve, 5))
  held[0]!.fail(new Error('no space left'))
  await expect(underway).rejects.toMatchObject({ code: 'journal-failed' })
  await expect(queued).rejects.toMatchObject({ code: 'journal-failed' })
  await expect(swap).rejects.toMatchObject({ code: 'journal-failed' })
  await expect(sequencer.command({ command: 'ack', alarm: 'x', by: 'o', ts: NOW })).rejects.toThrow()
  await expect(async () => sequencer.offer('a', [frame(0.3)])).rejects.toMatchObject({ code: 'journal-failed' })
  await sequencer.drain()
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', note)
  expect(told.settled).toEqual([])
  expect(told.fatal).toHaveLength(1)
  expect(unhandled).toEqual([])
})

test('dead letters that cannot be kept are as fatal as readings', async () => {
  const put = () => Promise.reject(new Error('disk full'))
  const { sequencer, told, frame } = rig({ letters: { put } as unknown as SequencerOptions['letters'] })
  sequencer.offer('a', [frame(0.1), frame('x')])
  await sequencer.drain()
  expect(told.settled).toEqual([])
  expect(told.fatal).toHaveLength(1)
})

test('sources are held back while much waits, by number and by bytes, and let go again', async () => {
  const { sequencer, frame } = rig()
  const many = Array.from({ length: 20_000 }, (_, i) => frame(0.1, NOW + i))
  const room = sequencer.offer('a', many)
  expect(room).toBeInstanceOf(Promise)
  await room
  await sequencer.drain()
  expect(sequencer.offer('a', [frame(0.2, NOW + 30_000)])).toBeUndefined()
  const payload = new Uint8Array(1024 * 1024).fill(0x20)
  const heavy = Array.from({ length: 64 }, () => ({ topic: 'davy/v1/mine', payload, settle() {} }))
  const heavyRoom = sequencer.offer('a', heavy)
  expect(heavyRoom).toBeInstanceOf(Promise)
  await heavyRoom
  await sequencer.drain()
})

test('one whose callback throws does not stop the others', async () => {
  const { sequencer, told, frame, values } = rig()
  const bad: Frame = {
    ...frame(0.1),
    settle() {
      throw new Error('the connection is gone')
    },
  }
  sequencer.offer('a', [bad, frame(0.2, NOW + 1)])
  const broken = sequencer.take(() => {
    throw new Error('not mine')
  })
  await expect(broken).rejects.toThrow('not mine')
  await sequencer.drain()
  sequencer.offer('a', [frame(0.3, NOW + 2)])
  await sequencer.drain()
  expect(await values()).toEqual([0.1, 0.2, 0.3])
  expect(told.settled).toEqual(['0.2 journaled', '0.3 journaled'])
  expect(told.fatal).toEqual([])
})

test('an entry that cannot be judged is reported, and the next ones are judged', async () => {
  const fold = createFold({ installation, rules: RULES })
  const apply = fold.apply.bind(fold)
  const poisoned = {
    ...fold,
    apply(entry: Entry, into: Parameters<typeof apply>[1]) {
      if (entry.offset === 1) throw new Error('poison')
      return apply(entry, into)
    },
  }
  const { sequencer, told, frame } = rig({ fold: poisoned })
  sequencer.offer('a', [frame(0.1), frame(0.2, NOW + 1)])
  await sequencer.drain()
  sequencer.offer('a', [frame(0.3, NOW + 2)])
  await sequencer.drain()
  expect(told.defects).toHaveLength(1)
  expect(told.settled).toHaveLength(3)
  expect(told.judged.flatMap(({ readings }) => readings.map(({ value }) => value))).toEqual([0.2, 0.3])
})

test('a listener that throws is reported, and the next batch is judged', async () => {
  let calls = 0
  const { sequencer, told, frame } = rig({
    onJudged() {
      calls += 1
      throw new Error('listener')
    },
  })
  sequencer.offer('a', [frame(0.1)])
  await sequencer.drain()
  const answer = await sequencer.command({ command: 'ack', alarm: 'x', by: 'o', ts: NOW })
  expect(answer.refusal?.code).toBe('alarm-unknown')
  expect(calls).toBe(2)
  expect(told.defects).toHaveLength(2)
})

test('a command is answered with its own transitions, and also where they could not be stored', async () => {
  const { sequencer, frame } = rig()
  sequencer.offer('a', [frame(1.5)])
  await sequencer.drain()
  const ack = await sequencer.command({ command: 'ack', alarm: 'mine/gas/ch4:alarm', by: 'o', ts: NOW })
  expect(ack.transitions.map(({ transition }) => transition.cause)).toEqual(['acked'])
  const failing = rig({ onJudged: () => Promise.reject(new Error('store')) })
  const answer = await failing.sequencer.command({ command: 'ack', alarm: 'x', by: 'o', ts: NOW })
  expect(answer).toMatchObject({ transitions: [], refusal: { code: 'alarm-unknown' } })
})

test('an acknowledgement under way while its episode ends and the next one rises acknowledges neither', async () => {
  const { journal, held } = slowJournal()
  const { sequencer, frame, journal: _ } = rig({ journal })
  const go = async () => {
    await vi.waitFor(() => expect(held).toHaveLength(1))
    held.pop()!.go()
  }
  const alarm = 'mine/gas/ch4:alarm'
  const ack = { command: 'ack', alarm, by: 'o', ts: NOW, episode: 1 } as const
  sequencer.offer('a', [frame(1.5)])
  await go()
  await sequencer.drain()
  sequencer.offer('a', [frame(0.5, NOW + 1), frame(1.6, NOW + 2)])
  const late = sequencer.command(ack)
  await go()
  expect((await late).refusal).toMatchObject({ code: 'episode-mismatch' })
  expect(sequencer.fold().desk.find(alarm)).toMatchObject({ episode: 2, state: 'unacked' })
  const meant = sequencer.command({ ...ack, episode: 2 })
  await go()
  expect((await meant).transitions.map(({ transition }) => transition.id)).toEqual([`${alarm}/2.2`])
  const journaled: unknown[] = []
  for await (const entries of journal.read(1))
    for (const entry of entries) if (entry.type === 'command') journaled.push(entry.command)
  expect(journaled, 'with the entry at which it stood').toEqual([
    { ...ack, seen: 1 },
    { ...ack, episode: 2, seen: 4 },
  ])
})

test('ticks that pile up are one tick, behind everything that arrived at its instant', async () => {
  const { sequencer, frame, values, journal, told } = rig()
  for (let i = 0; i < 5; i++) sequencer.tick()
  sequencer.offer('a', [frame(0.1)])
  await sequencer.drain()
  sequencer.offer('a', [frame(0.2, NOW + 1)])
  await sequencer.drain()
  expect(await values()).toEqual([0.1, 'tick', 0.2])
  const times: number[] = []
  for await (const entries of journal.read(1)) for (const { at } of entries) times.push(at)
  expect(times[1]).toBe(told.now)
  expect(times[2]).toBeGreaterThan(times[1]!)
})

test('the arrival clock does not run backwards over a restart, whatever the machine says', async () => {
  const { sequencer, frame, journal } = rig()
  sequencer.offer('a', [frame(0.1)])
  await sequencer.drain()
  const saved = JSON.parse(JSON.stringify(sequencer.fold().save()))
  const again = rig({ journal, fold: createFold({ installation, rules: RULES, saved }) })
  again.told.now = NOW - 3_600_000
  again.sequencer.tick()
  await again.sequencer.drain()
  const times: number[] = []
  for await (const entries of journal.read(1)) for (const { at } of entries) times.push(at)
  expect(times[1]).toBeGreaterThanOrEqual(times[0]!)
})

test('what comes as objects is held back like frames: by its bytes, and not all of it in one commit', async () => {
  const { journal, held } = slowJournal()
  const { sequencer } = rig({ journal })
  let n = 0
  const admit: Parameters<typeof sequencer.take>[0] = (door, at, batch) =>
    void door.admitObject({ site: 'mine', point: 'ch4', value: 0.1, ref: String(n++) }, at, batch)
  const MIB = 1_024 * 1_024
  const first = Array.from({ length: 10 }, () => sequencer.take(admit, MIB))
  await vi.waitFor(() => expect(held).toHaveLength(2))
  expect(sequencer.full()).toBe(false)
  const more = Array.from({ length: 80 }, () => sequencer.take(admit, MIB))
  expect(sequencer.full()).toBe(true)
  let gone = 0
  const release = setInterval(() => {
    for (; gone < held.length; gone++) held[gone]!.go()
  }, 1)
  await Promise.all([...first, ...more])
  clearInterval(release)
  expect(sequencer.full()).toBe(false)
  // Ninety mebibytes at four a commit.
  expect(held.length).toBeGreaterThan(20)
})
