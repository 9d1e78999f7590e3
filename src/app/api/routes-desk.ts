/** What the desk does beside commands on one alarm: declared windows, the shift log, files to attach. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Handover } from '../../alerts/handovers.ts'
import { formatInstant } from '../../model/time.ts'
import { parseCommand } from '../command-line.ts'
import { serialiseTransition } from '../wire.ts'
import { type ApiContext, siteOf } from './context.ts'
import { describe } from './document.ts'
import { principalOf } from './guard.ts'
import { Refused } from './problems.ts'
import { CommandReply } from './schemas.ts'
import {
  AttachmentBody,
  AttachmentQuery,
  HandoverBody,
  HandoverEntry,
  HandoverList,
  HandoverQuery,
  WindowBody,
} from './schemas-desk.ts'

export async function deskRoutes(app: FastifyInstance, context: ApiContext): Promise<void> {
  windowRoutes(app, context)
  handoverRoutes(app, context)
  // Bytes of any kind, here and nowhere else.
  await app.register(async (scope) => attachmentRoutes(scope, context))
}

function windowRoutes(app: FastifyInstance, { service, auth }: ApiContext): void {
  app.post<{ Params: { site: string }; Body: WindowBody }>(
    '/api/v1/sites/:site/windows',
    {
      schema: describe({
        summary: 'Declare a witnessed window of calibration or of a power-cut test',
        description:
          'While it holds, the alarms that the work brings about are not told to people, statutory ones included; they are judged as ever, and told at its end where they are still true.',
        tag: 'sites',
        params: { site: 'Site' },
        body: WindowBody,
        replies: { 200: { what: 'In force from its place in the journal on; what it changed', body: CommandReply } },
        problems: ['site-unknown', 'area-unknown', 'request-invalid', 'witness-same'],
      }),
    },
    async (request): Promise<CommandReply> => {
      const site = siteOf(service, request.params.site)
      const { user } = principalOf(request)
      const command = parseCommand({ ...request.body, site: site.id, by: user }, service.now())
      if (typeof command === 'string') throw new Refused('request-invalid', { detail: command })
      const { transitions, refusal } = await service.command(command)
      const detail = { ...request.body, ...(refusal && { refused: refusal.code }) }
      await auth.audit.append({ who: user, action: 'command', object: site.id, address: request.ip, detail })
      if (refusal) throw new Refused(refusal.code, { detail: refusal.message })
      const installation = service.installation()
      return { transitions: transitions.map(({ transition }) => serialiseTransition(transition, installation)) }
    },
  )
}

function handoverRoutes(app: FastifyInstance, { service, auth }: ApiContext): void {
  app.get<{ Querystring: HandoverQuery }>(
    '/api/v1/handovers',
    {
      schema: describe({
        summary: 'The shift log, newest first',
        tag: 'desk',
        query: HandoverQuery,
        replies: { 200: { what: 'Who handed which desk to whom, and what stood then', body: HandoverList } },
      }),
    },
    async ({ query }): Promise<HandoverList> => {
      const entries = service.handovers().filter(({ desk }) => query.desk === undefined || desk === query.desk)
      return { handovers: entries.map(entryOf).reverse() }
    },
  )

  app.post<{ Body: HandoverBody }>(
    '/api/v1/handovers',
    {
      schema: describe({
        summary: 'Hand a desk over',
        description: 'Journals who hands it to whom, what they said, and the alarms that stand at that moment.',
        tag: 'desk',
        body: HandoverBody,
        replies: { 200: { what: 'The entry', body: HandoverEntry } },
        problems: ['desk-unknown', 'handover-same'],
      }),
    },
    async (request): Promise<HandoverEntry> => {
      const { user } = principalOf(request)
      const command = parseCommand({ command: 'handover', ...request.body, by: user }, service.now())
      if (typeof command === 'string') throw new Refused('request-invalid', { detail: command })
      const { refusal } = await service.command(command)
      const { desk } = request.body
      const detail = { command: 'handover', ...request.body, ...(refusal && { refused: refusal.code }) }
      await auth.audit.append({ who: user, action: 'command', object: desk, address: request.ip, detail })
      if (refusal) throw new Refused(refusal.code, { detail: refusal.message })
      const entry = service.handovers().findLast((one) => one.desk === desk && one.by === user && one.at === command.ts)
      if (!entry) throw new Error(`the shift log has no entry of desk ${desk}`)
      return entryOf(entry)
    },
  )
}

function entryOf({ at, standing, ...entry }: Handover): HandoverEntry {
  return { ...entry, at: formatInstant(at), standing: [...standing] }
}

function attachmentRoutes(app: FastifyInstance, { attachments, auth }: ApiContext): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: attachments.limits.file }, (_request, body, done) =>
    done(null, body),
  )

  app.post<{ Querystring: AttachmentQuery; Body: Buffer | undefined }>(
    '/api/v1/attachments',
    {
      bodyLimit: attachments.limits.file,
      schema: describe({
        summary: 'Upload a file to attach',
        description:
          'The body is the file, its type the `Content-Type`; at most 16 MiB. It is kept by its content; `POST /api/v1/alarms/{id}/attach` with its `sha256` and `name` makes it part of an alarm.',
        tag: 'desk',
        query: AttachmentQuery,
        replies: { 201: { what: 'Kept', body: AttachmentBody } },
        problems: ['attachment-empty', 'payload-too-large', 'attachments-full'],
      }),
    },
    async (request, reply): Promise<AttachmentBody> => {
      const { user } = principalOf(request)
      const { body, query } = request
      if (!Buffer.isBuffer(body) || body.byteLength === 0)
        throw new Refused('attachment-empty', { detail: 'no bytes came' })
      const kept = await attachments.keep(body)
      if (kept === 'full') throw new Refused('attachments-full', { detail: `${body.byteLength} bytes more do not fit` })
      const mediaType = request.headers['content-type'] ?? 'application/octet-stream'
      const file = { name: query.name, sha256: kept.sha256, size: body.byteLength, mediaType: mediaType.slice(0, 100) }
      await auth.audit.append({ who: user, action: 'uploaded', object: kept.sha256, address: request.ip, detail: file })
      reply.code(201)
      return file
    },
  )

  app.get<{ Params: { sha256: string } }>(
    '/api/v1/attachments/:sha256',
    {
      schema: describe({
        summary: 'Download an attached file',
        description: 'Its bytes as they came, for saving: never shown by the browser as part of the page.',
        tag: 'desk',
        params: { sha256: 'SHA-256 of the bytes, hex' },
        replies: { 200: { what: 'The bytes' } },
        problems: ['attachment-unknown'],
      }),
    },
    async (request, reply): Promise<FastifyReply> => {
      const { sha256 } = request.params
      const bytes = await attachments.read(sha256)
      if (!bytes) throw new Refused('attachment-unknown', { detail: `no file ${sha256.slice(0, 80)} is kept` })
      const { user } = principalOf(request)
      await auth.audit.append({ who: user, action: 'downloaded', object: sha256, address: request.ip })
      return reply
        .header('content-disposition', `attachment; filename="${sha256}"`)
        .type('application/octet-stream')
        .send(bytes)
    },
  )
}
