/** Names of sites and points in `davy.yaml`, wherever an adapter's settings hold them. */
import type { Site } from '../../model/site.ts'
import type { Path, YamlFile } from './document.ts'
import type { Filled } from './environment.ts'
import { type Known, unknownName } from './known.ts'
import { didYouMean } from './nearest.ts'
import type { Problems } from './problem.ts'

interface Context {
  readonly yaml: YamlFile
  readonly sites: ReadonlyMap<string, Site>
  readonly problems: Problems
  /** Every site there is, also those that are broken. */
  readonly named: Known
  /** Ids of broken points by site. */
  readonly spoilt: ReadonlyMap<string, ReadonlySet<string>>
}

/** Settings that lead from names of the field to a site: Sparkplug's groups, codes of mines. */
const LEADING_TO_SITES = ['groups', 'mines']

/** In `mqtt`, `sources`, `exports` and `forward`, `site:`, `sites:` and what leads to sites must name a site, and `point:` and `gate:` a
 *  point of the site that holds around it. */
export function checkReferences({ value, problems }: Filled, rest: Omit<Context, 'problems'>): void {
  const settings = value as Readonly<Record<string, unknown>> | null
  const context = { ...rest, problems }
  for (const part of ['mqtt', 'sources', 'exports', 'forward']) visit(settings?.[part], { ...context, path: [part] })
}

function visit(value: unknown, context: Context & { readonly path: Path; readonly site?: Site }): void {
  const { yaml, sites, problems, path, named, spoilt } = context
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) visit(item, { ...context, path: [...path, i] })
    return
  }
  if (typeof value !== 'object' || value === null) return
  const fields = value as Readonly<Record<string, unknown>>
  let { site } = context
  const check = (id: unknown, at: Path): Site | undefined => {
    // `*` stands for every site.
    if (typeof id !== 'string' || id === '*') return site
    const message = unknownName(id, { what: 'site', ...named })
    if (message !== undefined) problems.error(yaml.place([...path, ...at]), message)
    return sites.get(id)
  }
  site = check(fields.site, ['site'])
  if (Array.isArray(fields.sites)) for (const [i, id] of fields.sites.entries()) check(id, ['sites', i])
  for (const key of LEADING_TO_SITES) {
    const lead = fields[key]
    if (typeof lead !== 'object' || lead === null) continue
    for (const [name, id] of Object.entries(lead)) check(id, [key, name])
  }
  for (const key of ['point', 'gate']) {
    const id = fields[key]
    if (typeof id !== 'string' || !site || site.points.has(id) || spoilt.get(site.id)?.has(id)) continue
    const hint = didYouMean(id, site.points.keys())
    problems.error(yaml.place([...path, key]), `unknown point "${id}" of site "${site.id}"${hint}`)
  }
  for (const [key, item] of Object.entries(fields)) {
    visit(item, { ...context, path: [...path, key], ...(site && { site }) })
  }
}
