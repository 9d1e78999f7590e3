/** Bodies that say how honest the data is: links of sources, and what a site's readings are worth. */
import Type, { type Static } from 'typebox'
import { PUSH_STATES } from '../push-states.ts'
import { DiskStateWord } from './schemas-disk.ts'

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
  name: text('Source, as configured; `http:{user}`: the token that pushes'),
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

const CONFIGURATION_STATES = ['in-force', 'refused', 'restart-needed'] as const
const ConfigurationStateWord = Type.Enum(CONFIGURATION_STATES as unknown as string[], {
  description:
    '`refused`: what stands in the files is broken, or a part of it cannot run, and what was before goes on; `restart-needed`: settings changed that are read at the start only',
}) as unknown as ReturnType<typeof Type.Unsafe<(typeof CONFIGURATION_STATES)[number]>>

export const ConfigurationBody = Type.Object({
  state: ConfigurationStateWord,
  hash: text('Of sites and rules in force'),
  since: instant('Since when they, and the settings beside them, are in force'),
  refused: maybe(
    Type.Object({
      at: instant('When it was read'),
      problems: Type.Array(Type.String(), {
        description:
          '`file:line:column: message` where it has a place, otherwise which item could not be changed and why',
      }),
    }),
  ),
  unrecorded: maybe(
    text('Why the audit log does not hold that it came into force; it is tried again with the next change'),
  ),
  restart: Type.Array(Type.String(), { description: 'Settings that wait for a restart, such as `mqtt.port`' }),
})
export type ConfigurationBody = Static<typeof ConfigurationBody>

/** What probes of health and readiness read. */
export const HealthBody = Type.Object({
  status: text('`ok` or `ready`'),
  configuration: ConfigurationStateWord,
  disk: DiskStateWord,
  figures: maybe(
    Type.Enum(['up', 'restarting'], {
      description:
        'The thread that reads figures of past alarms; when it dies it is started anew, and all else goes on',
    }),
  ),
})

/** The link of a way up. */
export const WayBody = Type.Object({
  name: text('Way up, as configured'),
  state: states(LINK_STATES, 'State of the link'),
  since: instant('Since when'),
  reason: maybe(text('What is wrong')),
  peer: text("The peer's address"),
})
export type WayBody = Static<typeof WayBody>

/** A way up: how far the peer above is behind. */
export const ForwardBody = Type.Object({
  ...WayBody.properties,
  behind: count('Entries of the journal, and transitions, that the peer has not acknowledged yet'),
  sent: count('Readings and transitions it has acknowledged since the start of the service'),
  refused: count('Readings and transitions it would not take since then: they are kept as dead letters'),
})
export type ForwardBody = Static<typeof ForwardBody>

export const ForwardList = Type.Object({ forwards: Type.Array(ForwardBody) })
export type ForwardList = Static<typeof ForwardList>

/** `event: links` of the stream: all sources and ways up, whenever a link's state changed. */
export const LinksEvent = Type.Object({ sources: Type.Array(LinkBody), forwards: Type.Array(WayBody) })
export type LinksEvent = Static<typeof LinksEvent>

/** `event: traffic` of the stream: the sources and ways up whose counters changed, at most once a second. */
export const TrafficEvent = Type.Object({ sources: Type.Array(SourceBody), forwards: Type.Array(ForwardBody) })
export type TrafficEvent = Static<typeof TrafficEvent>

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
