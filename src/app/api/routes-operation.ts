/** For machines that watch the machine: health, readiness, metrics, and the API's own description. */
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { stateOf } from '../configuration-state.ts'
import type { ApiContext } from './context.ts'
import { describe } from './document.ts'
import type { Metrics } from './metrics.ts'
import { Refused } from './problems.ts'
import { HealthBody } from './schemas-links.ts'

export function operationRoutes(app: FastifyInstance, { service }: ApiContext, metrics: Metrics): void {
  const config = { rateLimit: false } as const

  app.get(
    '/healthz',
    {
      config,
      schema: describe({
        summary: 'Whether the process lives',
        tag: 'operation',
        replies: { 200: { what: 'It does', body: HealthBody } },
      }),
    },
    async () => ({
      status: 'ok',
      configuration: stateOf(service.configuration()),
      disk: service.disk().state,
      figures: service.kpis.reader().up ? 'up' : 'restarting',
    }),
  )

  app.get(
    '/readyz',
    {
      config,
      schema: describe({
        summary: 'Whether it takes readings and judges them',
        tag: 'operation',
        replies: { 200: { what: 'It does', body: HealthBody } },
        problems: ['not-ready'],
      }),
    },
    async () => {
      if (!service.ready())
        throw new Refused('not-ready', {
          detail: { en: 'the journal is being read back, or the service stops', zh: '正在读回日志，或服务正在停止' },
        })
      return { status: 'ready', configuration: stateOf(service.configuration()), disk: service.disk().state }
    },
  )

  app.get(
    '/metrics',
    {
      config,
      schema: describe({
        summary: 'Metrics for Prometheus',
        tag: 'operation',
        replies: { 200: { what: 'Prometheus text', body: Type.String(), type: 'text/plain' } },
      }),
    },
    async (_request, reply) => {
      const text = await metrics.text()
      return reply.type(metrics.contentType).serializer(String).send(text)
    },
  )

  app.get(
    '/openapi.json',
    {
      schema: describe({
        summary: 'This description',
        tag: 'operation',
        replies: { 200: { what: 'OpenAPI 3.1', body: Type.Object({}) } },
      }),
    },
    async () => app.swagger(),
  )
}
