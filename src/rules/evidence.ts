/** Evidence in snapshots: points by name while stored, whole again once loaded. */
import type { EntryRef } from '../model/entry.ts'
import type { Json } from '../model/json.ts'
import type { Site } from '../model/site.ts'

/** The reference as a snapshot keeps it; `null` for none. A whole reading may be given. */
export function saveRef(kept: EntryRef | undefined): Json {
  if (!kept) return null
  const { point, ts, value, ref } = kept
  return [point.id, ts, value as Json, ...(ref === undefined ? [] : [ref])]
}

/** What `saveRef` kept. A point that is no longer declared stays evidence under its name. */
export function loadRef(saved: Json | undefined, site: Site): EntryRef | undefined {
  if (!Array.isArray(saved)) return undefined
  const [id, ts, value, ref] = saved as [string, number, EntryRef['value'], string?]
  const point = site.points.get(id) ?? { siteId: site.id, id }
  return ref === undefined ? { point, ts, value } : { point, ts, value, ref }
}

/** A reference out of whatever was kept of it. */
export function refOf({ point, ts, value, ref }: EntryRef): EntryRef {
  return ref === undefined ? { point, ts, value } : { point, ts, value, ref }
}

/** Whether two references are of one entry, before and after a snapshot alike. */
export function sameRef(a: EntryRef, b: EntryRef): boolean {
  return (
    a.point.id === b.point.id && a.ts === b.ts && a.ref === b.ref && JSON.stringify(a.value) === JSON.stringify(b.value)
  )
}
