/** What sinks are told after a restart, and when. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openStore } from '../adapters/store-sqlite/index.ts'
import type { Transition } from '../model/alarm.ts'
import { createLog } from './log.ts'
import { createPublisher } from './publisher.ts'

const dir = mkdtempSync(join(tmpdir(), 'davy-publisher-'))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function transition(key: string, offset: number, more: Partial<Transition> = {}): Transition {
  const alarm = `mine/ch4/${key}`
  return {
    id: `${alarm}/1.1`,
    alarm,
    episode: 1,
    revision: 1,
    at: offset,
    received: offset,
    offset,
    site: 'mine',
    rule: 'limit',
    instance: 'ch4',
    key,
    from: 'normal',
    to: 'unacked',
    cause: 'raised',
    severity: 'major',
    text: { zh: '', en: '' },
    evidence: [],
    ...more,
  }
}

test('a sink is told of what stood at the start, then of what is new, and nothing before it is open', async () => {
  const store = await openStore({ file: join(dir, 'store.db') })
  const over = transition('c', 3)
  const ended: Partial<Transition> = {
    id: `${over.alarm}/1.2`,
    revision: 2,
    from: 'acked',
    to: 'normal',
    cause: 'cleared',
  }
  await store.alarms.put([transition('b', 1), transition('a', 2), over, transition('c', 4, ended)])
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
    log: createLog('json'),
  })
  await publisher.publish([transition('d', 5)])
  expect(told).toEqual([])
  open.resolve()
  await publisher.drain()
  expect(told).toEqual(['mine/ch4/b/1.1', 'mine/ch4/a/1.1', 'mine/ch4/d/1.1'])
  await store.close()
})
