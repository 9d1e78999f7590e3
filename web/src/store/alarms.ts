/** Standing alarms as a fold over snapshots and transitions; arriving twice, late or out of order changes nothing. */
import { type AlarmBody, type AlarmState, SEVERITIES, type Severity, type TransitionBody } from '../api/types.ts'

export type Alarms = ReadonlyMap<string, AlarmBody>

type Step = Pick<TransitionBody, 'episode' | 'revision'>

const after = (a: Step, b: Step): boolean => (a.episode === b.episode ? a.revision > b.revision : a.episode > b.episode)

/** Newer steps replace, known ones are left; an alarm back to normal is no longer standing. */
export function applyTransitions(alarms: Alarms, transitions: readonly TransitionBody[]): Alarms {
  let next: Map<string, AlarmBody> | undefined
  for (const t of transitions) {
    const now = next ?? alarms
    const known = now.get(t.alarm)
    if (known && !after(t, known.last)) continue
    if (!known && t.to === 'normal') continue
    next ??= new Map(alarms)
    if (t.to === 'normal') next.delete(t.alarm)
    else next.set(t.alarm, advanced(known, t))
  }
  return next ?? alarms
}

function advanced(known: AlarmBody | undefined, t: TransitionBody): AlarmBody {
  const same = known?.episode === t.episode ? known : undefined
  const cleared = t.cause === 'cleared' ? t.at : same?.cleared
  return {
    alarm: t.alarm,
    episode: t.episode,
    state: t.to,
    severity: t.severity,
    raised: same?.raised ?? t.at,
    ...(cleared === undefined ? {} : { cleared }),
    last: t,
  }
}

/** A fetched list, and the transitions that came in while it was under way. */
export function fromSnapshot(items: readonly AlarmBody[], meanwhile: readonly TransitionBody[]): Alarms {
  const alarms = new Map<string, AlarmBody>()
  for (const item of items) if (item.state !== 'normal') alarms.set(item.alarm, item)
  return applyTransitions(alarms, meanwhile)
}

/** Acknowledgements that the stream has not answered yet: a step that needs none any more is the answer. */
export function settlePending(
  pending: ReadonlySet<string>,
  transitions: readonly TransitionBody[],
): ReadonlySet<string> {
  return without(
    pending,
    transitions.filter((t) => t.cause === 'acked' || t.to === 'acked' || t.to === 'normal').map((t) => t.alarm),
  )
}

export function without(pending: ReadonlySet<string>, alarms: readonly string[]): ReadonlySet<string> {
  if (!alarms.some((alarm) => pending.has(alarm))) return pending
  const next = new Set(pending)
  for (const alarm of alarms) next.delete(alarm)
  return next
}

interface Handled {
  readonly state: AlarmState
  readonly last: Pick<TransitionBody, 'held'>
}

/** One that waits for confirmation looks returned, but has been acknowledged. */
export const needsAck = ({ state, last: { held } }: Handled): boolean =>
  state === 'unacked' || (state === 'rtn-unacked' && held !== 'unconfirmed')

/** Of alarms as they were shown, those that still wait as they were: an episode begun since has been seen by nobody. */
export const asSeen = (shown: readonly AlarmBody[], now: Alarms | undefined): readonly string[] =>
  shown.filter(({ alarm, episode }) => now?.get(alarm)?.episode === episode).map(({ alarm }) => alarm)

/** Its rule asks somebody to confirm that what was wrong has been put right. */
export const needsConfirm = ({ last: { held } }: Handled): boolean => held === 'unconfirmed'

/** Latched (锁存): its condition is over, and it stands until it is reset. */
export const mayReset = ({ state, last: { held } }: Handled): boolean => held === 'latched' && state === 'acked'

const RANK: Readonly<Record<Severity, number>> = { critical: 0, major: 1, minor: 2, notice: 3 }
export const rank = (severity: Severity): number => RANK[severity]

/** Of the severities given, the worst. */
export function worst(severities: Iterable<Severity | undefined>): Severity | undefined {
  const found = new Set(severities)
  return SEVERITIES.find((severity) => found.has(severity))
}

const TURN: Readonly<Record<AlarmState, number>> = { unacked: 0, acked: 1, 'rtn-unacked': 3, normal: 4 }

/** A latched alarm (锁存) looks active and is over; of what is kept from people nobody is called to do anything. */
const turn = ({ state, last: { held, hush } }: AlarmBody): number => (hush ? 5 : held === 'latched' ? 2 : TURN[state])

/** The order of a duty desk (ISA-18.2): what holds before what has returned, unacknowledged before acknowledged, what is kept from people last; within each worst first, then newest. A returned critical is over: it waits to be acknowledged, not for help. */
export function byUrgency(a: AlarmBody, b: AlarmBody): number {
  return (
    turn(a) - turn(b) ||
    rank(a.severity) - rank(b.severity) ||
    Date.parse(b.raised) - Date.parse(a.raised) ||
    (a.alarm < b.alarm ? -1 : 1)
  )
}

export interface AlarmFilter {
  readonly text?: string
  readonly site?: string
  readonly severity?: string
  readonly state?: string
  readonly rule?: string
  /** A duty desk; for what stands, with the tree at hand. */
  readonly desk?: string
}

/** Whether an alarm is among those asked for; the text is looked for in both languages, the id and the site's names. */
export function matches(alarm: AlarmBody, filter: AlarmFilter, siteName = ''): boolean {
  const { last } = alarm
  if (filter.site && last.site !== filter.site) return false
  if (filter.severity && alarm.severity !== filter.severity) return false
  if (filter.state && alarm.state !== filter.state) return false
  if (filter.rule && last.rule !== filter.rule) return false
  if (!filter.text) return true
  const hay = `${last.text.zh} ${last.text.en} ${alarm.alarm} ${last.rule} ${siteName}`.toLowerCase()
  return filter.text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word))
}
