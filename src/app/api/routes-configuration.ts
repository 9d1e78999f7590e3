/** What is in force of the configuration's files, and what is not: for whoever has just saved one. */
import type { FastifyInstance } from 'fastify'
import { formatInstant } from '../../model/time.ts'
import { stateOf } from '../configuration-state.ts'
import type { ApiContext } from './context.ts'
import { describe } from './document.ts'
import { ConfigurationBody } from './schemas-links.ts'

export function configurationRoutes(app: FastifyInstance, { service }: ApiContext): void {
  app.get(
    '/api/v1/configuration',
    {
      schema: describe({
        summary: 'What is in force of the configuration, and what of its files is not',
        description: 'A file that is broken is refused as a whole, an item of davy.yaml that cannot run by itself.',
        tag: 'operation',
        replies: { 200: { what: 'Its state', body: ConfigurationBody } },
      }),
    },
    async (): Promise<ConfigurationBody> => {
      const view = service.configuration()
      const { hash, since, refused, unrecorded, restart } = view
      return {
        state: stateOf(view),
        hash,
        since: formatInstant(since),
        ...(refused && { refused: { at: formatInstant(refused.at), problems: [...refused.problems] } }),
        ...(unrecorded !== undefined && { unrecorded }),
        restart: [...restart],
      }
    },
  )
}
