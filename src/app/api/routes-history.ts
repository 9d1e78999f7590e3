/** What was: series of points for charts, and the way a card went. */
import type { FastifyInstance } from 'fastify'
import { MOST_BUCKETS } from '../../model/ports.ts'
import {
  DAY,
  type Duration,
  formatDuration,
  formatInstant,
  HOUR,
  MINUTE,
  parseDuration,
  SECOND,
} from '../../model/time.ts'
import { type ApiContext, pointOf, rangeOf, siteOf } from './context.ts'
import { describe } from './document.ts'
import { principalOf } from './guard.ts'
import { Refused } from './problems.ts'
import { HistoryQuery, RangeQuery, Series, Track } from './schemas.ts'

const DEFAULT_BUCKETS = 1_000
/** Longest range of a series, and widest bucket. */
const LONGEST: Duration = 10 * 366 * DAY
/** Widths people can read off an axis. */
const WIDTHS: readonly Duration[] = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  DAY,
]

export function historyRoutes(app: FastifyInstance, { service, auth }: ApiContext): void {
  app.get<{ Params: { site: string; '*': string }; Querystring: HistoryQuery }>(
    '/api/v1/sites/:site/points/*',
    {
      schema: describe({
        summary: 'Series of a point: lowest, highest and last good value a bucket',
        description: 'Extremes are kept at any width. Default: the last hour.',
        tag: 'sites',
        params: { site: 'Site', '*': '{point}/history' },
        query: HistoryQuery,
        replies: { 200: { what: 'The series', body: Series } },
        problems: [
          'time-unreadable',
          'range-empty',
          'range-too-long',
          'too-many-buckets',
          'site-unknown',
          'point-unknown',
          'route-unknown',
        ],
      }),
    },
    async ({ params, query }): Promise<Series> => {
      const site = siteOf(service, params.site)
      if (!params['*'].endsWith('/history')) throw new Refused('route-unknown', { detail: 'a point has only /history' })
      const point = pointOf(site, params['*'].slice(0, -'/history'.length))
      const range = rangeOf(query, { now: service.now(), span: HOUR, longest: LONGEST })
      const { to } = range
      const every = widthOf(query.every, to - range.from)
      // On the hour's own grid, so that a chart that moves with the clock does not flicker.
      const from = query.from === undefined ? Math.floor(range.from / every) * every : range.from
      const many = Math.ceil((to - from) / every)
      if (many > MOST_BUCKETS)
        throw new Refused('too-many-buckets', { detail: `${many} buckets, more than ${MOST_BUCKETS}` })
      const buckets = await service.history.series({ point: { siteId: site.id, id: point.id }, from, to, every })
      const zone = site.timezone
      return {
        site: site.id,
        point: point.id,
        kind: point.kind,
        ...(point.unit !== undefined && { unit: point.unit }),
        from: formatInstant(from, zone),
        to: formatInstant(to, zone),
        every: formatDuration(every),
        buckets: buckets.map(({ ts, min, max, last, count, worst }) => ({
          ts: formatInstant(ts, zone),
          ...(min !== undefined && { min }),
          ...(max !== undefined && { max }),
          ...(last !== undefined && { last }),
          count,
          worst,
        })),
      }
    },
  )

  app.get<{ Params: { site: string; card: string }; Querystring: RangeQuery }>(
    '/api/v1/sites/:site/cards/:card/track',
    {
      schema: describe({
        summary: 'The way a card went, reader by reader',
        description: 'Default: the last 24 hours; at most 31 days. Each look is written to the audit log.',
        tag: 'sites',
        params: { site: 'Site', card: 'Card' },
        query: RangeQuery,
        replies: { 200: { what: 'The track', body: Track } },
        problems: ['time-unreadable', 'range-empty', 'range-too-long', 'site-unknown', 'card-unknown'],
      }),
    },
    async (request): Promise<Track> => {
      const site = siteOf(service, request.params.site)
      const { card } = request.params
      const { from, to } = rangeOf(request.query, { now: service.now(), span: DAY, longest: 31 * DAY })
      const zone = site.timezone
      const range = { from: formatInstant(from, zone), to: formatInstant(to, zone) }
      const who = principalOf(request).user
      await auth.audit.append({
        who,
        action: 'track-viewed',
        object: `${site.id}/${card}`,
        address: request.ip,
        detail: range,
      })
      const steps = await service.history.track({ site: site.id, card, from, to })
      const person = site.cards.get(card)
      if (!person && steps.length === 0)
        throw new Refused('card-unknown', {
          detail: { en: `no card ${card} was seen at ${site.id}`, zh: `${site.id} 没有卡 ${card} 的记录` },
        })
      return {
        site: site.id,
        card,
        ...(person && { person: person.id }),
        ...range,
        steps: steps.map(({ point, ts, until, readings }) => {
          const area = site.points.get(point.id)?.area
          return {
            point: point.id,
            ...(area && { area: area.id }),
            ts: formatInstant(ts, zone),
            until: formatInstant(until, zone),
            readings,
          }
        }),
      }
    },
  )
}

function widthOf(text: string | undefined, span: Duration): Duration {
  if (text === undefined)
    return WIDTHS.find((width) => span / width <= DEFAULT_BUCKETS) ?? Math.ceil(span / DEFAULT_BUCKETS / DAY) * DAY
  const every = parseDuration(text)
  if (every === undefined || every < 1 || every > LONGEST)
    throw new Refused('time-unreadable', { detail: `\`every\` is ${JSON.stringify(text.slice(0, 100))}` })
  return every
}
