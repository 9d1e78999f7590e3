/** Sites as they are now: areas, people, points, links. */
import type { FastifyInstance } from 'fastify'
import { formatInstant } from '../../model/time.ts'
import { type ApiContext, siteOf } from './context.ts'
import { describe } from './document.ts'
import { maskingFor, principalOf } from './guard.ts'
import { levelsOf } from './levels.ts'
import { peopleBodies, pointBody } from './people.ts'
import { PeopleList, PointList, SiteDetail, SiteList } from './schemas.ts'
import { ForwardList, SourceList } from './schemas-links.ts'
import { forwardBody, siteDetail, siteSummary, sourceBody } from './views.ts'

interface OfSite {
  Params: { site: string }
}
const params = { site: 'Site' }

export function siteRoutes(app: FastifyInstance, { service, auth, masking }: ApiContext): void {
  app.get(
    '/api/v1/sites',
    {
      schema: describe({
        summary: 'All sites: people, alarms, shift',
        tag: 'sites',
        replies: { 200: { what: 'The sites', body: SiteList } },
      }),
    },
    async (): Promise<SiteList> => ({
      sites: [...service.installation().sites.values()].map((site) => siteSummary(service, site)),
    }),
  )

  app.get<OfSite>(
    '/api/v1/sites/:site',
    {
      schema: describe({
        summary: 'One site: areas with count, limit, worst alarm and monitoring; points by state; links',
        tag: 'sites',
        params,
        replies: { 200: { what: 'The site', body: SiteDetail } },
        problems: ['site-unknown'],
      }),
    },
    async ({ params: { site } }): Promise<SiteDetail> => siteDetail(service, siteOf(service, site)),
  )

  app.get<OfSite>(
    '/api/v1/sites/:site/people',
    {
      schema: describe({
        summary: 'Who is where',
        description:
          'Below role operator names are masked, and numbers and cards are pseudonyms. Each look is written to the audit log.',
        tag: 'sites',
        params,
        replies: { 200: { what: 'Everybody on site, by area', body: PeopleList } },
        problems: ['site-unknown'],
      }),
    },
    async (request): Promise<PeopleList> => {
      const site = siteOf(service, request.params.site)
      const mask = maskingFor(request, masking)
      const people = peopleBodies(service.crew(site.id)?.members() ?? [], { site, masking: mask })
      const detail = { people: people.length, masked: mask !== undefined }
      // The look is on record before anything is shown.
      const who = principalOf(request).user
      await auth.audit.append({ who, action: 'people-viewed', object: site.id, address: request.ip, detail })
      return { at: formatInstant(service.now(), site.timezone), masked: mask !== undefined, people }
    },
  )

  app.get<OfSite>(
    '/api/v1/sites/:site/points',
    {
      schema: describe({
        summary: 'Points with their last value, unit, state and quality',
        description: 'Cards and persons within values are pseudonyms below role operator.',
        tag: 'sites',
        params,
        replies: { 200: { what: 'The points', body: PointList } },
        problems: ['site-unknown'],
      }),
    },
    async (request): Promise<PointList> => {
      const site = siteOf(service, request.params.site)
      const mask = maskingFor(request, masking)
      const levels = levelsOf(service.installation(), site)
      const points = [...site.points.values()].map((point) =>
        pointBody(point, { view: service.point(site.id, point.id), masking: mask, levels: levels.get(point.id) }),
      )
      return { at: formatInstant(service.now(), site.timezone), points }
    },
  )

  app.get(
    '/api/v1/sources',
    {
      schema: describe({
        summary: 'Sources: state of each link, and what came over it',
        tag: 'operation',
        replies: { 200: { what: 'The sources', body: SourceList } },
      }),
    },
    async (): Promise<SourceList> => ({
      sources: service.sources().map(sourceBody),
    }),
  )

  app.get(
    '/api/v1/forwards',
    {
      schema: describe({
        summary: 'Ways up: state of each link, and how far the peer above is behind',
        tag: 'operation',
        replies: { 200: { what: 'The ways up', body: ForwardList } },
      }),
    },
    async (): Promise<ForwardList> => ({ forwards: service.forwards().map(forwardBody) }),
  )
}
