/** Davylamp's words in OPC UA's: severities, states of conditions, status codes. Pure. */
import type { Severity, Transition } from '../../model/alarm.ts'
import type { Reading } from '../../model/reading.ts'
import type { ConditionState, Plant, PlantPoint } from './protocol.ts'

/** OPC UA's 1 to 1000, in its own classes: high 667 and up, medium 334 and up. */
export const SEVERITY: Readonly<Record<Severity, number>> = { critical: 900, major: 700, minor: 400, notice: 200 }

/** Of a transition as it may be shown; `of` is the alarm's own id. Whether it asks for confirmation is the rule item's word. */
export function conditionOf(
  t: Transition,
  { index, confirms, of }: { index: PlantIndex; confirms: boolean; of: string },
): ConditionState {
  const { held, hush } = t
  const acked = t.to === 'acked' || t.to === 'normal' || held === 'unconfirmed'
  const place = index.place(t)
  const limit = place.point === undefined ? undefined : limitOf(t, index.plant.points[place.point]!)
  return {
    of,
    alarm: t.alarm,
    id: t.id,
    episode: t.episode,
    revision: t.revision,
    site: t.site,
    ...place,
    name: `${t.instance}/${t.key}`,
    ...(limit && { limit }),
    active: held === undefined && (t.to === 'unacked' || t.to === 'acked'),
    acked,
    // Before it is acknowledged there is nothing to confirm (OPC UA Part 9, 5.7).
    ...(confirms && { confirmed: !acked || t.to === 'normal' }),
    latched: held === 'latched',
    ...(hush?.kind === 'shelved' && {
      shelved: { ...(hush.until !== undefined && { until: hush.until }), once: hush.once === true },
    }),
    suppressed: hush?.kind === 'suppressed',
    outOfService: hush?.kind === 'out-of-service',
    retain: t.to !== 'normal',
    severity: t.severity,
    message: t.text,
    at: t.at,
    received: t.received,
    ...((t.by !== undefined || t.cause === 'raised') && { said: { by: t.by ?? '', comment: t.reason ?? '' } }),
  }
}

function limitOf(t: Transition, { limits }: PlantPoint): ConditionState['limit'] {
  if (t.rule !== 'limit') return undefined
  const level = t.key.slice(t.key.lastIndexOf(':') + 1)
  const found = limits.find((known) => known.level === level)
  if (!found) return undefined
  return found.high !== undefined ? { side: 'high', value: found.high } : { side: 'low', value: found.low! }
}

/** Finds what a transition is about. */
export interface PlantIndex {
  readonly plant: Plant
  /** The point, or the area, that the alarm is about. */
  place(t: Transition): { readonly point?: number; readonly area?: string }
}

export function indexPlant(plant: Plant): PlantIndex {
  const points = new Map(plant.points.map(({ site, id }, i) => [`${site}\n${id}`, i]))
  const areas = new Set(plant.sites.flatMap(({ id, areas }) => areas.map((area) => `${id}\n${area.id}`)))
  const hidden = new Map(plant.hidden.map(({ site, id, area }) => [`${site}\n${id}`, area]))
  const point = (site: string, id: string) => points.get(`${site}\n${id}`)
  const areaOf = (site: string, id: string) => {
    const place = point(site, id)
    return place === undefined ? hidden.get(`${site}\n${id}`) : plant.points[place]!.area
  }

  return {
    plant,
    place({ site, key, evidence }) {
      const level = key.replace(/:[^:]*$/, '')
      const named = point(site, key) ?? point(site, level)
      const seen = evidence[0]?.point.id
      const area =
        (areas.has(`${site}\n${key}`) ? key : undefined) ??
        areaOf(site, key) ??
        areaOf(site, level) ??
        (seen === undefined ? undefined : areaOf(site, seen))
      return { ...(named !== undefined && { point: named }), ...(area !== undefined && { area }) }
    },
  }
}

const BAD: Readonly<Record<string, string>> = {
  calibrating: 'BadOutOfService',
  'out-of-service': 'BadOutOfService',
  paused: 'BadOutOfService',
  fault: 'BadDeviceFailure',
  'station-fault': 'BadCommunicationError',
  'not-polled': 'BadNoCommunication',
  'over-range': 'BadOutOfRange',
}

/** The StatusCode's name of a reading; a silent point's last value is nobody's any more. */
export function statusOf({ quality, status }: Pick<Reading, 'quality' | 'status'>, silent: boolean): string {
  if (silent) return 'BadNoCommunication'
  if (quality === 'good') return 'Good'
  if (quality === 'uncertain') return 'Uncertain'
  return (status !== undefined && BAD[status]) || 'Bad'
}

const REFUSALS: Readonly<Record<string, string>> = {
  'already-acked': 'BadConditionBranchAlreadyAcked',
  'nothing-to-ack': 'BadConditionBranchAlreadyAcked',
  'nothing-to-confirm': 'BadConditionBranchAlreadyConfirmed',
  'episode-mismatch': 'BadEventIdUnknown',
  'not-acked': 'BadInvalidState',
  'still-active': 'BadInvalidState',
  'already-shelved': 'BadConditionAlreadyShelved',
  'not-shelved': 'BadConditionNotShelved',
  'shelf-too-long': 'BadShelvingTimeOutOfRange',
  'until-past': 'BadShelvingTimeOutOfRange',
  'role-too-low': 'BadUserAccessDenied',
  'shelf-statutory': 'BadUserAccessDenied',
  'comment-empty': 'BadInvalidArgument',
  'alarm-unknown': 'BadNodeIdUnknown',
}

/** The StatusCode's name of a refused command. */
export function refusalOf(code: string): string {
  return REFUSALS[code] ?? 'BadInvalidState'
}
