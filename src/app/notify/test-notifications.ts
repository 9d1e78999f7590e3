/** Notifications for tests: over the real alarm store and outbox in a folder of their own, under a clock that can be set. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openStore, type Store } from '../../adapters/store-sqlite/index.ts'
import type { Transition } from '../../model/alarm.ts'
import type { Offset } from '../../model/entry.ts'
import type { StreamedTransition } from '../../model/ports.ts'
import type { Installation } from '../../model/site.ts'
import { mine, step } from '../api/test-mine.ts'
import { type Clock, systemClock } from '../clock.ts'
import { defaultSettings } from '../config/settings.ts'
import { openDisguise } from '../privacy/disguise.ts'
import { createNotifications } from './notifications.ts'
import type { LiveNotifications, Notifications } from './notifications-port.ts'
import type { ChannelSettings, NotifySettings } from './settings.ts'

export const PATIENCE = { timeout: 25_000, interval: 20 }
export const RATE = { messages: 10_000, per: 60_000 }

/** The mine of the API's tests, without rules. */
export function installationOf(given: Partial<Installation> = {}): Installation {
  const { site } = mine()
  return { hash: 'h', graph: 'g', sites: new Map([[site.id, site]]), points: [], regulations: [], rules: [], ...given }
}

/** A webhook at `url`, known there by its name. */
export const hookAt =
  (url: string) =>
  (name = 'hook', given: Partial<ChannelSettings> = {}): ChannelSettings => ({
    adapter: 'webhook',
    name,
    settings: { url: `${url}/${name}`, headers: {}, source: '/davylamp', insecure: false },
    rate: RATE,
    timeout: 20_000,
    ...given,
  })

/** Impatient ones. */
export function settingsOf(given: Partial<NotifySettings>): NotifySettings {
  const retry = { first: 20, longest: 50, giveUp: 3_600_000 }
  return { ...defaultSettings().notify, group: 1, retry, ...given }
}

/** The rise of an alarm of that key. */
export const rise = (key: string, given: Partial<Transition> = {}): Transition => {
  const alarm = `baoyuan/crew/coal-face/${key}`
  return step(1, { id: `${alarm}/1.1`, alarm, key, ...given })
}

/** Resolves once so many transitions are sent and the outbox knows it: what is ended before that is sent again at the next start. */
export async function taken(notifications: Notifications, count: number): Promise<void> {
  const sent = async () =>
    (await notifications.list({ state: ['sent'], limit: 1_000 })).reduce((n, { items }) => n + items, 0)
  await expect.poll(sent, PATIENCE).toBe(count)
}

export interface Rig {
  readonly dir: string
  /** The service's log. */
  readonly logged: readonly string[]
  readonly store: () => Store
  /** Forgets the alarm store, as where its file was lost. */
  loseStore(): Promise<void>
  /** `now`: what its clock shows at the start, and goes on from; `journaled`: the last entry of the journal; `wait`: how it waits. */
  start(
    settings: Partial<NotifySettings>,
    given?: {
      readonly installation?: Installation
      readonly now?: number
      readonly journaled?: Offset
      readonly wait?: Clock['wait']
    },
  ): Promise<LiveNotifications>
  /** Ends what was started last. */
  stop(): Promise<void>
  /** Stores them and tells whoever runs. */
  publish(transitions: readonly Transition[]): Promise<void>
  close(): Promise<void>
}

export async function rig(): Promise<Rig> {
  const dir = mkdtempSync(join(tmpdir(), 'davy-notify-'))
  const file = join(dir, 'store.db')
  let store = await openStore({ file })
  let running: LiveNotifications | undefined
  const listeners = new Set<(batch: readonly StreamedTransition[]) => void>()
  const logged: string[] = []
  const log = (message: string) => void logged.push(message)

  async function stop(): Promise<void> {
    await running?.stop()
    running = undefined
    listeners.clear()
  }
  return {
    dir,
    logged,
    store: () => store,
    async loseStore() {
      await store.close()
      rmSync(file)
      store = await openStore({ file })
    },
    async start(given, { installation = installationOf(), now, journaled = Number.MAX_SAFE_INTEGER, wait } = {}) {
      const system = systemClock()
      const ahead = now === undefined ? 0 : now - system.now()
      const clock = { ...system, now: () => system.now() + ahead, ...(wait && { wait }) }
      running = await createNotifications({
        settings: settingsOf(given),
        file: join(dir, 'outbox.db'),
        alarms: store.alarms,
        journal: { last: () => journaled },
        onTransitions(listener) {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
        installation: () => installation,
        disguise: openDisguise({ data: dir }),
        context: { now: () => clock.now(), log: (_level, message) => log(message) },
        clock,
        log: { info: log, warn: log, error: log },
      })
      return running
    },
    stop,
    async publish(transitions) {
      const batch = await store.alarms.put(transitions)
      for (const listener of listeners) listener(batch)
    },
    async close() {
      await stop()
      await store.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
