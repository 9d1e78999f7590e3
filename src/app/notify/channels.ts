/** The channels of davy.yaml as they run: each with its two lanes, its rate and its health. */
import { CHANNELS } from '../../adapters/channels.ts'
import type { Lane, Outbox, WaitingItem } from '../../model/notification.ts'
import type { AdapterContext } from '../../model/ports.ts'
import { MINUTE, SECOND } from '../../model/time.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { createRoster, type Roster } from '../roster.ts'
import { within } from '../within.ts'
import { createBell } from './bell.ts'
import { type ChannelHealth, type HealthWatch, watchHealth } from './health.ts'
import { runLane } from './lane.ts'
import { createLimiter, type Limiter } from './limiter.ts'
import { redactor } from './secrets.ts'
import type { ChannelSettings, NotifySettings, OpenChannel } from './settings.ts'

export interface RunningChannel {
  readonly open: OpenChannel
  readonly watch: HealthWatch
  readonly limiter: Limiter
  /** Ends attempts made by it, which are made again. */
  readonly signal: AbortSignal
  /** There may be something to send. */
  ring(): void
  /** Begins nothing more; what is on its way has a moment for its answer. */
  stop(): Promise<void>
}

export interface ChannelParts {
  readonly outbox: Outbox
  readonly retry: () => NotifySettings['retry']
  /** Puts items of one target into a message in the outbox. */
  readonly write: (open: OpenChannel, items: readonly WaitingItem[]) => Promise<void>
  readonly context: AdapterContext
  readonly clock: Clock
  readonly log: Log
}

const LANES: readonly Lane[] = ['urgent', 'other']
/** Beyond a channel's own timeout nothing of it hangs. */
const BOUND = MINUTE
/** How long an attempt may go on when its channel ends: cut off, it is made again, and people may be told twice. */
const GRACE = 3 * SECOND

/** To prepare one throws where a file of its settings cannot be read. */
export function createChannels(parts: ChannelParts): Roster<ChannelSettings, RunningChannel> {
  const { context, clock, log } = parts
  return createRoster<ChannelSettings, RunningChannel>({
    clock,
    bound: BOUND,
    onStuck: (name, reason) => log.warn(`notifications by ${name}: ${reason}`),
    async prepare({ name, adapter, settings, rate, timeout }) {
      const loaded = await CHANNELS[adapter]!()
      const channel = loaded.create(settings, { ...context, name })
      const open = { name, adapter: loaded, channel, rate: rate ?? loaded.rate, timeout, redact: redactor(settings) }
      return () => startChannel(open, parts)
    },
    end: (running) => running.stop(),
  })
}

async function startChannel(
  open: OpenChannel,
  { outbox, retry, write, clock, log }: ChannelParts,
): Promise<RunningChannel> {
  const { name, rate, channel } = open
  const enough = new AbortController()
  const cutting = new AbortController()
  const { signal } = cutting
  const used = await outbox.attempts({ channel: name, since: clock.now() - rate.per })
  const limiter = createLimiter(rate, used)
  const watch = watchHealth(name, { now: () => clock.now(), log, before: await lastOf(outbox, name) })
  const lanes = LANES.map((lane) => {
    const bell = createBell({ clock, signal: enough.signal })
    const signals = { enough: enough.signal, signal }
    const own = { open, lane, outbox, limiter, retry, clock, log, bell, ...signals, onAttempt: watch.note }
    return { bell, running: runLane({ ...own, write: (items) => write(open, items) }) }
  })
  return {
    open,
    watch,
    limiter,
    signal,
    ring() {
      for (const { bell } of lanes) bell.ring()
    },
    async stop() {
      enough.abort()
      const ended = Promise.all(lanes.map(({ running }) => running))
      await within(ended, { clock, bound: GRACE })
      cutting.abort()
      await ended
      await channel.close()
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
