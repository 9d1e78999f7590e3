/** The outbox in one SQLite file, written with `synchronous=FULL` by a thread of its own. */
import type { Transition } from '../../model/alarm.ts'
import { type Message, type Outbox, type OutboxMessage, originOf } from '../../model/notification.ts'
import { openThread } from '../sqlite/thread.ts'
import type { MessageRow } from './message-table.ts'
import type { OutboxHandlers } from './worker.ts'

/** Opens or creates it; `data-in-use` where it is open already, `data-newer` where its format is newer. */
export async function openOutbox({ file }: { readonly file: string }): Promise<Outbox> {
  const { thread } = await openThread<OutboxHandlers>(new URL('./worker.ts', import.meta.url), { file })
  return {
    cursor: () => thread.call('cursor'),
    async take(items, { cursor, now }) {
      const rows = items.map(({ transition, ...item }) => {
        const { alarm } = transition
        return { ...item, origin: originOf(transition), alarm, body: JSON.stringify(transition) }
      })
      await thread.call('take', { argument: { items: rows, now, ...(cursor && { cursor }) } })
    },
    async lastWords(alarms) {
      const rows = await thread.call('lastWords', { argument: alarms })
      return rows.map(({ body, ...address }) => ({ ...address, transition: JSON.parse(body) as Transition }))
    },
    async next(query) {
      const { row, ...rest } = await thread.call('next', { argument: query })
      return { ...rest, ...(row && { message: messageOf(row) }) }
    },
    async due(query) {
      const { items, ...rest } = await thread.call('due', { argument: query })
      return {
        ...rest,
        items: items.map(({ body, ...item }) => ({
          ...item,
          ...(body !== undefined && { transition: JSON.parse(body) as Transition }),
        })),
      }
    },
    async write({ channel, target, items, message }) {
      const { id, severity, at } = message
      const body = JSON.stringify(message)
      await thread.call('write', { argument: { id, channel, target, severity, at, items, body } })
    },
    settle: (result) => thread.call('settle', { argument: result }),
    resend: (request) => thread.call('resend', { argument: request }),
    async get(id) {
      const row = await thread.call('get', { argument: id })
      return row && messageOf(row)
    },
    list: async (query) => (await thread.call('list', { argument: query })).map(messageOf),
    deliveries: (alarm) => thread.call('deliveries', { argument: alarm }),
    backlog: () => thread.call('backlog'),
    attempts: (query) => thread.call('attempts', { argument: query }),
    prune: (bounds) => thread.call('prune', { argument: bounds }),
    close: () => thread.close(),
  }
}

function messageOf(row: MessageRow): OutboxMessage {
  const { n, channel, target, state, attempts, created, next, tried, answer, items, alarm, body } = row
  return {
    n,
    channel,
    target,
    state,
    attempts,
    queued: created,
    next,
    ...(tried !== null && { tried }),
    ...(answer !== null && { answer }),
    items,
    ...(alarm !== null && { alarm }),
    message: JSON.parse(body) as Message,
  }
}
