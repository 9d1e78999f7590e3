/** Notifications as the running service has them: outbox, feed and senders behind one face, whose settings may change while they run. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { CHANNELS } from '../../adapters/channels.ts'
import { openOutbox } from '../../adapters/outbox-sqlite/index.ts'
import type { ChannelAdapter, Message, Outbox, WaitingItem } from '../../model/notification.ts'
import type { AdapterContext, AlarmStore, Journal, StreamedTransition } from '../../model/ports.ts'
import type { Installation } from '../../model/site.ts'
import { HOUR } from '../../model/time.ts'
import type { Clock } from '../clock.ts'
import { listed } from '../fingerprint.ts'
import type { Log } from '../log.ts'
import type { Disguise } from '../privacy/disguise.ts'
import type { Changes } from '../roster.ts'
import { createChannels } from './channels.ts'
import { createFeed } from './feed.ts'
import type { Outcome } from './health.ts'
import { sendWithin } from './lane.ts'
import { createNames } from './names.ts'
import type { LiveNotifications } from './notifications-port.ts'
import { pruneOutbox } from './prune.ts'
import { compose, composeBare, composeTest } from './render.ts'
import { createRouter, type Target } from './route.ts'
import type { NotifySettings, OpenChannel } from './settings.ts'
import { silence } from './silence.ts'

export interface NotificationParts {
  readonly settings: NotifySettings
  /** The outbox's file; not made until a channel is configured. */
  readonly file: string
  readonly alarms: AlarmStore
  readonly journal: Pick<Journal, 'last'>
  readonly onTransitions: (listener: (batch: readonly StreamedTransition[]) => void) => () => void
  readonly installation: () => Installation
  readonly disguise: Disguise
  readonly context: AdapterContext
  readonly clock: Clock
  readonly log: Log
}

/** Before a store that failed is asked again. */
const PAUSE = 5_000

/** To be called before anything is published that the alarm store does not hold yet: a new outbox begins there. Throws what the first
 *  channel throws that cannot be made of its settings. */
export async function createNotifications(parts: NotificationParts): Promise<LiveNotifications> {
  let current: LiveNotifications = silence()
  let opened = false

  async function open(settings: NotifySettings): Promise<Changes> {
    const telling = await openNotifications({ ...parts, settings })
    current = telling
    opened = true
    return telling.apply(settings)
  }
  const { settings, file } = parts
  if (settings.channels.length > 0 || existsSync(file)) {
    const { refused } = await open(settings)
    if (refused.length > 0) {
      await current.stop()
      throw refused[0]!.error
    }
  }

  return {
    channels: () => current.channels(),
    counts: () => current.counts(),
    list: (query) => current.list(query),
    get: (id) => current.get(id),
    deliveries: (alarm) => current.deliveries(alarm),
    resend: (id) => current.resend(id),
    test: (channel, recipient) => current.test(channel, recipient),
    anew: (upTo) => current.anew(upTo),
    apply: (next) => (opened || next.channels.length === 0 ? current.apply(next) : open(next)),
    stop: () => current.stop(),
  }
}

/** Without a channel yet: `apply` begins them. */
async function openNotifications(parts: NotificationParts): Promise<LiveNotifications> {
  const { file, alarms, installation, disguise, context, clock, log } = parts
  let { settings } = parts
  let router = createRouter(settings, await reachesOf(settings))
  const outbox = await openOutbox({ file })
  const hiding = createNames({ installation, disguise })
  const stopping = new AbortController()
  const { signal } = stopping

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

  async function write({ adapter: { form } }: OpenChannel, items: readonly WaitingItem[]): Promise<void> {
    const { channel, target } = items[0]!
    const { templates, baseUrl } = settings
    const { digest } = disguise
    const composing = { target: targetOf(items[0]!), form, templates, baseUrl, digest, now: clock.now() }
    let message: Message
    try {
      message = compose(items, { ...composing, installation: installation(), hiding })
    } catch (error) {
      // Its like would hold up everything behind it for ever.
      log.error(`a notification by ${channel} cannot be put into words: ${String(error)}`)
      message = composeBare(items, composing)
    }
    await outbox.write({ channel, target, items: items.map(({ n }) => n), message })
  }

  const channels = createChannels({ outbox, retry: () => settings.retry, write, context, clock, log })
  const ring = () => {
    for (const channel of channels.running()) channel.ring()
  }
  const feed = await createFeed({
    alarms,
    journal: parts.journal,
    outbox,
    router: () => router,
    settings: () => settings,
    installation,
    clock,
    signal,
    onTaken: ring,
  }).catch(async (error: unknown) => {
    // Left open, nobody could open it again.
    await outbox.close()
    throw error
  })
  const failed = (error: unknown) => log.error(`notifications: ${String(error)}`)
  const prune = () => pruneOutbox(outbox, { settings, clock, log, signal }).catch(failed)
  let waiting = false
  /** A store that fails is asked again, whether or not anything happens meanwhile. */
  const advance = () => {
    feed.advance().catch(async (error: unknown) => {
      failed(error)
      if (waiting) return
      waiting = true
      await clock.wait(PAUSE, signal)
      waiting = false
      if (!signal.aborted) advance()
    })
  }
  const forget = parts.onTransitions((batch) => {
    void feed.hurry(batch).catch(failed)
    advance()
  })
  let pruned = prune()
  const pruning = clock.every(HOUR, () => {
    pruned = prune()
  })
  advance()

  return {
    async channels() {
      const backlogs = new Map((await outbox.backlog()).map((backlog) => [backlog.channel, backlog]))
      return channels.running().map(({ open: { name, adapter, rate }, watch }) => ({
        name,
        adapter: adapter.name,
        title: adapter.title,
        reach: adapter.reach,
        recipients: settings.recipients
          .filter((person) => adapter.reach !== 'group' && person[adapter.reach] !== undefined)
          .map((person) => person.name),
        rate,
        backlog: backlogs.get(name) ?? { channel: name, waiting: 0, unsent: 0, dead: 0 },
        ...watch.health(),
      }))
    },
    counts: () =>
      channels
        .running()
        .flatMap(({ open: { name: channel }, watch }) =>
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
      const running = channels.running().find(({ open }) => open.name === name)
      if (!running) return 'channel-unknown'
      const { reach, form } = running.open.adapter
      const people = settings.recipients.filter(
        (person) => (reach === 'group' || person[reach]) && (recipient === undefined || person.name === recipient),
      )
      if ((recipient !== undefined || reach !== 'group') && people.length === 0) return 'recipient-unknown'
      // Nobody in a group is called upon by a test unless it is asked for.
      const recipients = reach === 'group' && recipient === undefined ? [] : people.slice(0, 1)
      const target = { ...targetOf({ channel: name, target: 'test' }), recipients }
      const id = `test-${randomUUID()}`
      const message = composeTest({ id, target, form, now: clock.now() })
      // It does not wait for room, and takes it from what comes: the peer counts it as well.
      running.limiter.use(clock.now())
      return sendWithin(message, running)
    },
    async apply(next) {
      const reaches = await reachesOf(next)
      // First who is told by what: nothing is put down for a channel that goes, and what is for one that comes waits for it.
      settings = next
      router = createRouter(next, reaches)
      const changes = await channels.apply(next.channels.map((channel) => listed(channel.name, channel)))
      ring()
      await warnOfStranded(outbox, { names: channels.running().map(({ open }) => open.name), log }).catch(failed)
      return changes
    },
    anew: feed.anew,
    async stop() {
      forget()
      pruning.cancel()
      stopping.abort()
      await channels.stop()
      await pruned
      await feed.advance().catch(() => {})
      await outbox.close()
    },
  }
}

/** What each channel reaches people by, whether it runs yet or not. */
async function reachesOf({ channels }: NotifySettings): Promise<(name: string) => ChannelAdapter['reach'] | undefined> {
  const reaches = new Map<string, ChannelAdapter['reach']>()
  for (const { name, adapter } of channels) reaches.set(name, (await CHANNELS[adapter]!()).reach)
  return (name) => reaches.get(name)
}

/** What waits for a channel that is configured no more would wait unseen. */
async function warnOfStranded(outbox: Outbox, { names, log }: { names: readonly string[]; log: Log }): Promise<void> {
  for (const { channel, waiting, unsent } of await outbox.backlog()) {
    if (names.includes(channel) || waiting + unsent === 0) continue
    log.warn(`${waiting + unsent} notifications wait for channel ${channel}, which is not configured any more`)
  }
}
