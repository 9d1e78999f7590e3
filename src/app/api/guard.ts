/** At the door of every route: who asks, whether the table of permissions lets them, and whether the page itself asks. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isLoopback } from '../../model/loopback.ts'
import type { Auth, Principal } from '../auth/auth.ts'
import { type Access, atLeast, UNMASKED } from '../auth/permissions.ts'
import type { Masking } from '../privacy/masking.ts'
import { accessOf, describeAccess } from './document.ts'
import { Refused } from './problems.ts'

export const COOKIE = 'davy_session'

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null
  }
  interface FastifyContextConfig {
    access?: Access
  }
}

/** Must be installed before any route. Runs before bodies are read, so that a stranger's bytes cost nothing. */
export function guard(app: FastifyInstance, auth: Auth): void {
  app.decorateRequest('principal', null)

  app.addHook('onRoute', (route) => {
    const methods = Array.isArray(route.method) ? route.method : [route.method]
    for (const method of methods) {
      const access = accessOf(method, route.url)
      route.config = { ...route.config, access }
      if (route.schema?.response && method !== 'HEAD') describeAccess(route.schema, access)
    }
  })

  app.addHook('onRequest', async (request) => {
    const { access } = request.routeOptions.config
    // Unknown routes have none; they answer 404.
    if (!access) return
    const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const token = bearer ?? request.cookies[COOKIE]
    request.principal = (token && auth.authenticate(token)) || null
    const reading = request.method === 'GET' || request.method === 'HEAD'
    if (!reading && !bearer && !sameOrigin(request)) {
      throw new Refused('origin-foreign', {
        detail: {
          en: 'a cookie alone does not prove that the page sent this',
          zh: '仅凭 Cookie 不能证明请求来自本页面',
        },
      })
    }
    admit(request, access)
  })
}

/** The signed-in user of a guarded route. */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal)
    throw new Refused('credentials-missing', {
      detail: { en: 'no valid token or cookie came with the request', zh: '请求未携带有效的令牌或 Cookie' },
    })
  return request.principal
}

/** What hides names, numbers and cards from who asks; `undefined` for those who may see them. */
export function maskingFor(request: FastifyRequest, masking: Masking): Masking | undefined {
  return masked(request) ? masking : undefined
}

/** Whether names, numbers and cards are hidden from who asks. */
export function masked(request: FastifyRequest): boolean {
  return !atLeast(principalOf(request).role, UNMASKED)
}

function admit(request: FastifyRequest, access: Access): void {
  if (access === 'open' || (access === 'loopback' && local(request))) return
  const { role, site } = principalOf(request)
  if (access === 'signed-in') return
  if (access === 'readings' && role === 'source') {
    const wanted = (request.params as { site?: string }).site
    if (wanted === site) return
    throw new Refused('site-forbidden', {
      detail: { en: `the token is for ${site}, not for ${wanted}`, zh: `令牌属于 ${site}，不属于 ${wanted}` },
    })
  }
  const wanted = access === 'readings' ? 'operator' : access === 'loopback' ? 'viewer' : access
  if (!atLeast(role, wanted))
    throw new Refused('role-too-low', {
      detail: { en: `this needs role ${wanted}, not ${role}`, zh: `需要角色 ${wanted}，当前为 ${role}` },
    })
}

/** A browser says where a request comes from; a client without a cookie has nothing to be abused. */
function sameOrigin(request: FastifyRequest): boolean {
  const { 'sec-fetch-site': site, origin } = request.headers
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  if (origin !== undefined) return URL.canParse(origin) && new URL(origin).host === request.host
  return request.cookies[COOKIE] === undefined
}

/** Asked on this machine, not through a proxy on it, and not by a page that renamed itself to it. */
function local(request: FastifyRequest): boolean {
  const forwarded = request.headers['x-forwarded-for'] ?? request.headers.forwarded
  const peer = request.socket.remoteAddress ?? ''
  return forwarded === undefined && isLoopback(peer.replace(/^::ffff:/, '')) && isLoopback(request.hostname)
}
