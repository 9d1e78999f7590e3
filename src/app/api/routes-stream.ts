/** `GET stream`: transitions and live counts as server-sent events. */
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { ApiContext } from './context.ts'
import { describe } from './document.ts'
import { masked, principalOf } from './guard.ts'
import { Refused } from './problems.ts'
import { StreamHub } from './stream.ts'

const Query = Type.Object(
  { lastEventId: Type.Optional(Type.String({ description: 'As the header Last-Event-ID, which wins' })) },
  { additionalProperties: false },
)

export function streamRoutes(app: FastifyInstance, { service, auth, settings, clock, masking }: ApiContext): StreamHub {
  const hub = new StreamHub({ service, clock, masking, buffer: settings.streamBuffer })
  app.addHook('preClose', async () => hub.close())

  app.get<{ Querystring: { lastEventId?: string } }>(
    '/api/v1/stream',
    {
      schema: describe({
        summary: 'Transitions and live counts as server-sent events',
        description:
          'Events: `hello` {seq, at, reset?}; `transition`, whose id is its stream number, with Last-Event-ID those that were missed first; then `links` {sources, forwards} and `counts` {sites} of all sites, and again whenever they change, counts at most twice a second; `traffic` {sources, forwards}: those whose counters changed, with them, at most once a second. A comment every 15 s keeps it open. A reader that falls behind is cut off, and resumes. Below role operator persons and cards are pseudonyms, as in `GET /api/v1/alarms`.',
        tag: 'stream',
        query: Query,
        replies: { 200: { what: 'Events', body: Type.String(), type: 'text/event-stream' } },
        problems: ['bad-request', 'streams-full'],
      }),
    },
    async (request, reply) => {
      const after = afterOf(request.headers['last-event-id']?.toString() || request.query.lastEventId)
      if (hub.size >= settings.streams)
        throw new Refused('streams-full', {
          detail: { en: `${hub.size} streams are open`, zh: `已打开 ${hub.size} 个事件流` },
        })
      const principal = principalOf(request)
      reply.hijack()
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // Asks nginx not to hold events back.
        'x-accel-buffering': 'no',
      })
      await hub.open(reply.raw, { after, mask: masked(request), stands: () => auth.stands(principal) })
    },
  )
  return hub
}

function afterOf(id: string | undefined): number | undefined {
  if (id === undefined) return undefined
  if (/^\d{1,15}$/.test(id)) return Number(id)
  throw new Refused('bad-request', {
    detail: `Last-Event-ID is ${JSON.stringify(id.slice(0, 100))}, not a stream number`,
  })
}
