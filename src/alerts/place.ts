/** Where an alarm is: the area and the point that its key names, or that its first evidence was measured at. */
import type { EntryRef } from '../model/entry.ts'
import { type Area, type Installation, type Site, within } from '../model/site.ts'

export interface Place {
  readonly area?: string
  readonly point?: string
}

/** Keys are areas, points, `point:level` or `person@area`; of any other the evidence tells the area. What is no longer configured is nowhere. */
export function placeOf({
  site,
  key,
  evidence,
}: {
  readonly site: Site
  readonly key: string
  readonly evidence: readonly EntryRef[]
}): Place {
  if (site.areas.has(key)) return { area: key }
  const point = site.points.get(key) ?? site.points.get(key.replace(/:[^:]*$/, ''))
  if (point) return { point: point.id, ...(point.area && { area: point.area.id }) }
  const at = key.slice(key.lastIndexOf('@') + 1)
  if (at !== key && site.areas.has(at)) return { area: at }
  const [first] = evidence
  const measured = first && site.points.get(first.point.id)?.area
  return measured ? { area: measured.id } : {}
}

/** The configured area, and those it lies in, from the inside out. */
export function* areasOf(installation: Installation | undefined, { site, place }: { site: string; place: Place }) {
  if (place.area === undefined) return
  for (let area = installation?.sites.get(site)?.areas.get(place.area); area; area = area.parent) yield area
}

/** Whether a place lies in an area of its site. */
export function liesIn(area: Area, place: Place): boolean {
  const own = place.area === undefined ? undefined : area.site.areas.get(place.area)
  return within(own, area)
}
