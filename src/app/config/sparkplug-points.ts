/** Points that say which Sparkplug metric they are: each metric is one point's, of a group that belongs to the point's site. */
import { addressOf, keyOf } from '../../adapters/sparkplug/claims.ts'
import { nameOf, siteOf } from '../../adapters/sparkplug/mapping.ts'
import type { SparkplugSettings } from '../../adapters/sparkplug/settings.ts'
import type { Point } from '../../model/point.ts'
import type { Origins } from './graph.ts'
import { at, type Problems } from './problem.ts'
import type { Settings } from './settings-schema.ts'

/** `settings`: absent where they are broken, and nothing can be held against them. */
export function checkSparkplugPoints(
  points: readonly Point[],
  { settings, problems, origins }: { settings: Settings | undefined; problems: Problems; origins: Origins },
): void {
  const taken = new Map<string, Point>()
  const carriers = settings && carriersOf(settings)
  for (const point of points) {
    const address = addressOf(point)
    if (!address) continue
    const place = origins.get(point)!
    const name = nameOf(address)
    const other = taken.get(keyOf(address))
    if (other) problems.error(place, `metric "${name}" is point "${other.id}" already, at ${at(origins.get(other)!)}`)
    taken.set(keyOf(address), point)
    if (!carriers) continue
    if (carriers.length === 0) {
      problems.error(place, `nobody carries Sparkplug: enable \`mqtt\`, or give an mqtt-client its \`sparkplug\``)
      continue
    }
    const sites = carriers.map(({ sparkplug }) => siteOf(address.group, sparkplug))
    if (!sites.includes(point.siteId)) {
      const to = `site "${sites[0]}", and the point is of "${point.siteId}"`
      problems.error(place, `Sparkplug group "${address.group}" is of ${to}: name it in \`groups\` of \`sparkplug\``)
    }
    for (const { sparkplug, what, metrics } of carriers) {
      const named = Object.hasOwn(sparkplug.points, name) ? sparkplug.points[name] : undefined
      if (named !== undefined && named !== point.id) {
        problems.error(place, `metric "${name}" is point "${named}" by \`points\` of ${what}: say it in one place`)
      }
      const metric = metrics.get(`${point.siteId} ${point.id}`)
      if (metric === undefined || metric === name) continue
      const other = `metric "${metric}" is point "${point.id}" by \`points\` of ${what}`
      problems.error(place, `${other}, and the point says it is "${name}": say it in one place`)
    }
  }
}

interface Carrier {
  /** In words. */
  readonly what: string
  readonly sparkplug: SparkplugSettings
  /** The metric that `points` has for a point, by site and id. */
  readonly metrics: ReadonlyMap<string, string>
}

function carriersOf({ mqtt, sources }: Settings): Carrier[] {
  const clients = sources.flatMap(({ name, settings }) => {
    const { sparkplug } = settings as { sparkplug?: SparkplugSettings }
    return sparkplug ? [carrierOf(`source "${name}"`, sparkplug)] : []
  })
  return mqtt.enabled ? [carrierOf('`mqtt`', mqtt.sparkplug), ...clients] : clients
}

function carrierOf(what: string, sparkplug: SparkplugSettings): Carrier {
  const metrics = Object.entries(sparkplug.points).map(([metric, id]) => {
    const [group = ''] = metric.split('/')
    return [`${siteOf(group, sparkplug)} ${id}`, metric] as const
  })
  return { what, sparkplug, metrics: new Map(metrics) }
}
