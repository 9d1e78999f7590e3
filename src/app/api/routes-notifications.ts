/** Notifications (通知): what was sent and what could not be, sending again, and the channels with their test button. */
import type { FastifyInstance } from 'fastify'
import { MESSAGE_STATES } from '../../model/notification.ts'
import { wordsOf } from './alarm-list.ts'
import type { ApiContext } from './context.ts'
import { describe } from './document.ts'
import { masked, principalOf } from './guard.ts'
import { channelBody, notificationBody } from './notification-views.ts'
import { Refused } from './problems.ts'
import {
  ChannelList,
  ChannelTestBody,
  ChannelTestReply,
  NotificationBody,
  NotificationList,
  NotificationsQuery,
} from './schemas-notifications.ts'

const PAGE = 100

export function notificationRoutes(app: FastifyInstance, { service, auth }: ApiContext): void {
  const { notifications } = service

  app.get<{ Querystring: NotificationsQuery }>(
    '/api/v1/notifications',
    {
      schema: describe({
        summary: 'Notifications, newest first',
        tag: 'notifications',
        query: NotificationsQuery,
        replies: { 200: { what: 'A page of notifications', body: NotificationList } },
        problems: ['word-unknown', 'cursor-unreadable'],
      }),
    },
    async ({ query }): Promise<NotificationList> => {
      const { channel, alarm, cursor, limit = PAGE } = query
      const state = wordsOf('state', query.state, MESSAGE_STATES)
      if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) {
        throw new Refused('cursor-unreadable', { detail: `${JSON.stringify(cursor.slice(0, 40))} is no cursor` })
      }
      const found = await notifications.list({
        ...(state && { state }),
        ...(channel !== undefined && { channel }),
        ...(alarm !== undefined && { alarm }),
        ...(cursor !== undefined && { before: Number(cursor) }),
        limit: limit + 1,
      })
      const items = found.slice(0, limit)
      const more = found.length > limit
      return { items: items.map(notificationBody), ...(more && { next: String(items.at(-1)!.n) }) }
    },
  )

  app.post<{ Params: { id: string } }>(
    '/api/v1/notifications/:id/resend',
    {
      schema: describe({
        summary: 'Send a notification again that failed or is dead',
        description: 'Under the same id: a receiver that has it already takes it once.',
        tag: 'notifications',
        params: { id: 'Notification' },
        replies: { 202: { what: 'Queued', body: NotificationBody } },
        problems: ['notification-unknown', 'notification-sent', 'notification-queued'],
      }),
    },
    async (request, reply) => {
      const { id } = request.params
      const before = await notifications.resend(id)
      if (before === undefined)
        throw new Refused('notification-unknown', {
          detail: { en: `no notification ${id} is kept`, zh: `没有通知 ${id}` },
        })
      if (before === 'sent')
        throw new Refused('notification-sent', { detail: { en: 'its channel has taken it', zh: '渠道已接收' } })
      if (before === 'queued')
        throw new Refused('notification-queued', {
          detail: { en: 'it waits for its first attempt', zh: '正等待首次发送' },
        })
      const { user } = principalOf(request)
      const detail = { before }
      await auth.audit.append({ who: user, action: 'notification-resent', object: id, address: request.ip, detail })
      const stored = await notifications.get(id)
      if (!stored)
        throw new Refused('notification-unknown', {
          detail: { en: `no notification ${id} is kept`, zh: `没有通知 ${id}` },
        })
      return reply.code(202).send(notificationBody(stored))
    },
  )

  app.get(
    '/api/v1/channels',
    {
      schema: describe({
        summary: 'Channels of notifications, and how they do',
        tag: 'notifications',
        replies: { 200: { what: 'Every configured channel', body: ChannelList } },
      }),
    },
    async (request): Promise<ChannelList> => {
      const mask = masked(request)
      return { channels: (await notifications.channels()).map((view) => channelBody(view, mask)) }
    },
  )

  app.post<{ Params: { channel: string }; Body: ChannelTestBody }>(
    '/api/v1/channels/:channel/test',
    {
      // Without particulars it needs no body.
      preValidation: async (request) => {
        request.body ??= {}
      },
      schema: describe({
        summary: 'Send a test message by a channel',
        description: 'One attempt with a message that says that it is a test; answers with what the peer said.',
        tag: 'notifications',
        params: { channel: 'Channel' },
        body: ChannelTestBody,
        replies: { 200: { what: 'What became of it', body: ChannelTestReply } },
        problems: ['channel-unknown', 'recipient-unknown'],
      }),
    },
    async (request): Promise<ChannelTestReply> => {
      const { channel } = request.params
      const { recipient } = request.body
      const found = await notifications.test(channel, recipient)
      if (found === 'channel-unknown')
        throw new Refused(found, { detail: { en: `no channel ${channel} is configured`, zh: `未配置渠道 ${channel}` } })
      if (found === 'recipient-unknown') {
        throw new Refused(found, {
          detail: { en: `nobody of that name can be reached by ${channel}`, zh: `${channel} 没有该接收人` },
        })
      }
      const { outcome, answer } = found
      const { user } = principalOf(request)
      const detail = { outcome, ...(recipient !== undefined && { recipient }) }
      await auth.audit.append({ who: user, action: 'channel-tested', object: channel, address: request.ip, detail })
      return { outcome, answer }
    },
  )
}
