/** Reads an operator's command as a replay's line or the API gives it. */
import type { Attachment } from '../model/alarm.ts'
import {
  ALARM_COMMANDS,
  type AlarmCommandName,
  type Command,
  type HandoverCommand,
  LINK_STATES,
  type LinkCommand,
  PERMIT_GRADES,
  type PermitCommand,
  type PermitGrade,
  WINDOW_COMMANDS,
  type WindowCommand,
} from '../model/command.ts'
import { DAY, type Duration, EARLIEST, type Instant, LATEST, parseDuration, parseInstant } from '../model/time.ts'
import { parseHazardCommand } from './hazard-command.ts'

type Fields = Readonly<Record<string, unknown>>

/** Longer than any maintenance; what would not fit into a date is refused with it. */
const LONGEST: Duration = 3_660 * DAY

const TEXTS = ['reason', 'text', 'to', 'witness'] as const
const LONGEST_TEXT = 4_000

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
  if (name === 'handover') return parseHandover(fields, { ts, by })
  if (WINDOW_COMMANDS.includes(name as WindowCommand['command'])) return parseWindow(fields, { ts, by })
  if (!ALARM_COMMANDS.includes(name as AlarmCommandName)) {
    const known = [...ALARM_COMMANDS, ...WINDOW_COMMANDS, 'handover', 'permit', 'link', 'hazard']
    return `unknown command ${JSON.stringify(name)}; known are ${known.join(', ')}`
  }
  if (typeof fields.alarm !== 'string') return '`alarm` is not a string'
  const command: Record<string, unknown> = { command: name, alarm: fields.alarm, by, ts }
  for (const key of TEXTS) {
    const value = fields[key]
    if (value === undefined) continue
    if (typeof value !== 'string' || value.length > LONGEST_TEXT)
      return `\`${key}\` is not a string of at most ${LONGEST_TEXT} characters`
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
  if (fields.once !== undefined) {
    if (typeof fields.once !== 'boolean') return '`once` is neither true nor false'
    command.once = fields.once
  }
  if (fields.attachment !== undefined) {
    if (!isAttachment(fields.attachment)) return '`attachment` has not a `name`, `sha256`, `size` and `mediaType`'
    const { name: file, sha256, size, mediaType } = fields.attachment
    command.attachment = { name: file, sha256, size, mediaType }
  }
  return command as unknown as Command
}

function isAttachment(raw: unknown): raw is Attachment {
  if (typeof raw !== 'object' || raw === null) return false
  const { name, sha256, size, mediaType } = raw as Fields
  const named = [name, mediaType].every((text) => typeof text === 'string' && text !== '' && text.length <= 200)
  const sized = typeof size === 'number' && Number.isSafeInteger(size) && size >= 0
  return named && sized && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)
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
  if (!LINK_STATES.includes(state as LinkCommand['state'])) return `\`state\` is none of ${LINK_STATES.join(', ')}`
  if (reason !== undefined && typeof reason !== 'string') return '`reason` is not a string'
  return {
    command: 'link',
    site,
    source,
    state: state as LinkCommand['state'],
    by,
    ts,
    ...(reason !== undefined && { reason: reason.slice(0, 2_000) }),
  }
}

/** Who gives a command, and when. */
interface Given {
  readonly ts: Instant
  readonly by: string
}

/** A text that must be there; `undefined` where it is not. */
function wanted(raw: unknown): string | undefined {
  return typeof raw === 'string' && raw !== '' && raw.length <= 2_000 ? raw : undefined
}

function parseHandover({ desk, outgoing, incoming, text }: Fields, { ts, by }: Given): HandoverCommand | string {
  const [at, from, to] = [wanted(desk), wanted(outgoing), wanted(incoming)]
  if (at === undefined || from === undefined || to === undefined) {
    return '`desk`, `outgoing` and `incoming` are not all texts of at most 2000 characters'
  }
  if (typeof text !== 'string' || text.length > 2_000) return '`text` is not a string of at most 2000 characters'
  return { command: 'handover', desk: at, outgoing: from, incoming: to, text, by, ts }
}

function parseWindow(fields: Fields, { ts, by }: Given): WindowCommand | string {
  const { points } = fields
  const [window, site, witness] = [wanted(fields.window), wanted(fields.site), wanted(fields.witness)]
  if (window === undefined || site === undefined || witness === undefined) {
    return '`window`, `site` and `witness` are not all texts of at most 2000 characters'
  }
  const from = fields.from === undefined ? ts : instantOf(fields.from)
  if (from === undefined) return `\`from\` ${NO_INSTANT}`
  const until = instantOf(fields.until)
  if (until === undefined) return `\`until\` ${NO_INSTANT}`
  if (points !== undefined && !(Array.isArray(points) && points.every((point) => wanted(point) !== undefined))) {
    return '`points` is not a list of points'
  }
  for (const key of ['area', 'reason'] as const) {
    if (fields[key] !== undefined && wanted(fields[key]) === undefined) return `\`${key}\` is not a text`
  }
  return {
    command: fields.command as WindowCommand['command'],
    window,
    site,
    from,
    until,
    by,
    witness,
    ts,
    ...(points !== undefined && { points: points as readonly string[] }),
    ...(fields.area !== undefined && { area: fields.area as string }),
    ...(fields.reason !== undefined && { reason: fields.reason as string }),
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
