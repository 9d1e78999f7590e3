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
    for (const { sparkplug, what } of carriers) {
      const named = Object.hasOwn(sparkplug.points, name) ? sparkplug.points[name] : undefined
      if (named === undefined || named === point.id) continue
      problems.error(place, `metric "${name}" is point "${named}" by \`points\` of ${what}: say it in one place`)
    }
  }
}

function carriersOf({ mqtt, sources }: Settings): { what: string; sparkplug: SparkplugSettings }[] {
  const clients = sources.flatMap(({ name, settings }) => {
    const { sparkplug } = settings as { sparkplug?: SparkplugSettings }
    return sparkplug ? [{ what: `source "${name}"`, sparkplug }] : []
  })
  return mqtt.enabled ? [{ what: '`mqtt`', sparkplug: mqtt.sparkplug }, ...clients] : clients
}
