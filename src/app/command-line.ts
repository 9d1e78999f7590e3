/** Reads an operator's command as a replay's line or the API gives it. */
import {
  ALARM_COMMANDS,
  type AlarmCommandName,
  type Command,
  type LinkCommand,
  PERMIT_GRADES,
  type PermitCommand,
  type PermitGrade,
} from '../model/command.ts'
import { DAY, type Duration, EARLIEST, type Instant, LATEST, parseDuration, parseInstant } from '../model/time.ts'
import { parseHazardCommand } from './hazard-command.ts'

type Fields = Readonly<Record<string, unknown>>

/** Longer than any maintenance; what would not fit into a date is refused with it. */
const LONGEST: Duration = 3_660 * DAY

const TEXTS = ['reason', 'text', 'to'] as const

/** The command, or in words what is wrong with it. `now` stands in for a missing `ts`. */
export function parseCommand(raw: unknown, now: Instant): Command | string {
  const fields = raw as Fields
  const name = fields.command
  const ts = fields.ts === undefined ? now : instantOf(fields.ts)
  if (ts === undefined) return `\`ts\` ${NO_INSTANT}`
  const by = fields.by ?? 'unknown'
  if (typeof by !== 'string') return '`by` is not a string'
  if (name === 'permit') return parsePermit(fields, { ts, by })
  if (name === 'hazard') return parseHazardCommand(fields, { ts, by })
  if (name === 'link') return parseLink(fields, { ts, by })
  if (!ALARM_COMMANDS.includes(name as AlarmCommandName)) {
    return `unknown command ${JSON.stringify(name)}; known are ${[...ALARM_COMMANDS, 'permit', 'link', 'hazard'].join(', ')}`
  }
  if (typeof fields.alarm !== 'string') return '`alarm` is not a string'
  const command: Record<string, unknown> = { command: name, alarm: fields.alarm, by, ts }
  for (const key of TEXTS) {
    const value = fields[key]
    if (value === undefined) continue
    if (typeof value !== 'string' || value.length > 2_000)
      return `\`${key}\` is not a string of at most 2000 characters`
    command[key] = value
  }
  if (fields.until !== undefined) {
    const until = instantOf(fields.until)
    if (until === undefined) return `\`until\` ${NO_INSTANT}`
    command.until = until
  }
  if (fields.for !== undefined) {
    const span = typeof fields.for === 'number' ? fields.for : parseDuration(fields.for)
    if (span === undefined || !(span > 0 && span <= LONGEST))
      return '`for` is not a duration such as 30m, of ten years at most'
    command.for = span
  }
  return command as unknown as Command
}

const NO_INSTANT = 'is neither ISO 8601 with an offset nor integer milliseconds, or not of this century'

/** An instant that can be written as a date: a command's is published as it is. */
function instantOf(raw: unknown): Instant | undefined {
  const at = parseInstant(raw)
  return at !== undefined && at >= EARLIEST && at < LATEST ? at : undefined
}

function parseLink(fields: Fields, { ts, by }: { ts: Instant; by: string }): LinkCommand | string {
  const { site, source, state, reason } = fields
  if (typeof site !== 'string') return '`site` is not a string'
  if (typeof source !== 'string' || source === '') return '`source` is not the name of a source'
  if (state !== 'up' && state !== 'down') return '`state` is neither up nor down'
  if (reason !== undefined && typeof reason !== 'string') return '`reason` is not a string'
  return {
    command: 'link',
    site,
    source,
    state,
    by,
    ts,
    ...(reason !== undefined && { reason: reason.slice(0, 2_000) }),
  }
}

function parsePermit(fields: Fields, { ts, by }: { ts: Instant; by: string }): PermitCommand | string {
  const { permit, site, state, limit, grade } = fields
  if (typeof permit !== 'string' || permit === '') return '`permit` is not the name of a permit'
  if (typeof site !== 'string') return '`site` is not a string'
  if (state !== undefined && state !== 'open' && state !== 'closed') return '`state` is neither open nor closed'
  if (limit !== undefined && typeof limit !== 'number') return '`limit` is not a number'
  if (grade !== undefined && !PERMIT_GRADES.includes(grade as PermitGrade)) {
    return `\`grade\` is none of ${PERMIT_GRADES.join(', ')}`
  }
  const command: Record<string, unknown> = { command: 'permit', permit, site, by, ts, state: state ?? 'open' }
  if (limit !== undefined) command.limit = limit
  if (grade !== undefined) command.grade = grade
  for (const key of ['area', 'machine', 'person'] as const) {
    if (fields[key] === undefined) continue
    if (typeof fields[key] !== 'string') return `\`${key}\` is not a string`
    command[key] = fields[key]
  }
  for (const key of ['from', 'until', 'tested'] as const) {
    if (fields[key] === undefined) continue
    const at = instantOf(fields[key])
    if (at === undefined) return `\`${key}\` ${NO_INSTANT}`
    command[key] = at
  }
  return command as unknown as PermitCommand
}
