/** Pages of alarms by comma lists, and one alarm with its life. */
import { ALARM_STATES, type Remark, SEVERITIES, type Transition } from '../../model/alarm.ts'
import type { EntryRef } from '../../model/entry.ts'
import type { DeliveryState } from '../../model/notification.ts'
import type { AlarmQuery, AlarmRecord } from '../../model/ports.ts'
import type { Installation } from '../../model/site.ts'
import { formatInstant, type Instant } from '../../model/time.ts'
import { isPersonal, type Masking } from '../privacy/masking.ts'
import type { Service } from '../service.ts'
import { serialiseEvidence, serialiseTransition, zoneOf } from '../wire.ts'
import { instantOf } from './context.ts'
import { deliveryBody } from './notification-views.ts'
import { Refused } from './problems.ts'
import type { AlarmDetail, AlarmList, AlarmsQuery, RemarkBody } from './schemas.ts'
import { alarmBody, isActive } from './views.ts'

const PAGE = 100
/** How many pages of the store one request may look through where most items do not match. */
const LOOKS = 20

/** A page of alarms. The store filters by one site and one rule; of several, the rest is filtered here. */
export async function listAlarms(
  service: Service,
  { query, masking }: { query: AlarmsQuery; masking: Masking | undefined },
): Promise<AlarmList> {
  const { cursor, limit = PAGE, from, to, order } = query
  const sites = namesOf(query.site)
  const rules = namesOf(query.rule)
  const state = wordsOf('state', query.state, ALARM_STATES)
  const severity = wordsOf('severity', query.severity, SEVERITIES)
  const wanted: AlarmQuery = {
    ...(state && { state }),
    ...(severity && { severity }),
    ...(sites?.length === 1 && { site: sites[0]! }),
    ...(rules?.length === 1 && { rule: rules[0]! }),
    ...(from !== undefined && { from: instantOf('from', from) }),
    ...(to !== undefined && { to: instantOf('to', to) }),
    ...(order === 'urgency' && { order }),
  }
  const fits = ({ last }: AlarmRecord) => (!sites || sites.includes(last.site)) && (!rules || rules.includes(last.rule))
  const found: AlarmRecord[] = []
  let next = cursor
  for (let looks = 0; looks < LOOKS && found.length < limit; looks++) {
    const page = await service.alarms.list({
      ...wanted,
      limit: limit - found.length,
      ...(next !== undefined && { cursor: next }),
    })
    found.push(...page.items.filter(fits))
    next = page.next
    if (next === undefined) break
  }
  const installation = service.installation()
  const items = found.map((record) => alarmBody(masking?.record(record) ?? record, installation))
  return { items, ...(next !== undefined && { next }) }
}

/** One alarm's latest episode, its whole timeline and the readings behind it, and whether they speak of people; `undefined` where
 *  no alarm was ever raised under this id. `referred`: the id was found by a reference, not asked for. */
export async function alarmDetail(
  service: Service,
  { alarm: asked, referred, masking }: { alarm: string; referred: boolean; masking: Masking | undefined },
): Promise<{ detail: AlarmDetail; personal: boolean } | undefined> {
  const alarm = masking && !referred ? await masking.find(asked) : asked
  const plain = await service.alarms.timeline(alarm)
  const timeline = masking ? plain.map((t) => masking.transition(t)) : plain
  const last = latestOf(timeline)
  // A personal alarm has its pseudonymous id only: its own must not tell that it exists.
  if (!last || (!referred && last.alarm !== asked)) return undefined
  const installation = service.installation()
  const episode = timeline.filter((t) => t.episode === last.episode)
  const zone = zoneOf(last.site, installation)
  const deliveries = await service.notifications.deliveries(alarm)
  const remarks = service.remarks(alarm)
  const detail = {
    ...alarmBody(recordOf(episode, last), installation),
    timeline: timeline.map((t) => serialiseTransition(t, installation)),
    remarks: remarksOf(masking ? remarks.map((remark) => masking.remark(remark, plain)) : remarks, zone),
    evidence: evidenceOf(episode, installation),
    deliveries: deliveries.map((delivery) =>
      deliveryBody(masking ? maskDelivery(delivery, { alarm, as: last.alarm }) : delivery, zone),
    ),
  }
  return { detail, personal: plain.some((t) => isPersonal(t, installation)) }
}

/** Without the message's id: it is a hash of ids, which trying all cards would undo. */
function maskDelivery(
  { notification: _, transition, ...delivery }: DeliveryState,
  { alarm, as }: { alarm: string; as: string },
): DeliveryState {
  return { ...delivery, transition: as + transition.slice(alarm.length) }
}

function remarksOf(remarks: readonly Remark[], zone: string): RemarkBody[] {
  return remarks.map((remark) => ({ ...remark, at: formatInstant(remark.at, zone) }))
}

/** An episode that the program does not derive any more says nothing of the one that stands. */
function latestOf(timeline: readonly Transition[]): Transition | undefined {
  const gone = new Set(timeline.filter(({ cause }) => cause === 'withdrawn').map(({ episode }) => episode))
  const last = timeline.findLast(({ episode }) => !gone.has(episode))
  return last && last.to !== 'normal' ? last : timeline.at(-1)
}

function recordOf(episode: readonly Transition[], last: Transition): AlarmRecord {
  // When it first returned to normal, unless it rose again since.
  let cleared: Instant | undefined
  for (const { to, at } of episode) cleared = isActive(to) ? undefined : (cleared ?? at)
  return {
    alarm: last.alarm,
    episode: last.episode,
    state: last.to,
    severity: last.severity,
    raised: episode[0]!.at,
    ...(cleared !== undefined && { cleared }),
    ...(last.cause === 'withdrawn' && { withdrawn: true as const }),
    last,
  }
}

function evidenceOf(episode: readonly Transition[], installation: Installation): AlarmDetail['evidence'] {
  const distinct = new Map<string, EntryRef>()
  for (const { evidence } of episode) {
    for (const ref of evidence) distinct.set(JSON.stringify([ref.point.id, ref.ts, ref.value, ref.ref]), ref)
  }
  const zone = zoneOf(episode[0]!.site, installation)
  return [...distinct.values()].map((ref) => serialiseEvidence(ref, zone))
}

/** A comma list of a query. */
export function namesOf(text: string | undefined): readonly string[] | undefined {
  return text === undefined ? undefined : text.split(',').filter((name) => name !== '')
}

/** The words of a comma list, or the problem `word-unknown`. */
export function wordsOf<W extends string>(
  name: string,
  text: string | undefined,
  allowed: readonly W[],
): W[] | undefined {
  return namesOf(text)?.map((word) => {
    const known = allowed.find((one) => one === word)
    if (known) return known
    throw new Refused('word-unknown', {
      detail: `\`${name}\`: ${JSON.stringify(word)} is none of ${allowed.join(', ')}`,
    })
  })
}
