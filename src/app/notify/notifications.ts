/** Notifications as the running service has them: outbox, feed and senders behind one face. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { CHANNELS } from '../../adapters/channels.ts'
import { openOutbox } from '../../adapters/outbox-sqlite/index.ts'
import type { Lane, Outbox, WaitingItem } from '../../model/notification.ts'
import type { AdapterContext, AlarmStore, Journal, StreamedTransition } from '../../model/ports.ts'
import type { Installation } from '../../model/site.ts'
import { HOUR } from '../../model/time.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { createBell } from './bell.ts'
import { createFeed } from './feed.ts'
import { type ChannelHealth, type HealthWatch, type Outcome, watchHealth } from './health.ts'
import { runLane, sendWithin } from './lane.ts'
import { createLimiter } from './limiter.ts'
import { createHide } from './names.ts'
import type { Notifications } from './notifications-port.ts'
import { compose, composeTest } from './render.ts'
import { createRouter, type Target } from './route.ts'
import type { NotifySettings, OpenChannel } from './settings.ts'
import { silence } from './silence.ts'

export interface NotificationParts {
  readonly settings: NotifySettings
  /** The outbox's file; not made where no channel is configured. */
  readonly file: string
  readonly alarms: AlarmStore
  readonly journal: Pick<Journal, 'last'>
  readonly onTransitions: (listener: (batch: readonly StreamedTransition[]) => void) => () => void
  readonly installation: () => Installation
  readonly context: AdapterContext
  readonly clock: Clock
  readonly log: Log
}

const LANES: readonly Lane[] = ['urgent', 'other']

/** To be called before anything is published that the alarm store does not hold yet: a new outbox begins there. */
export async function createNotifications(parts: NotificationParts): Promise<Notifications> {
  const { settings, file, alarms, installation, context, clock, log } = parts
  if (settings.channels.length === 0 && !existsSync(file)) return silence()
  const outbox = await openOutbox({ file })
  const channels = new Map<string, OpenChannel>()
  for (const { name, adapter, settings: own, rate, timeout } of settings.channels) {
    const loaded = await CHANNELS[adapter]!()
    const channel = loaded.create(own, { ...context, name })
    channels.set(name, { name, adapter: loaded, channel, rate: rate ?? loaded.rate, timeout })
  }
  const router = createRouter(settings, (name) => channels.get(name)?.adapter.reach)
  const hide = createHide(installation)
  const stopping = new AbortController()
  const { signal } = stopping
  const watches = new Map<string, HealthWatch>()
  const bells: ReturnType<typeof createBell>[] = []
  const running: Promise<void>[] = []
  const ring = () => {
    for (const bell of bells) bell.ring()
  }

  function targetOf({ channel, target }: Pick<WaitingItem, 'channel' | 'target'>): Target {
    const { language, group } = settings
    // A route that is configured no more: what waits for it is told in the group all the same, masked, or dies for want of an address.
    return (
      router.find({ channel, id: target }, installation()) ?? {
        id: target,
        channel,
        recipients: [],
        language,
        names: false,
        group,
      }
    )
  }

  for (const open of channels.values()) {
    const { name } = open
    const used = await outbox.attempts({ channel: name, since: clock.now() - open.rate.per })
    const limiter = createLimiter(open.rate, used)
    const watch = watchHealth(name, { now: () => clock.now(), log, before: await lastOf(outbox, name) })
    watches.set(name, watch)
    const write = async (items: readonly WaitingItem[]) => {
      const { channel, target } = items[0]!
      const { templates, baseUrl } = settings
      const form = open.adapter.form
      const composing = { target: targetOf(items[0]!), form, templates, baseUrl, now: clock.now() }
      const message = compose(items, { ...composing, installation: installation(), hide })
      await outbox.write({ channel, target, items: items.map(({ n }) => n), message })
    }
    for (const lane of LANES) {
      const bell = createBell({ clock, signal })
      bells.push(bell)
      const shared = { open, lane, outbox, limiter, retry: settings.retry, clock, log, bell, signal, write }
      running.push(runLane({ ...shared, onAttempt: watch.note }))
    }
  }
  const { journal } = parts
  const feed = await createFeed({
    alarms,
    journal,
    outbox,
    router,
    settings,
    installation,
    clock,
    signal,
    onTaken: ring,
  })
  const failed = (error: unknown) => log.error(`notifications: ${String(error)}`)
  const advance = () => void feed.advance().catch(failed)
  const forget = parts.onTransitions((batch) => {
    void feed.hurry(batch).catch(failed)
    advance()
  })
  const pruning = clock.every(HOUR, () => {
    // Also looks again where a store had failed and nothing has happened since.
    advance()
    outbox.prune(clock.now() - settings.keep).catch(failed)
  })
  advance()
  await warnOfStranded(outbox, { channels, log })

  return {
    async channels() {
      const backlogs = new Map((await outbox.backlog()).map((backlog) => [backlog.channel, backlog]))
      return [...channels.values()].map(({ name, adapter, rate }) => ({
        name,
        adapter: adapter.name,
        title: adapter.title,
        reach: adapter.reach,
        recipients: settings.recipients
          .filter((person) => adapter.reach !== 'group' && person[adapter.reach] !== undefined)
          .map((person) => person.name),
        rate,
        backlog: backlogs.get(name) ?? { channel: name, waiting: 0, unsent: 0, dead: 0 },
        ...watches.get(name)!.health(),
      }))
    },
    counts: () =>
      [...watches].flatMap(([channel, watch]) =>
        Object.entries(watch.counts()).map(([outcome, count]) => ({ channel, outcome: outcome as Outcome, count })),
      ),
    list: outbox.list,
    get: outbox.get,
    deliveries: outbox.deliveries,
    async resend(id) {
      const before = await outbox.resend({ id, now: clock.now() })
      ring()
      return before
    },
    async test(name, recipient) {
      const open = channels.get(name)
      if (!open) return 'channel-unknown'
      const { reach, form } = open.adapter
      const people = settings.recipients.filter(
        (person) => (reach === 'group' || person[reach]) && (recipient === undefined || person.name === recipient),
      )
      if ((recipient !== undefined || reach !== 'group') && people.length === 0) return 'recipient-unknown'
      // Nobody in a group is called upon by a test unless it is asked for.
      const recipients = reach === 'group' && recipient === undefined ? [] : people.slice(0, 1)
      const target = { ...targetOf({ channel: name, target: 'test' }), recipients }
      const id = `test-${randomUUID()}`
      const message = composeTest({
        id,
        target,
        form,
        now: clock.now(),
      })
      return sendWithin(message, { open, signal })
    },
    anew: feed.anew,
    async stop() {
      forget()
      pruning.cancel()
      stopping.abort()
      await Promise.all(running)
      await feed.advance().catch(() => {})
      for (const { channel } of channels.values()) await channel.close()
      await outbox.close()
    },
  }
}

async function lastOf(outbox: Outbox, channel: string): Promise<Pick<ChannelHealth, 'lastSuccess' | 'lastError'>> {
  const [sent] = await outbox.list({ channel, state: ['sent'], limit: 1 })
  const [failed] = await outbox.list({ channel, state: ['failed', 'dead'], limit: 1 })
  return {
    ...(sent?.tried !== undefined && { lastSuccess: sent.tried }),
    ...(failed?.tried !== undefined && { lastError: { at: failed.tried, answer: failed.answer ?? '' } }),
  }
}

/** What waits for a channel that is configured no more would wait unseen. */
async function warnOfStranded(
  outbox: Outbox,
  { channels, log }: { channels: ReadonlyMap<string, OpenChannel>; log: Log },
): Promise<void> {
  for (const { channel, waiting, unsent } of await outbox.backlog()) {
    if (channels.has(channel) || waiting + unsent === 0) continue
    log.warn(`${waiting + unsent} notifications wait for channel ${channel}, which is not configured any more`)
  }
}
