import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openStore } from '../adapters/store-sqlite/index.ts'
import type { Transition } from '../model/alarm.ts'
import type { AlarmRecord, AlarmSink, AlarmStore, StreamedTransition } from '../model/ports.ts'
import { createLog } from './log.ts'
import { createPublisher } from './publisher.ts'

const transition = (n: number, part: Partial<Transition> = {}): Transition => ({
  id: `mine/gas/ch4-${n}/1.1`,
  alarm: `mine/gas/ch4-${n}`,
  episode: 1,
  revision: 1,
  at: n,
  received: n,
  offset: n,
  site: 'mine',
  rule: 'limit',
  instance: 'gas',
  key: `ch4-${n}`,
  from: 'normal',
  to: 'unacked',
  cause: 'raised',
  severity: 'major',
  text: { zh: '超限', en: 'over' },
  evidence: [],
  ...part,
})

/** A store that keeps what it is given, and may be made to refuse. */
function rig({ records = [] as readonly AlarmRecord[] } = {}) {
  const stored = new Map<string, Transition>()
  const state = { broken: false, errors: [] as string[], published: [] as string[][] }
  const alarms = {
    async put(transitions: readonly Transition[]) {
      await new Promise((resolve) => setImmediate(resolve))
      if (state.broken) throw new Error('disk full')
      const fresh: StreamedTransition[] = []
      for (const each of transitions) {
        if (stored.has(each.id)) continue
        stored.set(each.id, each)
        fresh.push({ seq: stored.size, transition: each })
      }
      return fresh
    },
    list: async () => ({ items: records }),
  } as unknown as AlarmStore
  const sink: AlarmSink = {
    name: 'sink',
    async publish(batch) {
      state.published.push(batch.map(({ key }) => key))
    },
    async close() {},
  }
  const log = { info() {}, warn() {}, error: (message: string) => state.errors.push(message) }
  const open = (sinks: readonly AlarmSink[] = [sink]) =>
    createPublisher({ alarms, sinks, open: Promise.resolve(), log })
  return { stored, state, open, sink }
}

test('transitions are stored, told to listeners in order, and then given to sinks', async () => {
  const { state, open } = rig()
  const publisher = await open()
  const heard: number[] = []
  publisher.onTransitions((batch) => heard.push(...batch.map(({ seq }) => seq)))
  const both = [publisher.publish([transition(1), transition(2)]), publisher.publish([transition(3)])]
  expect((await Promise.all(both)).map((batch) => batch.length)).toEqual([2, 1])
  await publisher.drain()
  expect(heard).toEqual([1, 2, 3])
  expect(state.published).toEqual([['ch4-1', 'ch4-2'], ['ch4-3']])
  expect(publisher.published()).toBe(3)
})

test('what is known already is told to sinks, whom it may not have reached, and to nobody else', async () => {
  const { state, open } = rig()
  const publisher = await open()
  await publisher.publish([transition(1)])
  const listener = vi.fn()
  publisher.onTransitions(listener)
  expect(await publisher.publish([transition(1)])).toEqual([])
  await publisher.drain()
  expect(listener.mock.calls.flat(2)).toEqual([])
  expect(state.published).toEqual([['ch4-1'], ['ch4-1']])
})

test('what the store refuses is kept, and stored in order once it can', async () => {
  const { state, stored, open } = rig()
  const publisher = await open()
  state.broken = true
  await expect(publisher.publish([transition(1)])).rejects.toThrow('disk full')
  await expect(publisher.publish([transition(2)])).rejects.toThrow('disk full')
  // A snapshot waits for this: it must not be taken past what nobody has.
  await expect(publisher.drain()).rejects.toThrow('disk full')
  expect(state.published).toEqual([])
  state.broken = false
  const fresh = await publisher.publish([transition(3)])
  expect(fresh.map(({ transition }) => transition.key)).toEqual(['ch4-1', 'ch4-2', 'ch4-3'])
  expect([...stored.keys()]).toHaveLength(3)
  await publisher.drain()
  expect(state.published).toEqual([['ch4-1', 'ch4-2', 'ch4-3']])
  expect(publisher.standing().map(({ last }) => last.key)).toEqual(['ch4-3', 'ch4-2', 'ch4-1'])
})

test('draining stores what was refused without another transition', async () => {
  const { state, stored, open } = rig()
  const publisher = await open()
  state.broken = true
  await publisher.publish([transition(1)]).catch(() => {})
  state.broken = false
  await publisher.drain()
  expect(stored.size).toBe(1)
  expect(state.published).toEqual([['ch4-1']])
})

test('a listener or a sink that fails takes nothing from the others', async () => {
  const { state, open, sink } = rig()
  const failing: AlarmSink = { name: 'away', publish: () => Promise.reject(new Error('no peer')), async close() {} }
  const publisher = await open([failing, sink])
  const listener = vi.fn()
  publisher.onTransitions(() => {
    throw new Error('gone')
  })
  publisher.onTransitions(listener)
  expect(await publisher.publish([transition(1)])).toHaveLength(1)
  await publisher.drain()
  expect(listener).toHaveBeenCalledOnce()
  expect(state.published).toEqual([['ch4-1']])
  expect(state.errors.join()).toMatch(/gone.*no peer/)
})

test('what stands is worst first, then newest; an end that was acknowledged takes it out', async () => {
  const { open } = rig()
  const publisher = await open([])
  await publisher.publish([transition(1), transition(2, { severity: 'critical' }), transition(3)])
  expect(publisher.standing('mine').map(({ last }) => last.key)).toEqual(['ch4-2', 'ch4-3', 'ch4-1'])
  expect(publisher.standing('elsewhere')).toEqual([])
  const id = transition(3).alarm
  await publisher.publish([
    transition(3, { id: `${id}/1.2`, at: 9, from: 'unacked', to: 'rtn-unacked', cause: 'cleared' }),
  ])
  expect(publisher.standing()[1]).toMatchObject({ state: 'rtn-unacked', raised: 3, cleared: 9 })
  await publisher.publish([transition(3, { id: `${id}/1.3`, from: 'rtn-unacked', to: 'normal', cause: 'acked' })])
  expect(publisher.standing().map(({ last }) => last.key)).toEqual(['ch4-2', 'ch4-1'])
})

test('a stopped subscription hears nothing more', async () => {
  const { open } = rig()
  const publisher = await open([])
  const listener = vi.fn()
  const stop = publisher.onTransitions(listener)
  stop()
  await publisher.publish([transition(1)])
  expect(listener).not.toHaveBeenCalled()
})

const keyed = (key: string, offset: number, more: Partial<Transition> = {}) => {
  const alarm = `mine/gas/${key}`
  return transition(offset, { id: `${alarm}/1.1`, alarm, key, ...more })
}

test('a sink is told of what stood at the start, then of what is new, and nothing before it is open', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'davy-publisher-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const store = await openStore({ file: join(dir, 'store.db') })
  const over = keyed('c', 3)
  const ended: Partial<Transition> = {
    id: `${over.alarm}/1.2`,
    revision: 2,
    from: 'acked',
    to: 'normal',
    cause: 'cleared',
  }
  await store.alarms.put([keyed('b', 1), keyed('a', 2), over, keyed('c', 4, ended)])
  const told: string[] = []
  const sink = {
    name: 'tap',
    publish: async (transitions: readonly Transition[]) => void told.push(...transitions.map(({ id }) => id)),
    close: async () => {},
  }
  const open = Promise.withResolvers<void>()
  const publisher = await createPublisher({
    alarms: store.alarms,
    sinks: [sink],
    open: open.promise,
    log: createLog('silent'),
  })
  await publisher.publish([keyed('d', 5)])
  expect(told).toEqual([])
  open.resolve()
  await publisher.drain()
  expect(told).toEqual(['mine/gas/b/1.1', 'mine/gas/a/1.1', 'mine/gas/d/1.1'])
  await store.close()
})
