/** `points` of whoever carries Sparkplug: each name is a metric's, and each point is there, at the site of the metric's group. */
import { siteOf } from '../../adapters/sparkplug/mapping.ts'
import type { Site } from '../../model/site.ts'
import type { Path, YamlFile } from './document.ts'
import type { Filled } from './environment.ts'
import type { Known } from './known.ts'
import { didYouMean } from './nearest.ts'

interface Context {
  readonly yaml: YamlFile
  readonly sites: ReadonlyMap<string, Site>
  /** Every site there is, also those that are broken. */
  readonly named: Known
  /** Ids of broken points by site. */
  readonly spoilt: ReadonlyMap<string, ReadonlySet<string>>
}

/** A site that `groups` names is looked at where it is named. */
export function checkSparkplugNames({ value, problems }: Filled, { yaml, sites, named, spoilt }: Context): void {
  for (const [under, sparkplug] of carriersIn(value)) {
    const groups = mapOf(sparkplug.groups) as Readonly<Record<string, string>>
    for (const [name, id] of Object.entries(mapOf(sparkplug.points))) {
      const say = (message: string, what: 'key' | 'value') =>
        problems.error(yaml.place([...under, 'points', name], what), message)
      const [group = '', ...rest] = name.split('/')
      if (rest.length < 2) {
        say('a metric is named as group/edge/device/metric, or group/edge/metric of the node itself', 'key')
        continue
      }
      const called = siteOf(group, { groups })
      const site = sites.get(called)
      const known = Object.hasOwn(groups, group) || [...named.names].includes(called) || named.maybe?.(called)
      if (!known) say(`Sparkplug group "${group}" is no site: name it in \`groups\``, 'key')
      if (!site || typeof id !== 'string' || site.points.has(id) || spoilt.get(called)?.has(id)) continue
      say(`unknown point "${id}" of site "${called}"${didYouMean(id, site.points.keys())}`, 'value')
    }
  }
}

type Fields = Readonly<Record<string, unknown>>

/** Each `sparkplug:` of davy.yaml with its path. */
function* carriersIn(value: unknown): Generator<[Path, Fields]> {
  const { mqtt, sources } = mapOf(value)
  yield [['mqtt', 'sparkplug'], mapOf(mapOf(mqtt).sparkplug)]
  for (const [i, source] of (Array.isArray(sources) ? sources : []).entries()) {
    yield [['sources', i, 'sparkplug'], mapOf(mapOf(source).sparkplug)]
  }
}

/** Nothing where the file has something else. */
function mapOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}
