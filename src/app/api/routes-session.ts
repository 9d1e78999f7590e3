/** Signing in and out. */
import type { FastifyInstance } from 'fastify'
import { formatInstant } from '../../model/time.ts'
import type { Principal } from '../auth/auth.ts'
import type { ApiContext } from './context.ts'
import { describe } from './document.ts'
import { COOKIE, principalOf } from './guard.ts'
import { Refused } from './problems.ts'
import { LoginBody, LoginReply, SessionBody } from './schemas.ts'

export function sessionRoutes(app: FastifyInstance, { auth, settings }: ApiContext): void {
  app.post<{ Body: LoginBody }>(
    '/api/v1/session',
    {
      config: { rateLimit: { max: settings.loginsPerMinute, timeWindow: 60_000 } },
      schema: describe({
        summary: 'Sign in',
        description: 'The token comes in the reply and as an HttpOnly, SameSite=Strict cookie.',
        tag: 'session',
        body: LoginBody,
        replies: { 200: { what: 'Signed in', body: LoginReply } },
        problems: ['credentials-wrong', 'origin-foreign', 'login-too-soon', 'rate-limited'],
      }),
    },
    async (request, reply): Promise<LoginReply> => {
      const outcome = await auth.login({ ...request.body, address: request.ip })
      if ('refused' in outcome) {
        if (outcome.refused === 'login-too-soon') reply.header('retry-after', Math.ceil(outcome.wait / 1000))
        throw new Refused(outcome.refused, { detail: { en: 'not signed in', zh: '未能登录' } })
      }
      // Without Max-Age the cookie goes with the browser; the session itself ends on the server.
      const secure = request.protocol === 'https'
      reply.setCookie(COOKIE, outcome.token, { path: '/', httpOnly: true, sameSite: 'strict', secure })
      return { token: outcome.token, ...sessionBody(outcome.principal) }
    },
  )

  app.get(
    '/api/v1/session',
    {
      schema: describe({
        summary: 'Who is signed in',
        tag: 'session',
        replies: { 200: { what: 'The session', body: SessionBody } },
      }),
    },
    async (request): Promise<SessionBody> => sessionBody(principalOf(request)),
  )

  app.delete(
    '/api/v1/session',
    { schema: describe({ summary: 'Sign out', tag: 'session', replies: { 204: { what: 'Signed out' } } }) },
    async (request, reply) => {
      const principal = principalOf(request)
      await auth.audit.append({ who: principal.user, action: 'logout', address: request.ip })
      // A source's token is not a session: it goes when its user is deleted.
      if (principal.role !== 'source') auth.logout(principal)
      return reply.clearCookie(COOKIE, { path: '/' }).code(204).send()
    },
  )
}

function sessionBody({ user, role, site, expires }: Principal): SessionBody {
  return {
    user,
    role,
    ...(site !== undefined && { site }),
    ...(expires !== undefined && { expires: formatInstant(expires) }),
  }
}
