/** Second stage of the door: which site and point a message is about. */
import type { Point } from '../model/point.ts'
import type { Installation, Site } from '../model/site.ts'
import { describe, type Refusal, refuse } from './refusal.ts'

/** What a topic stands for. Without `point`, each reading names its own. */
export interface Target {
  readonly site: Site
  readonly point?: Point
}

/** A JSON object, not yet looked at. */
export type Raw = Readonly<Record<string, unknown>>

const PREFIX = 'davy/v1/'

/** The topic that takes readings of every point of a site. */
export function siteTopic(site: Site): string {
  return PREFIX + site.id
}

/** Finds a topic's target; each topic is taken apart once. Only topics of configured points are kept, so strangers' cannot fill the memory. */
export function createResolver(installation: Installation): (topic: string) => Target | Refusal {
  const targets = new Map<string, Target>()
  return (topic) => {
    const known = targets.get(topic)
    if (known) return known
    const target = parse(topic, installation)
    if (!('code' in target)) targets.set(topic, target)
    return target
  }
}

function parse(topic: string, installation: Installation): Target | Refusal {
  if (!topic.startsWith(PREFIX)) return refuse('topic-unknown', `topic ${describe(topic)}`)
  const slash = topic.indexOf('/', PREFIX.length)
  const siteId = topic.slice(PREFIX.length, slash < 0 ? undefined : slash)
  if (siteId === '' || slash === topic.length - 1) return refuse('topic-unknown', `topic ${describe(topic)}`)
  const site = siteOf(installation, siteId)
  if ('code' in site) return site
  if (slash < 0) return { site }
  const point = pointOf(site, topic.slice(slash + 1))
  return 'code' in point ? point : { site, point }
}

/** The configured site of that name. */
export function siteOf(installation: Installation, name: unknown): Site | Refusal {
  const site = typeof name === 'string' ? installation.sites.get(name) : undefined
  return site ?? refuse('site-unknown', `site ${describe(name)}`)
}

function pointOf(site: Site, name: unknown): Point | Refusal {
  const point = typeof name === 'string' ? site.points.get(name) : undefined
  if (point) return point
  const of = `of site ${site.id}`
  return refuse('point-unknown', name === undefined ? `no point ${of} is named` : `point ${describe(name)} ${of}`)
}

/** The point of one reading: the topic's, or the one it names; what it names must not contradict the topic. */
export function identify(raw: Raw, { site, point }: Target): Point | Refusal {
  const siteNamed = raw.site ?? site.id
  if (siteNamed !== site.id) {
    return refuse('topic-mismatch', `site ${describe(siteNamed)} under the topic of ${site.id}`)
  }
  if (!point) return pointOf(site, raw.point)
  const pointNamed = raw.point ?? point.id
  if (pointNamed !== point.id) {
    return refuse('topic-mismatch', `point ${describe(pointNamed)} under the topic of ${point.id}`)
  }
  return point
}
