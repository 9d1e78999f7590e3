/** Names of sites and points in `davy.yaml`, wherever an adapter's settings hold them. */
import type { Site } from '../../model/site.ts'
import type { Path, YamlFile } from './document.ts'
import { didYouMean } from './nearest.ts'
import type { Problems } from './problem.ts'

interface Context {
  readonly yaml: YamlFile
  readonly sites: ReadonlyMap<string, Site>
  readonly problems: Problems
  /** Ids of every site there is, also of those that are broken. */
  readonly named: ReadonlySet<string>
  /** Ids of broken points by site. */
  readonly spoilt: ReadonlyMap<string, ReadonlySet<string>>
}

/** In `mqtt.users`, `sources` and `exports`, `site:` must name a site, and `point:` a point of the site that holds around it. */
export function checkReferences(yaml: YamlFile, { sites, problems, named, spoilt }: Omit<Context, 'yaml'>): void {
  const settings = yaml.value as { mqtt?: { users?: unknown }; sources?: unknown; exports?: unknown } | null
  const context = { yaml, sites, problems, named, spoilt }
  visit(settings?.mqtt?.users, { ...context, path: ['mqtt', 'users'] })
  visit(settings?.sources, { ...context, path: ['sources'] })
  visit(settings?.exports, { ...context, path: ['exports'] })
}

function visit(value: unknown, context: Context & { readonly path: Path; readonly site?: Site }): void {
  const { yaml, sites, problems, path, named, spoilt } = context
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) visit(item, { ...context, path: [...path, i] })
    return
  }
  if (typeof value !== 'object' || value === null) return
  let { site } = context
  const { site: siteId, point } = value as { site?: unknown; point?: unknown }
  // `*` stands for every site.
  if (typeof siteId === 'string' && siteId !== '*') {
    site = sites.get(siteId)
    if (!site && !named.has(siteId))
      problems.error(yaml.place([...path, 'site']), `unknown site "${siteId}"${didYouMean(siteId, named)}`)
  }
  if (typeof point === 'string' && site && !site.points.has(point) && !spoilt.get(site.id)?.has(point)) {
    const hint = didYouMean(point, site.points.keys())
    problems.error(yaml.place([...path, 'point']), `unknown point "${point}" of site "${site.id}"${hint}`)
  }
  for (const [key, item] of Object.entries(value)) {
    visit(item, { ...context, path: [...path, key], ...(site && { site }) })
  }
}
