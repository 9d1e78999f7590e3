/** What room the data folder's disk has left: whoever sits at the desk must know before it is full. */
import type { FastifyInstance } from 'fastify'
import { DAY, formatInstant, HOUR } from '../../model/time.ts'
import type { ApiContext } from './context.ts'
import { describe } from './document.ts'
import { DiskBody } from './schemas-disk.ts'

export function diskRoutes(app: FastifyInstance, { service }: ApiContext): void {
  app.get(
    '/api/v1/disk',
    {
      schema: describe({
        summary: "What room the data folder's disk has left, and how long it lasts",
        tag: 'operation',
        replies: { 200: { what: 'As last looked at', body: DiskBody } },
      }),
    },
    async (): Promise<DiskBody> => {
      const { state, at, measure, rate, lasts, reason } = service.disk()
      return {
        state,
        at: formatInstant(at),
        ...measure,
        ...(rate !== undefined && { perDay: Math.round((rate * DAY) / HOUR) }),
        ...(lasts !== undefined && { lastsMs: lasts }),
        ...(reason !== undefined && { reason }),
      }
    },
  )
}
