/** Hot-work permits (动火作业票): opened, changed and closed by the plant's permit system or by hand. */
import type { FastifyInstance } from 'fastify'
import { parseCommand } from '../command-line.ts'
import { type ApiContext, siteOf } from './context.ts'
import { describe } from './document.ts'
import { principalOf } from './guard.ts'
import { Refused } from './problems.ts'
import { PermitBody, PermitReply } from './schemas-permits.ts'

export function permitRoutes(app: FastifyInstance, { service, auth }: ApiContext): void {
  app.post<{ Params: { site: string }; Body: PermitBody }>(
    '/api/v1/sites/:site/permits',
    {
      schema: describe({
        summary: 'Open, change or close a hot-work permit',
        description:
          'Answers once it is on disk and judged. Saying a permit again replaces what was said of it before.',
        tag: 'sites',
        params: { site: 'Site' },
        body: PermitBody,
        replies: { 200: { what: 'In force from its place in the journal on', body: PermitReply } },
        problems: ['site-unknown', 'request-invalid', 'time-unreadable'],
      }),
    },
    async (request): Promise<PermitReply> => {
      const site = siteOf(service, request.params.site)
      const { user } = principalOf(request)
      const command = parseCommand({ command: 'permit', ...request.body, site: site.id, by: user }, service.now())
      if (typeof command === 'string') throw new Refused('request-invalid', { detail: command })
      const { refusal } = await service.command(command)
      const detail = { command: 'permit', ...request.body, ...(refusal && { refused: refusal.code }) }
      await auth.audit.append({ who: user, action: 'command', object: site.id, address: request.ip, detail })
      if (refusal) throw new Refused('request-invalid', { detail: refusal.message })
      return { permit: request.body.permit, state: request.body.state ?? 'open' }
    },
  )
}
