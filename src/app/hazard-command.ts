/** Reads a hazard command as a replay's line or the API gives it. */
import {
  HAZARD_ACTIONS,
  HAZARD_GRADES,
  type HazardAction,
  type HazardCommand,
  SUPERVISION_LEVELS,
  siteOfHazard,
} from '../model/hazard.ts'
import { EARLIEST, type Instant, LATEST, parseInstant } from '../model/time.ts'

type Fields = Readonly<Record<string, unknown>>

const LONGEST_TEXT = 2_000
/** Attachments that one rectification may name. */
const MOST_EVIDENCE = 50

/** The command, or in words what is wrong with it. */
export function parseHazardCommand(fields: Fields, { ts, by }: { ts: Instant; by: string }): HazardCommand | string {
  const command: Record<string, unknown> = { command: 'hazard', action: fields.action, by, ts }
  const opening = fields.action === 'open'
  if (!opening && !HAZARD_ACTIONS.includes(fields.action as HazardAction)) {
    return `\`action\` is none of ${['open', ...HAZARD_ACTIONS].join(', ')}`
  }
  const flaw = (opening ? readReport : readDeed)(fields, command) ?? readTimes(fields, command)
  return flaw ?? (command as unknown as HazardCommand)
}

function readReport(fields: Fields, command: Record<string, unknown>): string | undefined {
  const { site, source, grade, text } = fields
  if (typeof site !== 'string') return '`site` is not a string'
  if (source !== 'inspection' && source !== 'report') return '`source` is neither inspection nor report'
  if (!HAZARD_GRADES.includes(grade as never)) return `\`grade\` is none of ${HAZARD_GRADES.join(', ')}`
  const words = typeof text === 'string' ? { zh: text, en: text } : (text as Fields | undefined)
  if (!isText(words?.zh) || !isText(words?.en)) return `\`text\` is not a text of at most ${LONGEST_TEXT} characters`
  Object.assign(command, { site, source, grade, text: { zh: words.zh, en: words.en } })
  return readTexts(fields, { command, keys: ['area', 'clause', 'external', 'owner'] })
}

function readDeed(fields: Fields, command: Record<string, unknown>): string | undefined {
  const { hazard, evidence, level } = fields
  if (typeof hazard !== 'string') return '`hazard` is not a string'
  Object.assign(command, { hazard, site: siteOfHazard(hazard) })
  if (evidence !== undefined) {
    const list = Array.isArray(evidence) && evidence.length <= MOST_EVIDENCE ? (evidence as readonly unknown[]) : []
    if (list.length === 0 || !list.every((sum) => typeof sum === 'string' && /^[0-9a-f]{64}$/.test(sum))) {
      return `\`evidence\` is not a list of 1 to ${MOST_EVIDENCE} SHA-256 sums in lower-case hex`
    }
    command.evidence = list
  }
  if (level !== undefined) {
    if (!SUPERVISION_LEVELS.includes(level as never)) return `\`level\` is none of ${SUPERVISION_LEVELS.join(', ')}`
    command.level = level
  }
  return readTexts(fields, { command, keys: ['text', 'reason', 'to', 'order'] })
}

function readTexts(
  fields: Fields,
  { command, keys }: { command: Record<string, unknown>; keys: readonly string[] },
): string | undefined {
  for (const key of keys) {
    if (fields[key] === undefined) continue
    if (!isText(fields[key])) return `\`${key}\` is not a text of at most ${LONGEST_TEXT} characters`
    command[key] = fields[key]
  }
  return undefined
}

function readTimes(fields: Fields, command: Record<string, unknown>): string | undefined {
  for (const key of ['deadline', 'until', 'opened']) {
    if (fields[key] === undefined) continue
    const at = parseInstant(fields[key])
    if (at === undefined || at < EARLIEST || at >= LATEST) {
      return `\`${key}\` is neither ISO 8601 with an offset nor integer milliseconds, or not of this century`
    }
    command[key] = at
  }
  return undefined
}

function isText(raw: unknown): raw is string {
  return typeof raw === 'string' && raw !== '' && raw.length <= LONGEST_TEXT
}
