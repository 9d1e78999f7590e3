/** Bodies of the duty desks (值班台) and of the windows that are declared at a site. */
import Type, { type Static } from 'typebox'
import { SEVERITIES, type Severity } from '../../model/alarm.ts'
import { WINDOW_COMMANDS } from '../../model/command.ts'
import { DUTY_LEVELS } from '../../model/duty.ts'

const maybe = Type.Optional
const list = Type.Array
const text = (description: string) => Type.String({ description })
const count = (description: string) => Type.Integer({ minimum: 0, description })
const time = (description: string) => Type.String({ format: 'date-time', description })
const words = <const W extends readonly string[]>(values: W, description: string) =>
  Type.Enum(values as unknown as string[], { description }) as unknown as ReturnType<typeof Type.Unsafe<W[number]>>
const names = (description: string) => Type.Object({ zh: text('Chinese'), en: text('English') }, { description })

export const DutyDeskBody = Type.Object({
  desk: text('Its id, as alarms and the shift log name it'),
  name: names('Its name'),
  level: words(DUTY_LEVELS, 'Its level in the duty tree'),
  parent: maybe(text('The desk above it, to which it hands on what it does not answer in time')),
  region: maybe(text('It hears first of every site in this region that no other desk hears first of')),
  sites: list(Type.String(), { description: 'Sites whose alarms it hears first' }),
  onDuty: maybe(
    Type.Object(
      { person: text('Who took it over'), since: time('When, ISO 8601 UTC') },
      { description: 'By the last entry of the shift log for this desk; absent while there is none' },
    ),
  ),
  contacts: list(Type.String(), { description: 'Who sits there, as declared' }),
  quiet: maybe(
    Type.Object(
      { from: text('Time of the day, `22:00`'), to: text('Time of the day') },
      {
        description:
          "Hours in which a notice, and nothing else, neither sounds nor runs against a clock, by the desk's own time",
      },
    ),
  ),
  timezone: text('Time zone of the desk'),
  alarms: Type.Object(
    {
      active: count('Alarms whose condition holds'),
      unacknowledged: count('Alarms that nobody has acknowledged'),
      worst: maybe(words(SEVERITIES, 'Worst severity standing')),
    },
    { description: 'What stands on it now: what it heard first, and what was handed on to it' },
  ),
})
export type DutyDeskBody = Static<typeof DutyDeskBody>

const clock = (severity: Severity) =>
  Type.Object(
    {
      ackMs: count('Acknowledged within so many milliseconds by each desk in turn'),
      clearMs: count('Disposed of within so many milliseconds after the rise'),
    },
    { description: `Of ${severity} alarms` },
  )

export const DutyTree = Type.Object({
  masked: Type.Boolean({ description: 'Whether names and contacts are hidden from who asks' }),
  desks: list(DutyDeskBody, {
    description: 'From the bottom up, as `duty.yaml` declares them; empty without the file',
  }),
  clocks: maybe(
    Type.Object(
      Object.fromEntries(SEVERITIES.map((severity) => [severity, clock(severity)])) as Record<
        Severity,
        ReturnType<typeof clock>
      >,
      { description: 'Response clocks; absent where no desk is declared, for then nothing is late' },
    ),
  ),
})
export type DutyTree = Static<typeof DutyTree>

/** What a window and an alarm out of service have in common. */
const witnessed = {
  from: maybe(time("Since when, with the site's offset; absent: not known")),
  by: text('Who declared it'),
  witness: maybe(text('Who stands by')),
  reason: maybe(text('Why')),
}

export const DeclaredWindow = Type.Object({
  command: words(WINDOW_COMMANDS, '`calibrate`: 标校; `power-cut-test`: 断电试验'),
  window: text('Names the window: declaring it again replaces it'),
  points: maybe(list(Type.String(), { description: 'For these points' })),
  area: maybe(text('For everything in this area')),
  ...witnessed,
  until: time("Its end, with the site's offset"),
  holds: Type.Boolean({ description: 'Whether it holds now; false: it has yet to begin' }),
})
export type DeclaredWindow = Static<typeof DeclaredWindow>

export const OutOfServiceBody = Type.Object({
  alarm: text('Alarm'),
  text: maybe(names('What it says; absent below role operator, for it may name somebody')),
  active: Type.Boolean({ description: 'Whether its condition holds, told or not' }),
  ...witnessed,
  until: maybe(time("When that ends by itself, with the site's offset")),
})
export type OutOfServiceBody = Static<typeof OutOfServiceBody>

export const WindowList = Type.Object({
  windows: list(DeclaredWindow, { description: 'Declared windows that have not ended, in order of their end' }),
  outOfService: list(OutOfServiceBody, { description: 'Alarms that are out of service' }),
})
export type WindowList = Static<typeof WindowList>
