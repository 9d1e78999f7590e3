/** The sealed evidence of an alarm as a download. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { atLeast, DOCUMENT_ROLES } from '../auth/permissions.ts'
import type { ApiContext } from './context.ts'
import { principalOf } from './guard.ts'
import { Refused } from './problems.ts'

const SUFFIX = '/evidence'

/** The alarm whose evidence an address asks for; `undefined` where it asks for the alarm itself. */
export function evidenceOf(path: string): string | undefined {
  return path.endsWith(SUFFIX) ? path.slice(0, -SUFFIX.length) : undefined
}

/** Sends the bundle's bytes as they were sealed; what judging it again gave stands in a header, because the bundle cannot say it of itself. */
export async function sendEvidence(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  {
    alarm,
    episode,
    service,
    auth,
  }: Pick<ApiContext, 'service' | 'auth'> & { alarm: string; episode: number | undefined },
): Promise<FastifyReply> {
  const { user, role } = principalOf(request)
  const needed = DOCUMENT_ROLES.evidence
  if (!atLeast(role, needed))
    throw new Refused('role-too-low', {
      detail: { en: `evidence needs role ${needed}, not ${role}`, zh: `查看证据需要角色 ${needed}，当前为 ${role}` },
    })
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  const { bytes, seal, episode: found, verdict } = await service.evidence(alarm, { episode, signal: gone.signal })
  const { problems, ...held } = verdict
  const detail = { episode: found, seal, ...held, ...(problems.length > 0 && { problems }) }
  await auth.audit.append({ who: user, action: 'evidence-sealed', object: alarm, address: request.ip, detail })
  const name = `${alarm}-${found}`.replaceAll(/[^A-Za-z0-9._-]+/g, '_')
  return reply
    .header('content-disposition', `attachment; filename="evidence-${name}.json"`)
    .header('davy-seal', seal)
    .header('davy-verdict', verdictHeader(held))
    .header('cache-control', 'no-store')
    .type('application/json')
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}

/** A dictionary of RFC 8941: `sealed=?1, configured=?1, reproduced=?0`. */
function verdictHeader(held: Readonly<Record<'sealed' | 'configured' | 'reproduced', boolean>>): string {
  return Object.entries(held)
    .map(([name, holds]) => `${name}=?${holds ? 1 : 0}`)
    .join(', ')
}
