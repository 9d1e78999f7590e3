/** Bodies of the API's keeping of the house: dead letters, users, problems, stream events. */

import Type, { type Static } from 'typebox'
import { SHORTEST_PASSWORD } from '../../model/password.ts'
import { SiteView, TextBody } from './schemas.ts'

const closed = { additionalProperties: false } as const
const text = (description: string) => Type.String({ description })
const instant = (description: string) =>
  Type.String({ format: 'date-time', description: `${description}, ISO 8601 UTC` })

/** RFC 9457. `code` is stable; `title` and `detail` are for people. */
export const Problem = Type.Object(
  {
    type: text('`urn:davylamp:problem:{code}`'),
    title: text(
      'What this kind of problem is, as `detail` and `remedy` in the language that `Accept-Language` prefers: `en` or `zh`',
    ),
    status: Type.Integer({ description: 'HTTP status' }),
    detail: text('What happened here'),
    code: text('Stable code'),
    remedy: Type.Optional(text('What to do')),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          index: Type.Optional(Type.Integer({ description: 'Position in the array that was sent, from 0' })),
          where: Type.Optional(text('JSON pointer or parameter')),
          code: text('Stable code'),
          detail: text('What is wrong with it'),
          remedy: Type.Optional(text('What to do')),
        }),
      ),
    ),
    accepted: Type.Optional(Type.Integer({ description: 'Readings taken all the same' })),
    duplicates: Type.Optional(Type.Integer({ description: 'Readings known already' })),
  },
  { description: 'Problem document (RFC 9457)' },
)
export type Problem = Static<typeof Problem>

export const LetterBody = Type.Object({
  id: Type.Integer({ description: 'Dead letter' }),
  source: text('Who sent it'),
  topic: text('Topic'),
  payload: text('As received, as UTF-8; at most 4 096 characters of it'),
  bytes: Type.Integer({ description: 'Length of the whole payload' }),
  at: instant('Arrival'),
  code: text('Refusal code'),
  detail: text('Where in the payload, and what stood there'),
  remedy: text('What to do'),
  explained: Type.Optional(
    Type.Object(
      { what: TextBody, remedy: TextBody },
      { description: 'What its code means and what to do, in both languages' },
    ),
  ),
  replayed: Type.Boolean({ description: 'Whether it was taken in since' }),
})
export type LetterBody = Static<typeof LetterBody>

export const LettersQuery = Type.Object(
  {
    code: Type.Optional(text('Refusal code')),
    cursor: Type.Optional(Type.Integer({ minimum: 1, description: '`next` of the page before' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Most items a page. Default 100' })),
  },
  closed,
)
export type LettersQuery = Static<typeof LettersQuery>

export const LetterList = Type.Object({
  items: Type.Array(LetterBody),
  next: Type.Optional(Type.Integer({ description: '`cursor` of the next page; absent at the end' })),
  counts: Type.Record(Type.String(), Type.Integer(), { description: 'Letters kept, by refusal code' }),
})
export type LetterList = Static<typeof LetterList>

const name = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', description: 'User name' })

export const UserBody = Type.Object({
  user: text('User name'),
  role: text('viewer, operator, supervisor, admin or source'),
  site: Type.Optional(text('`source` only: its site')),
  created: instant('Created'),
})
export type UserBody = Static<typeof UserBody>

export const UserList = Type.Object({ users: Type.Array(UserBody) })
export type UserList = Static<typeof UserList>

export const NewUser = Type.Object(
  {
    user: name,
    password: Type.String({
      minLength: SHORTEST_PASSWORD,
      maxLength: 1000,
      description: `At least ${SHORTEST_PASSWORD} characters`,
    }),
    role: Type.Enum(['viewer', 'operator', 'supervisor', 'admin'], { description: 'What the user may do' }),
  },
  closed,
)
export type NewUser = Static<typeof NewUser>

export const NewToken = Type.Object({ user: name, site: text('The one site it may send readings for') }, closed)
export type NewToken = Static<typeof NewToken>

export const TokenReply = Type.Object({ token: text('Bearer token; shown this once'), ...UserBody.properties })
export type TokenReply = Static<typeof TokenReply>

/** `event: hello` of the stream, first after connecting; `reset`: the id asked for is unknown here, load everything anew. */
export const HelloEvent = Type.Object({
  seq: Type.Integer({ description: 'Stream number of the newest transition; also the event id' }),
  at: instant('When the stream opened'),
  reset: Type.Optional(Type.Boolean({ description: 'The id to resume from is not of this installation' })),
})
export type HelloEvent = Static<typeof HelloEvent>

/** `event: counts`: the sites that changed; after connecting and catching up, all of them. */
export const CountsEvent = Type.Object({ sites: Type.Array(SiteView) })
export type CountsEvent = Static<typeof CountsEvent>
