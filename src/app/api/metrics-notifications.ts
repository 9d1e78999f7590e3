/** Numbers of notifications for Prometheus: outcomes, and what waits for how long. */
import { Counter, Gauge, type Registry } from 'prom-client'
import { SECOND } from '../../model/time.ts'
import type { ChannelView, Notifications } from '../notify/notifications-port.ts'

export function notificationMetrics(
  registry: Registry,
  { notifications, now }: { readonly notifications: Notifications; readonly now: () => number },
): void {
  const registers = [registry]
  // The gauges of one scrape share one look.
  let look: Promise<readonly ChannelView[]> | undefined
  const channels = () => {
    look ??= notifications.channels().finally(() => {
      look = undefined
    })
    return look
  }
  new Counter({
    name: 'davy_notifications_total',
    help: 'Attempts to send by outcome: sent, failed, refused, and dead after too long',
    labelNames: ['channel', 'outcome'],
    registers,
    collect() {
      this.reset()
      for (const { channel, outcome, count } of notifications.counts()) this.inc({ channel, outcome }, count)
    },
  })
  gauge('davy_notifications_waiting', 'Transitions and messages not yet told', ({ backlog }) => {
    return backlog.waiting + backlog.unsent
  })
  gauge('davy_notifications_dead', 'Messages given up, to be sent again by hand', ({ backlog }) => backlog.dead)
  gauge('davy_notification_age_seconds', 'Age of the oldest that is not yet told', ({ backlog: { oldest } }) => {
    return oldest === undefined ? 0 : Math.max(0, now() - oldest) / SECOND
  })
  gauge('davy_channel_up', 'Whether the last attempt by a channel was taken', ({ state }) =>
    state === 'failing' ? 0 : 1,
  )

  function gauge(name: string, help: string, read: (channel: ChannelView) => number): void {
    new Gauge({
      name,
      help,
      labelNames: ['channel'],
      registers,
      async collect() {
        const views = await channels()
        this.reset()
        for (const channel of views) this.set({ channel: channel.name }, read(channel))
      },
    })
  }
}
