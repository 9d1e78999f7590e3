/** Bodies that say how honest the data is: links of sources, and what a site's readings are worth. */
import Type, { type Static } from 'typebox'
import { PUSH_STATES } from '../push-states.ts'

const maybe = Type.Optional
const text = (description: string) => Type.String({ description })
const count = (description: string) => Type.Integer({ description, minimum: 0 })
const instant = (description: string) =>
  Type.String({ format: 'date-time', description: `${description}, ISO 8601 UTC` })
const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description })

const LINK_STATES = ['connecting', 'up', 'down'] as const
const states = <const S extends readonly string[]>(of: S, description: string) =>
  Type.Enum(of as unknown as string[], { description }) as unknown as ReturnType<typeof Type.Unsafe<S[number]>>
export const LinkBody = Type.Object({
  name: text('Source, as configured; `http:{user}`: the token or user that pushes'),
  adapter: text('`mqtt`, `opcua`, `modbus`, …; `http`: it pushes'),
  state: states(
    [...LINK_STATES, ...PUSH_STATES],
    'State of the link. A source that pushes over HTTP has none: `unheard` since the service started, `live`, `late` when the first of the points it sends has missed its `silentAfter`, `silent` when all have',
  ),
  since: instant('Since when'),
  reason: maybe(text('What is wrong')),
  peer: text("The peer's address"),
})
export type LinkBody = Static<typeof LinkBody>

export const SourceBody = Type.Object({
  ...LinkBody.properties,
  frames: count('Messages received'),
  readings: count('Readings taken'),
  duplicates: count('Readings known already'),
  refused: count('Messages or readings refused'),
  heard: maybe(instant('Last message, of any kind')),
  lagMs: maybe(
    Type.Number({
      description:
        "How far its newest readings were behind arrival at the least, over the last five minutes, in milliseconds: its line's delay and its clock's error together; below zero its clock runs ahead",
    }),
  ),
})
export type SourceBody = Static<typeof SourceBody>

export const SourceList = Type.Object({ sources: Type.Array(SourceBody) })
export type SourceList = Static<typeof SourceList>

/** A way up: how far the peer above is behind. */
export const ForwardList = Type.Object({
  forwards: Type.Array(
    Type.Object({
      name: text('As configured'),
      state: states(LINK_STATES, 'State of the link'),
      since: instant('Since when'),
      reason: maybe(text('What is wrong')),
      peer: text("The peer's address"),
      behind: count('Entries of the journal, and transitions, that the peer has not acknowledged yet'),
      sent: count('Readings and transitions it has acknowledged since the start of the service'),
    }),
  ),
})
export type ForwardList = Static<typeof ForwardList>

/** On-line rate (在线率) and data quality (数据合格率) of a site. */
export const DataQualityBody = Type.Object({
  online: maybe(
    share(
      'On-line rate: points heard in time, whatever their value, of those that have to be heard. Absent where none has to be',
    ),
  ),
  readings: count('Readings of the last hour'),
  good: maybe(share('Of these, the share that was good and in time. Absent where there was none')),
  bad: count('Bad or doubtful ones among them'),
  late: count('Late ones among them'),
})
export type DataQualityBody = Static<typeof DataQualityBody>
