/** Users and sources' tokens, for administrators. */
import type { FastifyInstance } from 'fastify'
import { formatInstant } from '../../model/time.ts'
import type { Account } from '../auth/accounts.ts'
import { type ApiContext, siteOf } from './context.ts'
import { describe } from './document.ts'
import { principalOf } from './guard.ts'
import { Refused } from './problems.ts'
import { NewToken, NewUser, TokenReply, UserBody, UserList } from './schemas-admin.ts'

export function userRoutes(app: FastifyInstance, { service, auth }: ApiContext): void {
  app.get(
    '/api/v1/users',
    {
      schema: describe({
        summary: 'Users and tokens',
        tag: 'users',
        replies: { 200: { what: 'Users', body: UserList } },
      }),
    },
    async (): Promise<UserList> => ({ users: auth.users().map(userBody) }),
  )

  app.post<{ Body: NewUser }>(
    '/api/v1/users',
    {
      schema: describe({
        summary: 'Add a user',
        tag: 'users',
        body: NewUser,
        replies: { 201: { what: 'Added', body: UserBody } },
        problems: ['user-exists'],
      }),
    },
    async (request, reply): Promise<UserBody> => {
      const { user, role } = request.body
      if (!(await auth.addUser({ user, role: role as Account['role'], password: request.body.password })))
        throw taken(user)
      const who = principalOf(request).user
      await auth.audit.append({ who, action: 'user-added', object: user, address: request.ip, detail: { role } })
      reply.code(201)
      return added(user)
    },
  )

  app.post<{ Body: NewToken }>(
    '/api/v1/tokens',
    {
      schema: describe({
        summary: "Add a source's token",
        description: 'It may only send readings of its site, and does not expire; delete its user to end it.',
        tag: 'users',
        body: NewToken,
        replies: { 201: { what: 'Added', body: TokenReply } },
        problems: ['user-exists', 'site-unknown'],
      }),
    },
    async (request, reply): Promise<TokenReply> => {
      const { user, site } = request.body
      siteOf(service, site)
      const token = auth.addToken({ user, site })
      if (token === undefined) throw taken(user)
      const who = principalOf(request).user
      await auth.audit.append({ who, action: 'token-added', object: user, address: request.ip, detail: { site } })
      reply.code(201)
      return { token, ...added(user) }
    },
  )

  app.delete<{ Params: { user: string } }>(
    '/api/v1/users/:user',
    {
      schema: describe({
        summary: 'Delete a user or token, and end their sessions',
        tag: 'users',
        params: { user: 'User name' },
        replies: { 204: { what: 'Deleted' } },
        problems: ['user-unknown', 'user-last-admin'],
      }),
    },
    async (request, reply) => {
      const { user } = request.params
      const who = principalOf(request).user
      const outcome = auth.removeUser(user)
      if (outcome === 'unknown')
        throw new Refused('user-unknown', { detail: { en: `there is no user ${user}`, zh: `没有用户 ${user}` } })
      if (outcome === 'last-admin')
        throw new Refused('user-last-admin', {
          detail: { en: `${user} is the last administrator`, zh: `${user} 是最后一个管理员` },
        })
      await auth.audit.append({ who, action: 'user-deleted', object: user, address: request.ip })
      return reply.code(204).send()
    },
  )

  function added(name: string): UserBody {
    return userBody(auth.users().find(({ user }) => user === name)!)
  }
}

function taken(user: string): Refused {
  return new Refused('user-exists', { detail: { en: `there is a user ${user} already`, zh: `已有用户 ${user}` } })
}

function userBody({ user, role, site, created }: Account): UserBody {
  return { user, role, ...(site !== undefined && { site }), created: formatInstant(created) }
}
