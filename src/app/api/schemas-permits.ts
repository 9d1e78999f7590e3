/** Bodies of the permit route. */
import Type, { type Static } from 'typebox'
import { PERMIT_GRADES } from '../../model/command.ts'

const text = (description: string) => Type.String({ minLength: 1, maxLength: 200, description })
const time = (description: string) =>
  Type.Union([Type.String({ maxLength: 40 }), Type.Integer()], {
    description: `${description}: ISO 8601 with an offset, or integer milliseconds`,
  })
const words = <W extends string>(each: readonly W[], description: string) =>
  Type.Enum([...each] as [W, ...W[]], { description })

export const PermitBody = Type.Object(
  {
    permit: text('Number of the permit'),
    state: Type.Optional(words(['open', 'closed'], 'Default: open')),
    area: Type.Optional(text('Area it holds for; this, or `machine`')),
    machine: Type.Optional(text('Welding machine it holds for')),
    person: Type.Optional(text('Who may weld')),
    grade: Type.Optional(words(PERMIT_GRADES, '特级, 一级, 二级 (GB 30871)')),
    from: Type.Optional(time('Holds from')),
    until: Type.Optional(time('Holds until')),
    tested: Type.Optional(time('When the gas of the place was last tested')),
    limit: Type.Optional(
      Type.Number({ description: "Highest gas value at which work is allowed, in the points' unit" }),
    ),
  },
  { additionalProperties: false },
)
export type PermitBody = Static<typeof PermitBody>

export const PermitReply = Type.Object({
  permit: text('Number of the permit'),
  state: words(['open', 'closed'], 'What it is now'),
})
export type PermitReply = Static<typeof PermitReply>
