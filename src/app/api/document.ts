/** What a route says of itself in `/openapi.json`. */
import type { FastifyInstance, FastifySchema } from 'fastify'
import type { TSchema } from 'typebox'
import Type from 'typebox'
import { ALARM_COMMANDS } from '../../model/command.ts'
import { ACCESS, type Access, COMMAND_ROLES, DOCUMENT_ROLES } from '../auth/permissions.ts'
import { PROBLEMS, type ProblemCode } from './problems.ts'
import { Problem } from './schemas-admin.ts'

interface Described {
  readonly summary: string
  readonly description?: string
  readonly tag:
    | 'desk'
    | 'session'
    | 'sites'
    | 'readings'
    | 'alarms'
    | 'rules'
    | 'hazards'
    | 'reports'
    | 'stream'
    | 'operation'
    | 'users'
    | 'notifications'
  /** Name and meaning of each parameter of the path. */
  readonly params?: Readonly<Record<string, string>>
  readonly query?: TSchema
  readonly headers?: TSchema
  readonly body?: TSchema
  /** By status: body and meaning; without a body where there is none. */
  readonly replies: Readonly<Record<number, { readonly what: string; readonly body?: TSchema; readonly type?: string }>>
  readonly problems?: readonly ProblemCode[]
}

/** The schema of a route: what Fastify checks and what OpenAPI shows. */
export function describe({
  summary,
  description,
  tag,
  params,
  query,
  headers,
  body,
  replies,
  problems = [],
}: Described): FastifySchema {
  const response: Record<string, unknown> = {}
  for (const [status, { what, body: schema, type = 'application/json' }] of Object.entries(replies)) {
    response[status] = schema
      ? { description: what, content: { [type]: { schema } } }
      : { description: what, type: 'null' }
  }
  const given: readonly ProblemCode[] = query || body ? ['request-invalid'] : []
  const taken: readonly ProblemCode[] = body ? ['payload-not-json', 'payload-too-large', 'media-type'] : []
  const byStatus = Map.groupBy(
    new Set([...given, ...taken, ...problems, 'internal' as const]),
    (code) => PROBLEMS[code][0],
  )
  for (const [status, codes] of byStatus) response[status] = problemReply(codes)
  return {
    summary,
    ...(description !== undefined && { description }),
    tags: [tag],
    ...(params && { params: paramsOf(params) }),
    ...(query && { querystring: query }),
    ...(headers && { headers }),
    ...(body && { body }),
    response,
  }
}

function paramsOf(params: Readonly<Record<string, string>>): TSchema {
  return Type.Object(
    Object.fromEntries(Object.entries(params).map(([name, description]) => [name, Type.String({ description })])),
  )
}

function problemReply(codes: readonly ProblemCode[]): object {
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code][1]}.`).join(' '),
    content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } },
  }
}

/** Who may call, and the refusals that follow from it. */
export function describeAccess(schema: FastifySchema, access: Access): void {
  const needs = {
    open: 'Open to everybody.',
    'signed-in': 'Needs a session of any role.',
    loopback: 'Open on this machine; otherwise needs role viewer.',
    readings: "Needs role operator, or the site's source token.",
  } as const
  const words = access in needs ? needs[access as keyof typeof needs] : `Needs role ${access}.`
  schema.description = schema.description ? `${schema.description} ${words}` : words
  if (access === 'open') schema.security = []
  const response = schema.response as Record<string, unknown>
  response['429'] ??= problemReply(['rate-limited'])
  if (access === 'open') return
  response['401'] ??= problemReply(['credentials-missing'])
  response['403'] ??= problemReply(['role-too-low', 'origin-foreign'])
}

/** Registers the problem document by name, so that the routes refer to it instead of repeating it. */
export function shareProblem(app: FastifyInstance): void {
  app.addSchema({ $id: 'Problem', ...Problem })
}

type Paths = Record<string, Record<string, Record<string, unknown>>>

/** Wildcard routes (ids with slashes) as the paths they stand for, and an operation id for every operation. */
export function finishPaths(paths: Paths): Paths {
  const finished: Paths = {}
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(item)) {
      for (const [real, told] of spread({ path, method, operation })) {
        finished[real] = { ...finished[real], [method]: { operationId: operationId(method, real), ...told } }
      }
    }
  }
  return finished
}

const ALARM = {
  name: 'id',
  in: 'path',
  required: true,
  schema: { type: 'string' },
  description: 'Alarm; its slashes raw or as %2F',
}
const POINT = { ...ALARM, name: 'point', description: 'Point; its slashes raw or as %2F' }

function spread({ path, method, operation }: { path: string; method: string; operation: Record<string, unknown> }) {
  const rest = ((operation.parameters ?? []) as { name: string }[]).filter(({ name }) => name !== '*')
  const withParameter = (parameter: object) => ({ ...operation, parameters: [...rest, parameter] })
  const prefix = path.slice(0, -'/{*}'.length)
  if (!path.endsWith('/{*}')) return [[path, operation]] as const
  if (prefix.endsWith('/points')) return [[`${prefix}/{point}/history`, withParameter(POINT)]] as const
  if (method === 'get') return alarmDocuments(prefix, { operation, rest })
  return ALARM_COMMANDS.map((command) => {
    const description = `Needs role ${COMMAND_ROLES[command]}.`
    return [
      `${prefix}/{id}/${command}`,
      { ...withParameter(ALARM), summary: `${operation.summary}: ${command}`, description },
    ] as const
  })
}

/** One alarm, and its evidence: the same route, because an alarm's id has slashes in it. */
function alarmDocuments(
  prefix: string,
  { operation, rest }: { operation: Record<string, unknown>; rest: readonly { name: string }[] },
) {
  const { 409: lost, 429: busy, ...responses } = operation.responses as Record<string, unknown>
  const evidence = {
    ...operation,
    summary: 'The sealed evidence of an alarm, judged again',
    description: `A bundle that \`davy explain --bundle\` checks on another machine. \`Davy-Verdict\` says whether judging it again gave the same, byte for byte: \`sealed=?1, configured=?1, reproduced=?1\`; \`Davy-Seal\` is its seal, which goes into the audit log. Needs role ${DOCUMENT_ROLES.evidence}.`,
    parameters: [ALARM, ...rest],
    responses: {
      ...responses,
      409: lost,
      429: busy,
      200: { description: 'The bundle', content: { 'application/json': { schema: { type: 'object' } } } },
    },
  }
  return [
    [`${prefix}/{id}`, { ...operation, parameters: [ALARM], responses }],
    [`${prefix}/{id}/evidence`, evidence],
  ] as const
}

function operationId(method: string, path: string): string {
  const words = path
    .replace('/api/v1', '')
    .split(/[/{}.-]+/)
    .filter(Boolean)
  return [method, ...words].map((word, i) => (i === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join('')
}

/** The access of a route, by method and URL; throws where the table lacks it, so that no route is left open by oversight. */
export function accessOf(method: string, url: string): Access {
  const access = ACCESS[`${method} ${url}`]
  if (!access) throw new Error(`${method} ${url} has no line in src/app/auth/permissions.ts`)
  return access
}
