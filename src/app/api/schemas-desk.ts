/** Bodies of what the desk does: commands on alarms, attachments, windows, handovers; and what a transition says of its handling. */
import Type, { type Static } from 'typebox'
import { ALARM_STATES, SEVERITIES } from '../../model/alarm.ts'
import { WINDOW_COMMANDS } from '../../model/command.ts'
import { DUTY_LEVELS } from '../../model/duty.ts'

const closed = { additionalProperties: false } as const
const maybe = Type.Optional
const list = Type.Array
const flag = (description: string) => Type.Literal(true, { description })
const text = (description: string) => Type.String({ description })
const given = (maxLength: number, description: string) => Type.String({ minLength: 1, maxLength, description })
const words = <const W extends readonly string[]>(values: W, description: string) =>
  Type.Enum(values as unknown as string[], { description }) as unknown as ReturnType<typeof Type.Unsafe<W[number]>>
const count = (description: string) => Type.Integer({ description, minimum: 0 })
const time = (description: string) =>
  Type.String({ description: `${description}. ISO 8601 with the site's offset`, format: 'date-time' })

/** What keeps an alarm from people. */
export const HushBody = Type.Object(
  {
    kind: words(['shelved', 'suppressed', 'out-of-service'], 'What keeps it from people'),
    by: text('Who shelved it or took it out of service; the alarm or the declared window that suppresses it'),
    until: maybe(time('When that ends by itself; absent: when something else ends it')),
    once: maybe(flag('It ends earlier, when the alarm next returns to normal')),
    severity: maybe(
      words(SEVERITIES, 'Of a shelf: how grave the alarm was. When it becomes graver, the shelf ends by itself'),
    ),
    reason: maybe(text('The reason given')),
    witness: maybe(text('Who stood by')),
  },
  { description: 'Set while people are not to be told. It never changes what is true' },
)
export type HushBody = Static<typeof HushBody>

/** What a transition says of how the alarm is handled; part of every transition. */
export const HandlingBody = Type.Object({
  held: maybe(
    words(
      ['latched', 'unconfirmed'],
      'Its condition is over and it stands all the same: until it is acknowledged or reset (`latched`), or confirmed (`unconfirmed`)',
    ),
  ),
  hush: maybe(HushBody),
  chattering: maybe(flag('It comes and goes faster than anybody can act: do not sound it again')),
  first: maybe(flag('First-up: nothing else had risen in its area for a while when it rose')),
  group: maybe(
    text(
      'The alarm under which it is told: an alarm flood, or the cause of a statutory one. Critical ones are told all the same',
    ),
  ),
  desk: maybe(text('The duty desk that is called now')),
  level: maybe(words(DUTY_LEVELS, "That desk's level in the duty tree")),
  quiet: maybe(flag("A notice within that desk's quiet hours: show it, do not sound it")),
  members: maybe(
    Type.Object(
      { count: count('How many'), alarms: list(Type.String(), { description: 'The first hundred of them' }) },
      { description: 'Of an alarm flood: what it holds' },
    ),
  ),
})

/** A file as it is attached. */
export const AttachmentBody = Type.Object({
  name: text("The file's name"),
  sha256: text('SHA-256 of its bytes, hex: `GET /api/v1/attachments/{sha256}`'),
  size: count('Bytes'),
  mediaType: text('As it was sent, e.g. `image/jpeg`'),
})
export type AttachmentBody = Static<typeof AttachmentBody>

export const AttachmentQuery = Type.Object({ name: given(200, "The file's name") }, closed)
export type AttachmentQuery = Static<typeof AttachmentQuery>

/** What goes with a command; which fields a command needs is in its refusal. */
export const CommandBody = Type.Object(
  {
    episode: maybe(
      Type.Integer({
        minimum: 1,
        description: 'The episode it is meant for: in another one it is refused (`episode-mismatch`)',
      }),
    ),
    reason: maybe(Type.String({ maxLength: 1000, description: 'Why; needed for `shelve` and `out-of-service`' })),
    text: maybe(Type.String({ maxLength: 4000, description: '`comment`: the words' })),
    to: maybe(Type.String({ maxLength: 200, description: '`assign`: the new owner' })),
    until: maybe(text('`shelve`, `out-of-service`: until then, ISO 8601 with an offset')),
    for: maybe(text('`shelve`, `out-of-service`: for so long, e.g. `8h`')),
    once: maybe(Type.Boolean({ description: '`shelve`: until it next returns to normal' })),
    witness: maybe(given(200, '`out-of-service`: who stands by; somebody else')),
    sha256: maybe(Type.String({ pattern: '^[0-9a-f]{64}$', description: '`attach`: which uploaded file' })),
    name: maybe(given(200, "`attach`: the file's name")),
    mediaType: maybe(given(100, '`attach`: its type. Default: `application/octet-stream`')),
  },
  closed,
)
export type CommandBody = Static<typeof CommandBody>

/** A declared window of work. */
export const WindowBody = Type.Object(
  {
    command: words(WINDOW_COMMANDS, '`calibrate`: 标校; `power-cut-test`: 断电试验'),
    window: given(200, 'Names the window: saying it again replaces it'),
    points: maybe(list(given(200, 'Point'), { minItems: 1, maxItems: 1000, description: 'For these points' })),
    area: maybe(given(200, 'For everything in this area')),
    from: maybe(text('ISO 8601 with an offset. Default: now')),
    until: text('24 h after `from` at most; a time that has passed ends the window'),
    witness: given(200, 'Who stands by; somebody else'),
    reason: maybe(given(1000, 'Why')),
  },
  closed,
)
export type WindowBody = Static<typeof WindowBody>

export const HandoverQuery = Type.Object({ desk: maybe(given(200, 'Only of this desk')) }, closed)
export type HandoverQuery = Static<typeof HandoverQuery>

export const HandoverBody = Type.Object(
  {
    desk: given(200, 'A duty desk, or a site where none is declared'),
    outgoing: given(200, 'Who leaves'),
    incoming: given(200, 'Who takes over'),
    text: Type.String({ maxLength: 2000, description: 'What the next shift must know' }),
  },
  closed,
)
export type HandoverBody = Static<typeof HandoverBody>

/** One entry of the shift log. */
export const HandoverEntry = Type.Object({
  desk: text('Desk'),
  at: Type.String({ format: 'date-time', description: 'When, ISO 8601 UTC' }),
  by: text('Who wrote it'),
  outgoing: text('Who left'),
  incoming: text('Who took over'),
  text: text('What the next shift must know'),
  count: count('Alarms that stood then: active, or not yet acknowledged'),
  standing: list(
    Type.Object({
      alarm: text('Alarm'),
      episode: count('Its episode then'),
      state: words(ALARM_STATES, 'Its state then'),
      severity: words(SEVERITIES, 'Its severity then'),
    }),
    { description: 'The worst two hundred of them' },
  ),
})
export type HandoverEntry = Static<typeof HandoverEntry>

export const HandoverList = Type.Object({
  handovers: list(HandoverEntry, { description: 'Newest first; the last five hundred are kept at hand' }),
})
export type HandoverList = Static<typeof HandoverList>
