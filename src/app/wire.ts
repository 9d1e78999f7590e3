/** A transition as every sink, the API and a replay write it, byte for byte the same. */
import type { Hush, Transition } from '../model/alarm.ts'
import type { EntryRef } from '../model/entry.ts'
import type { Installation } from '../model/site.ts'
import { formatInstant } from '../model/time.ts'
import type { EvidenceBody, TransitionBody } from './api/schemas.ts'
import type { HushBody } from './api/schemas-desk.ts'

/** Pure: the same transition under the same zone gives the same fields in the same order; what is undefined is left out.
 *  Times carry the site's offset, UTC where the site is no longer configured. */
export function serialiseTransition(t: Transition, installation: Pick<Installation, 'sites'>): TransitionBody {
  const zone = zoneOf(t.site, installation)
  return {
    id: t.id,
    alarm: t.alarm,
    episode: t.episode,
    revision: t.revision,
    at: formatInstant(t.at, zone),
    ...(t.since !== undefined && { since: formatInstant(t.since, zone) }),
    received: formatInstant(t.received, zone),
    site: t.site,
    rule: t.rule,
    instance: t.instance,
    ...(t.clause !== undefined && { clause: t.clause }),
    key: t.key,
    from: t.from,
    to: t.to,
    cause: t.cause,
    severity: t.severity,
    ...(t.value !== undefined && { value: t.value }),
    ...(t.limit !== undefined && { limit: t.limit }),
    text: { zh: t.text.zh, en: t.text.en },
    ...(t.by !== undefined && { by: t.by }),
    ...(t.reason !== undefined && { reason: t.reason }),
    ...(t.why && { why: { zh: t.why.zh, en: t.why.en } }),
    ...(t.held && { held: t.held }),
    ...(t.hush && { hush: serialiseHush(t.hush, zone) }),
    ...(t.chattering && { chattering: true }),
    ...(t.first && { first: true }),
    ...(t.group !== undefined && { group: t.group }),
    ...(t.desk !== undefined && { desk: t.desk }),
    ...(t.level !== undefined && { level: t.level }),
    ...(t.quiet && { quiet: true }),
    ...(t.members && { members: { count: t.members.count, alarms: [...t.members.alarms] } }),
    evidence: t.evidence.map((ref) => serialiseEvidence(ref, zone)),
  }
}

function serialiseHush({ kind, by, until, once, reason, witness }: Hush, zone: string): HushBody {
  return {
    kind,
    by,
    ...(until !== undefined && { until: formatInstant(until, zone) }),
    ...(once && { once: true }),
    ...(reason !== undefined && { reason }),
    ...(witness !== undefined && { witness }),
  }
}

/** Evidence as `{point, ts, value, ref}` with the point's id and an ISO time in `zone`. */
export function serialiseEvidence({ point, ts, value, ref }: EntryRef, zone: string): EvidenceBody {
  return { point: point.id, ts: formatInstant(ts, zone), value, ...(ref !== undefined && { ref }) }
}

/** The zone in which a site's times are written; UTC for a site that is no longer configured. */
export function zoneOf(site: string, installation: Pick<Installation, 'sites'>): string {
  return installation.sites.get(site)?.timezone ?? 'UTC'
}
