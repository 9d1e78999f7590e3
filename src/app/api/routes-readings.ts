/** Readings over HTTP, and the dead letters of what could not be taken. */
import type { FastifyInstance } from 'fastify'
import { REFUSALS } from '../../model/errors.ts'
import type { StoredLetter } from '../../model/ports.ts'
import { formatInstant } from '../../model/time.ts'
import { httpSource } from '../http-sources.ts'
import { type ApiContext, siteOf } from './context.ts'
import { describe } from './document.ts'
import { principalOf } from './guard.ts'
import { SubmitHeaders, withKey } from './idempotency.ts'
import { Refused, readingErrors } from './problems.ts'
import { ReadingsBody, Submitted } from './schemas.ts'
import { type LetterBody, LetterList, LettersQuery } from './schemas-admin.ts'

const SHOWN = 4096

export function readingRoutes(app: FastifyInstance, { service, auth, settings }: ApiContext): void {
  app.post<{ Params: { site: string }; Body: unknown; Headers: SubmitHeaders }>(
    '/api/v1/sites/:site/readings',
    {
      config: { rateLimit: false },
      bodyLimit: settings.bodyLimit,
      // Each reading is checked by the same door as every other source's, so that one bad item costs only itself.
      validatorCompiler: () => () => true,
      schema: describe({
        summary: 'Send readings',
        description:
          'Answers once they are on disk. Where some are refused, the others are taken all the same: `accepted` says how many, `errors` names each refused one by its index. The body may be packed (`Content-Encoding: gzip`, `deflate`, `br`, `zstd`). With an `Idempotency-Key`, a request for which no answer came may be sent again: readings without `ts` and `ref` are then known again too, and counted as `duplicates`.',
        tag: 'readings',
        params: { site: 'Site' },
        body: ReadingsBody,
        headers: SubmitHeaders,
        replies: { 202: { what: 'All taken, on disk', body: Submitted } },
        problems: [
          'readings-refused',
          'payload-not-reading',
          'body-packed',
          'encoding-unknown',
          'site-unknown',
          'site-forbidden',
          'busy',
        ],
      }),
    },
    async (request, reply): Promise<Submitted> => {
      const site = siteOf(service, request.params.site)
      const body = request.body
      if (typeof body !== 'object' || body === null) {
        throw new Refused('payload-not-reading', { detail: `the body is ${body === null ? 'null' : typeof body}` })
      }
      const source = httpSource(principalOf(request).user)
      const { accepted, duplicates, refused } = await service.submit(
        site.id,
        withKey(Array.isArray(body) ? body : [body], request.headers['idempotency-key']),
        source,
      )
      if (refused.length > 0) {
        const detail = {
          en: `${refused.length} refused, ${accepted} taken, ${duplicates} known already`,
          zh: `拒收 ${refused.length} 条，接收 ${accepted} 条，已知 ${duplicates} 条`,
        }
        throw new Refused('readings-refused', { detail, errors: readingErrors(refused), accepted, duplicates })
      }
      reply.code(202)
      return { accepted, duplicates }
    },
  )

  app.get<{ Querystring: LettersQuery }>(
    '/api/v1/dead-letters',
    {
      schema: describe({
        summary: 'What could not be taken, newest first',
        tag: 'readings',
        query: LettersQuery,
        replies: { 200: { what: 'Dead letters', body: LetterList } },
      }),
    },
    async ({ query: { code, cursor, limit = 100 } }): Promise<LetterList> => {
      const wanted = { limit, ...(code !== undefined && { code }), ...(cursor !== undefined && { before: cursor }) }
      const [letters, counts] = await Promise.all([service.letters.list(wanted), service.letters.counts()])
      const last = letters.at(-1)
      const more = letters.length === limit && last !== undefined
      return { items: letters.map(letterBody), ...(more && { next: last.id }), counts }
    },
  )

  app.post<{ Params: { id: string } }>(
    '/api/v1/dead-letters/:id/replay',
    {
      schema: describe({
        summary: 'Take a dead letter in again, once its cause is mended',
        tag: 'readings',
        params: { id: 'Dead letter' },
        replies: { 200: { what: 'Taken', body: Submitted } },
        problems: ['letter-unknown', 'letter-still-refused'],
      }),
    },
    async (request): Promise<Submitted> => {
      const { id } = request.params
      const report = /^\d{1,15}$/.test(id) ? await service.replayLetter(Number(id)) : undefined
      if (!report)
        throw new Refused('letter-unknown', { detail: { en: `no dead letter ${id} is kept`, zh: `没有死信 ${id}` } })
      const { accepted, duplicates, refused } = report
      const detail = { accepted, duplicates, refused: refused.length }
      const who = principalOf(request).user
      await auth.audit.append({ who, action: 'letter-replayed', object: id, address: request.ip, detail })
      if (refused.length > 0) {
        const errors = readingErrors(refused)
        throw new Refused('letter-still-refused', {
          detail: { en: `${refused.length} refused again`, zh: `再次拒收 ${refused.length} 条` },
          errors,
          accepted,
          duplicates,
        })
      }
      return { accepted, duplicates }
    },
  )
}

function letterBody({ id, source, topic, payload, at, code, detail, replayed }: StoredLetter): LetterBody {
  return {
    id,
    source,
    topic,
    payload: Buffer.from(payload.subarray(0, SHOWN * 4))
      .toString()
      .slice(0, SHOWN),
    bytes: payload.byteLength,
    at: formatInstant(at),
    code,
    detail,
    // A letter kept by another version may have a code that this one does not know.
    remedy: REFUSALS[code]?.remedy.en ?? '',
    ...(REFUSALS[code] && { explained: REFUSALS[code] }),
    replayed,
  }
}
