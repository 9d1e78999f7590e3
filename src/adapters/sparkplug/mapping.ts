/** Which site and point a metric speaks for. */
import type { SparkplugSettings } from './settings.ts'
import type { SparkplugTopic } from './topic.ts'

export type MetricPlace = Pick<SparkplugTopic, 'group' | 'edge' | 'device'> & { readonly metric: string }

/** The site of a group; a group that is not named is a site. */
export function siteOf(group: string, { groups }: Pick<SparkplugSettings, 'groups'>): string {
  return (Object.hasOwn(groups, group) ? groups[group] : undefined) ?? group
}

/** The point of a metric; `undefined` where it is no reading. Whether the site declares it is for the door to say. */
export function pointOf(
  { group, edge, device, metric }: MetricPlace,
  { point, points, ignore }: Pick<SparkplugSettings, 'point' | 'points' | 'ignore'>,
): string | undefined {
  const full = [group, edge, ...(device === undefined ? [] : [device]), metric].join('/')
  if (Object.hasOwn(points, full)) return points[full]
  if (ignore.some((start) => metric.startsWith(start))) return undefined
  const names: Readonly<Record<string, string>> = { edge, device: device ?? '', metric }
  return point
    .replace(/\{(edge|device|metric)\}/g, (_, name: string) => names[name]!)
    .replace(/^\/+|\/+$/g, '')
    .replace(/\/{2,}/g, '/')
}
