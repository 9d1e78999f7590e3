/** How a trace is worded: one line an input, indented lines for what came of it. */
import type { Transition } from '../../model/alarm.ts'
import type { LinkCommand, PermitCommand } from '../../model/command.ts'
import type { Move } from '../../model/crew.ts'
import { matchAreas, matchPoints } from '../../model/match.ts'
import type { Reading } from '../../model/reading.ts'
import type { Rule, RuleInstance, Stated } from '../../model/rule.ts'
import type { Installation, Site } from '../../model/site.ts'
import { formatDuration, formatInstant, type Instant } from '../../model/time.ts'
import type { Fold } from '../fold.ts'
import type { Followed } from './followed.ts'
import { groundsOf } from './grounds.ts'

export function readingLine({ point, value, quality, status, ts, received, timing }: Reading): string {
  const zone = point.site.timezone
  const lag = received - ts
  const came =
    lag === 0
      ? ''
      : lag > 0
        ? `, ${formatDuration(lag)} after it was measured`
        : `, ${formatDuration(-lag)} ahead of its time`
  const means = { good: '', uncertain: 'may raise, never clears', bad: 'neither raises nor clears' }[quality]
  const worth = [quality, status, timing === 'live' ? undefined : timing].filter(Boolean).join(' ')
  return `${formatInstant(ts, zone)}  ${point.id} = ${JSON.stringify(value)} (${worth}${came}${means && `; ${means}`})`
}

export function lateLine(reading: Reading): string {
  return `${readingLine(reading)}\n    late: recorded, but not used live; judged again when the backlog is in`
}

export function moveLine({ member, from, to, ts }: Move, site: Site): string {
  return `${formatInstant(ts, site.timezone)}  ${member.id} moves from ${from?.id ?? 'outside'} to ${to?.id ?? 'outside'}`
}

export function permitLine({ permit, state, by, ts }: PermitCommand, site: Site): string {
  return `${formatInstant(ts, site.timezone)}  permit ${permit} ${state ?? 'open'} by ${by}`
}

export function linkLine({ source, state, reason, ts }: LinkCommand, site: Site): string {
  return `${formatInstant(ts, site.timezone)}  source ${source} is ${state}${reason === undefined ? '' : `: ${reason}`}`
}

export function wakeLine(now: Instant, zone: string): string {
  return `${formatInstant(now, zone)}  the clock`
}

const TRUTHS = { active: 'it is so', inactive: 'it is not so', unknown: 'it cannot be told' } as const

export function saidLine({ key, truth, at, value, limit, text, elapsed }: Stated, zone: string): string {
  const numbers = [value === undefined ? '' : `value ${value}`, limit === undefined ? '' : `limit ${limit}`]
  const found = numbers.filter(Boolean).join(', ')
  const waited = elapsed ? ', after its own wait' : ''
  return `    says of ${key}: ${TRUTHS[truth]} (${truth}) at ${formatInstant(at, zone)}${waited}${found && `, ${found}`}: ${text.en}`
}

/** What the desk waits for; empty where it waits for nothing. */
export function pendingLine({ site, zone, instance, key }: Followed, { desk }: Fold): string {
  const pending = desk.find(`${site}/${instance.id}/${key}`)?.pending
  if (!pending) return ''
  const { event, since, delay } = pending
  const name = event === 'raise' ? 'raiseAfter' : 'clearAfter'
  return `    ${key} waits to ${event}: ${name} ${formatDuration(delay)} since ${formatInstant(since, zone)}, due ${formatInstant(since + delay, zone)}`
}

export function transitionLine({ id, cause, at, from, to, severity, reason }: Transition, zone: string): string {
  const why = reason === undefined ? '' : ` (${reason})`
  return `    => ${cause} at ${formatInstant(at, zone)}: ${from} to ${to}, ${severity}${why}  ${id}`
}

interface Ended {
  readonly key: string | undefined
  readonly spec: string
  readonly instances: ReadonlySet<RuleInstance>
  readonly installation: Installation
  readonly followed: readonly Followed[]
  readonly fold: Fold
  readonly rules: ReadonlyMap<string, Rule>
  /** Inputs shown. */
  readonly seen: number
}

/** Why each key is, or is not, an alarm where the input ends. */
export function summary(ended: Ended): readonly string[] {
  const { key, spec, followed, fold, seen } = ended
  const end = formatInstant(fold.now(), followed[0]?.zone ?? [...ended.installation.sites.values()][0]?.timezone)
  const head = `-- ${spec}: ${seen} input${seen === 1 ? '' : 's'} seen, the clock ends at ${end}`
  if (followed.length > 0) return [head, ...followed.map((one) => verdict(one, fold))]
  const grounds = key === undefined ? [] : groundsOf({ ...ended, key })
  if (seen > 0) {
    return [
      head,
      `-- the rule said nothing of ${key ?? 'anything'}: nothing it saw was against it, or nothing it could judge by was good`,
      ...grounds,
    ]
  }
  return [head, `-- nothing that concerns ${key ?? 'it'} came in. ${watches(ended)}`, ...grounds]
}

function verdict({ site, zone, instance, key, last }: Followed, { desk, now }: Fold): string {
  const node = desk.find(`${site}/${instance.id}/${key}`)
  const name = `-- ${site}/${instance.id}/${key}:`
  if (!node || (node.episode === 0 && !node.pending)) return `${name} never an alarm: ${ending(last)}`
  const { pending, state, held, shelved, outOfService, suppressed } = node
  const hushed = [shelved && 'shelved', outOfService && 'out of service', suppressed && 'suppressed']
    .filter(Boolean)
    .join(' and ')
  const hidden = hushed === '' ? '' : `; ${hushed}, so people are not told`
  if (pending?.event === 'raise') {
    const due = pending.since + pending.delay
    const wait =
      due > now()
        ? `the clock ends ${formatDuration(due - now())} before that: run on with --until`
        : "the site's news is not complete up to then"
    return `${name} not yet an alarm: it must hold to ${formatInstant(due, zone)}, and ${wait}${hidden}`
  }
  if (pending?.event === 'clear') {
    return `${name} still an alarm: it must stay over to ${formatInstant(pending.since + pending.delay, zone)}${hidden}`
  }
  const active = state === 'unacked' || state === 'acked'
  if (active) return `${name} an alarm since ${formatInstant(node.raised, zone)} (${held ?? state})${hidden}`
  return `${name} no alarm any more (${state}, ${node.episode} so far): ${ending(last)}${hidden}`
}

function ending(last: Stated | undefined): string {
  if (!last) return 'the rule said nothing of it'
  if (last.truth === 'active') return 'what it said did not hold for its delay'
  return last.text.en
}

function watches({ instances, installation, rules }: Ended): string {
  const found = [...instances].flatMap((instance) => {
    const rule = rules.get(instance.rule)!
    return [...installation.sites.values()].flatMap((site) =>
      rule.matches === 'areas'
        ? matchAreas(site, instance.match).map(({ id }) => `${site.id}: area ${id}`)
        : matchPoints(site, instance.match, rule.watches).map(({ id }) => `${site.id}: ${id}`),
    )
  })
  if (found.length === 0) return 'Its `match` finds nothing at any site'
  return `It watches ${found.slice(0, 8).join(', ')}${found.length > 8 ? ` and ${found.length - 8} more` : ''}`
}
