/** Which site and point a metric speaks for. */
import type { Claims, MetricPlace } from './claims.ts'
import type { SparkplugSettings } from './settings.ts'

/** The site of a group; a group that is not named is a site. */
export function siteOf(group: string, { groups }: Pick<SparkplugSettings, 'groups'>): string {
  return (Object.hasOwn(groups, group) ? groups[group] : undefined) ?? group
}

/** How `points` names a metric. */
export function nameOf({ group, edge, device, metric }: MetricPlace): string {
  return [group, edge, ...(device === undefined ? [] : [device]), metric].join('/')
}

/** The point of a metric, by what the point says, else by the settings; `undefined` where it is no reading. Whether the site declares it is
 *  for the door to say. */
export function pointOf(
  place: MetricPlace,
  { settings, claims }: { settings: Pick<SparkplugSettings, 'groups' | 'point' | 'points' | 'ignore'>; claims: Claims },
): string | undefined {
  const { edge, device, metric } = place
  const { point, points, ignore } = settings
  const site = siteOf(place.group, settings)
  const own = claims.pointOf(site, place)
  if (own !== undefined) return own
  const full = nameOf(place)
  if (Object.hasOwn(points, full)) return points[full]
  if (ignore.some((start) => metric.startsWith(start))) return undefined
  const names: Readonly<Record<string, string>> = { edge, device: device ?? '', metric }
  const found = point
    .replace(/\{(edge|device|metric)\}/g, (_, name: string) => names[name]!)
    .replace(/^\/+|\/+$/g, '')
    .replace(/\/{2,}/g, '/')
  // By its name alone it would be a point that says it is another metric: under its whole name it is nobody's, and refused by it.
  return claims.claimant(site, found) ? full : found
}
