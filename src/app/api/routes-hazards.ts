/** The hazard ledger (隐患台账): the list, one hazard with its life, and what people do to it. */
import type { FastifyInstance } from 'fastify'
import { HAZARD_ACTIONS, type HazardAction, type HazardCommand } from '../../model/hazard.ts'
import { parseHazardCommand } from '../hazard-command.ts'
import { type ApiContext, siteOf } from './context.ts'
import { describe } from './document.ts'
import { maskingFor, principalOf } from './guard.ts'
import { hazardBody, hazardQuery, hazardStepBody, maskHazard } from './hazard-views.ts'
import { PROBLEMS, type ProblemCode, Refused } from './problems.ts'
import { HAZARD_PROBLEMS } from './problems-hazards.ts'
import { HazardBody, HazardDeedBody, HazardDetail, HazardList, HazardsQuery, NewHazard } from './schemas-hazards.ts'

const SUMMARIES: Readonly<Record<HazardAction, string>> = {
  assign: 'Give a hazard to somebody, with a deadline',
  rectify: 'Say what was mended (整改)',
  verify: 'Accept what somebody else mended (验收)',
  reject: 'Send a hazard back to its owner',
  close: 'Strike a verified hazard off (销号)',
  supervise: 'Put a hazard under supervision (挂牌督办)',
  lift: 'Lift the supervision (摘牌)',
  extend: 'Give a hazard more time (延期)',
  reopen: 'Open a hazard again that was closed in the last thirty days',
  comment: 'Note something on a hazard',
}

const REFUSALS = Object.keys(HAZARD_PROBLEMS).filter((code) => code.startsWith('hazard-')) as ProblemCode[]

export function hazardRoutes(app: FastifyInstance, context: ApiContext): void {
  const { service, masking } = context

  app.get<{ Querystring: HazardsQuery }>(
    '/api/v1/hazards',
    {
      schema: describe({
        summary: 'Hazards, the one found last first',
        tag: 'hazards',
        query: HazardsQuery,
        replies: { 200: { what: 'A page of hazards', body: HazardList } },
        problems: ['word-unknown', 'cursor-unreadable'],
      }),
    },
    async (request): Promise<HazardList> => {
      const { query } = request
      const mask = maskingFor(request, masking)
      const installation = service.installation()
      const { cursor, limit, ...filters } = query
      const { items, next } = await service.hazards.list({
        ...hazardQuery(filters, installation),
        ...(cursor !== undefined && { cursor }),
        ...(limit !== undefined && { limit }),
      })
      return {
        items: items.map((hazard) => hazardBody(maskHazard(hazard, mask), installation)),
        ...(next !== undefined && { next }),
      }
    },
  )

  app.get<{ Params: { id: string } }>(
    '/api/v1/hazards/:id',
    {
      schema: describe({
        summary: 'One hazard and every step of its life',
        tag: 'hazards',
        params: { id: 'Hazard' },
        replies: { 200: { what: 'The hazard', body: HazardDetail } },
        problems: ['hazard-unknown'],
      }),
    },
    async (request): Promise<HazardDetail> => {
      const { id } = request.params
      const mask = maskingFor(request, masking)
      const hazard = await service.hazards.get(id)
      if (!hazard)
        throw new Refused('hazard-unknown', { detail: { en: `there is no hazard ${id}`, zh: `没有隐患 ${id}` } })
      const installation = service.installation()
      const steps = await service.hazards.steps(id)
      return {
        ...hazardBody(maskHazard(hazard, mask), installation),
        steps: steps.map((step) => hazardStepBody(step, { installation, masking: mask })),
      }
    },
  )

  app.post<{ Body: NewHazard }>(
    '/api/v1/hazards',
    {
      schema: describe({
        summary: 'Report what an inspection (检查) or the public (举报) found',
        description: 'Answers once it is on disk and listed.',
        tag: 'hazards',
        body: NewHazard,
        replies: { 201: { what: 'The hazard', body: HazardBody } },
        problems: ['site-unknown', 'area-unknown', 'hazard-known'],
      }),
    },
    async (request, reply) => {
      const { site, external } = request.body
      siteOf(service, site)
      if (external !== undefined && (await service.hazards.known({ site, external: [external] })).length > 0) {
        throw new Refused('hazard-known', {
          detail: { en: `site ${site} has a hazard ${external} already`, zh: `企业 ${site} 已有隐患 ${external}` },
        })
      }
      const { user } = principalOf(request)
      const given = { source: 'inspection', ...request.body, action: 'open' }
      const command = parsed(parseHazardCommand(given, { ts: service.now(), by: user }))
      const body = await carryOut(command, { context, address: request.ip, object: site })
      return reply.code(201).send(body)
    },
  )

  for (const action of HAZARD_ACTIONS) {
    app.post<{ Params: { id: string }; Body: HazardDeedBody }>(
      `/api/v1/hazards/:id/${action}`,
      {
        // A deed without particulars needs no body.
        preValidation: async (request) => {
          request.body ??= {}
        },
        schema: describe({
          summary: SUMMARIES[action],
          description: 'Answers once it is on disk and listed.',
          tag: 'hazards',
          params: { id: 'Hazard' },
          body: HazardDeedBody,
          replies: { 200: { what: 'The hazard as it is now', body: HazardBody } },
          problems: REFUSALS,
        }),
      },
      async (request): Promise<HazardBody> => {
        const { id } = request.params
        const { user } = principalOf(request)
        const given = { ...request.body, action, hazard: id }
        const command = parsed(parseHazardCommand(given, { ts: service.now(), by: user }))
        return carryOut(command, { context, address: request.ip, object: id })
      },
    )
  }
}

function parsed(command: HazardCommand | string): HazardCommand {
  if (typeof command === 'string') throw new Refused('request-invalid', { detail: command })
  return command
}

async function carryOut(
  command: HazardCommand,
  { context, address, object }: { context: ApiContext; address: string; object: string },
): Promise<HazardBody> {
  const { service, auth } = context
  const { refusal, hazards } = await service.command(command)
  const { command: _, by, ts: __, ...said } = command
  const detail = { command: 'hazard', ...said, ...(refusal && { refused: refusal.code }) }
  const named = hazards?.[0]?.hazard.hazard ?? object
  await auth.audit.append({ who: by, action: 'command', object: named, address, detail: detail as never })
  if (refusal) {
    throw new Refused(refusal.code, { ...(refusal.code in PROBLEMS ? {} : { status: 409 }), detail: refusal.message })
  }
  const last = hazards?.at(-1)
  if (!last) throw new Refused('internal', { detail: 'the ledger did not answer' })
  return hazardBody(last.hazard, service.installation())
}
