/** Evidence in snapshots: points by name while stored, whole again once loaded. */
import type { EntryRef } from '../model/entry.ts'
import type { Json } from '../model/json.ts'
import type { Site } from '../model/site.ts'
import type { Instant } from '../model/time.ts'

/** What a rule keeps of a reading: `ts` as it was judged by, and the device's own time where that ran ahead of arrival. */
export interface KeptRef extends EntryRef {
  readonly claimed?: Instant
}

/** The reference as a snapshot keeps it; `null` for none. A whole reading may be given. */
export function saveRef(kept: KeptRef | undefined): Json {
  if (!kept) return null
  const { point, ts, value, ref, claimed } = kept
  const saved = [point.id, ts, value as Json]
  if (claimed !== undefined) return [...saved, ref ?? null, claimed]
  return ref === undefined ? saved : [...saved, ref]
}

/** What `saveRef` kept. A point that is no longer declared stays evidence under its name. */
export function loadRef(saved: Json | undefined, site: Site): KeptRef | undefined {
  if (!Array.isArray(saved)) return undefined
  const [id, ts, value, ref, claimed] = saved as [string, number, EntryRef['value'], (string | null)?, number?]
  const point = site.points.get(id) ?? { siteId: site.id, id }
  return {
    point,
    ts,
    value,
    ...(ref !== undefined && ref !== null && { ref }),
    ...(claimed !== undefined && { claimed }),
  }
}

/** A reference out of whatever was kept of it, in the device's own time. */
export function refOf({ point, ts, value, ref, claimed }: KeptRef): EntryRef {
  return ref === undefined ? { point, ts: claimed ?? ts, value } : { point, ts: claimed ?? ts, value, ref }
}

/** Whether two references are of one entry, before and after a snapshot alike. */
export function sameRef(a: KeptRef, b: KeptRef): boolean {
  return (
    a.point.id === b.point.id &&
    (a.claimed ?? a.ts) === (b.claimed ?? b.ts) &&
    a.ref === b.ref &&
    JSON.stringify(a.value) === JSON.stringify(b.value)
  )
}
