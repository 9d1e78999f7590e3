/** Reads an operator's command as a replay's line or the API gives it. */
import { ALARM_COMMANDS, type AlarmCommandName, type Command, type PermitCommand } from '../model/command.ts'
import { type Instant, parseDuration, parseInstant } from '../model/time.ts'

type Fields = Readonly<Record<string, unknown>>

const TEXTS = ['reason', 'text', 'to'] as const

/** The command, or in words what is wrong with it. `now` stands in for a missing `ts`. */
export function parseCommand(raw: unknown, now: Instant): Command | string {
  const fields = raw as Fields
  const name = fields.command
  const ts = fields.ts === undefined ? now : parseInstant(fields.ts)
  if (ts === undefined) return '`ts` is neither ISO 8601 with an offset nor integer milliseconds'
  const by = fields.by ?? 'unknown'
  if (typeof by !== 'string') return '`by` is not a string'
  if (name === 'permit') return parsePermit(fields, { ts, by })
  if (!ALARM_COMMANDS.includes(name as AlarmCommandName)) {
    return `unknown command ${JSON.stringify(name)}; known are ${[...ALARM_COMMANDS, 'permit'].join(', ')}`
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
    const until = parseInstant(fields.until)
    if (until === undefined) return '`until` is neither ISO 8601 with an offset nor integer milliseconds'
    command.until = until
  }
  if (fields.for !== undefined) {
    const span = typeof fields.for === 'number' ? fields.for : parseDuration(fields.for)
    if (span === undefined || !(span > 0)) return '`for` is not a duration such as 30m'
    command.for = span
  }
  return command as unknown as Command
}

function parsePermit(fields: Fields, { ts, by }: { ts: Instant; by: string }): PermitCommand | string {
  const { permit, site, state, limit } = fields
  if (typeof permit !== 'string' || permit === '') return '`permit` is not the name of a permit'
  if (typeof site !== 'string') return '`site` is not a string'
  if (state !== undefined && state !== 'open' && state !== 'closed') return '`state` is neither open nor closed'
  if (limit !== undefined && typeof limit !== 'number') return '`limit` is not a number'
  const command: Record<string, unknown> = { command: 'permit', permit, site, by, ts, state: state ?? 'open' }
  if (limit !== undefined) command.limit = limit
  for (const key of ['area', 'machine', 'person'] as const) {
    if (fields[key] === undefined) continue
    if (typeof fields[key] !== 'string') return `\`${key}\` is not a string`
    command[key] = fields[key]
  }
  for (const key of ['from', 'until', 'tested'] as const) {
    if (fields[key] === undefined) continue
    const at = parseInstant(fields[key])
    if (at === undefined) return `\`${key}\` is neither ISO 8601 with an offset nor integer milliseconds`
    command[key] = at
  }
  return command as unknown as PermitCommand
}
