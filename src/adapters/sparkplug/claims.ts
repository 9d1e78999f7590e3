/** Points that say themselves which metric they are: `sparkplug:` of a point in its site's file. */
import type { Point } from '../../model/point.ts'
import type { Site } from '../../model/site.ts'
import type { SparkplugTopic } from './topic.ts'

/** Where a metric is published. */
export type MetricPlace = Pick<SparkplugTopic, 'group' | 'edge' | 'device'> & { readonly metric: string }

export interface Claims {
  /** The point of the site that says it is this metric. */
  pointOf(site: string, place: MetricPlace): string | undefined
  /** The point, if it says which metric it is: then no other is. */
  claimant(site: string, point: string): Point | undefined
}

/** What the point says; its form was checked with its site. */
export function addressOf({ attributes }: Pick<Point, 'attributes'>): MetricPlace | undefined {
  return attributes.sparkplug as MetricPlace | undefined
}

/** One text for a metric, and another for any other: groups, nodes and devices hold no slash. */
export function keyOf({ group, edge, device, metric }: MetricPlace): string {
  return `${group}/${edge}/${device ?? ''}/${metric}`
}

/** `sites`: the configuration in force; another map after a reload. */
export function createClaims(sites: (() => ReadonlyMap<string, Site>) | undefined): Claims {
  let known: ReadonlyMap<string, Site> | undefined
  let claimed = new Map<string, Map<string, Point>>()

  function of(site: string): ReadonlyMap<string, Point> | undefined {
    const now = sites?.()
    if (now !== known) {
      known = now
      claimed = new Map()
      for (const { id, points } of now?.values() ?? []) {
        const own = new Map<string, Point>()
        for (const point of points.values()) {
          const address = addressOf(point)
          if (address) own.set(keyOf(address), point)
        }
        if (own.size > 0) claimed.set(id, own)
      }
    }
    return claimed.get(site)
  }

  return {
    pointOf: (site, place) => of(site)?.get(keyOf(place))?.id,
    claimant(site, id) {
      if (!of(site)) return undefined
      const point = known?.get(site)?.points.get(id)
      return point && addressOf(point) ? point : undefined
    },
  }
}
