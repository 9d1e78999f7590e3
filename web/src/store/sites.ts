/** Sites as a fold over snapshots and the stream's events. */
import type { AreaBody, SiteView } from '../api/types.ts'

/** Replaces the sites that changed, in their places; one not known yet goes to the end. What is older than known changes nothing. */
export function applyCounts(sites: readonly SiteView[] | undefined, changed: readonly SiteView[]): readonly SiteView[] {
  const fresh = new Map(changed.map((site) => [site.site, site]))
  const next = (sites ?? []).map((site) => {
    const found = fresh.get(site.site)
    fresh.delete(site.site)
    return found && Date.parse(found.at) >= Date.parse(site.at) ? found : site
  })
  return [...next, ...fresh.values()]
}

export interface AreaRow {
  readonly area: AreaBody
  /** 0 for the outermost. */
  readonly depth: number
}

/** Areas in the order of a tree read from the top, siblings as declared. An unknown parent makes a root. */
export function areaTree(areas: readonly AreaBody[]): readonly AreaRow[] {
  const known = new Set(areas.map((area) => area.id))
  const inside = new Map<string, AreaBody[]>()
  for (const area of areas) {
    const parent = area.in !== undefined && known.has(area.in) && area.in !== area.id ? area.in : ''
    inside.set(parent, [...(inside.get(parent) ?? []), area])
  }
  const rows: AreaRow[] = []
  const walk = (parent: string, depth: number) => {
    for (const area of inside.get(parent) ?? []) {
      rows.push({ area, depth })
      walk(area.id, depth + 1)
    }
  }
  walk('', 0)
  return rows
}

/** Persons over the limit; 0 where there is none. */
export function over({ count, limit }: Pick<AreaBody, 'count' | 'limit'>): number {
  return limit === undefined ? 0 : Math.max(0, count - limit)
}

/** The areas a card shows: over the limit first, then unwatched work, then as declared; fullness does not reorder, so that cards stay calm. */
export function pressing(areas: readonly AreaBody[]): readonly AreaBody[] {
  const weight = (area: AreaBody) => (over(area) > 0 ? 2 : 0) + (area.monitoring === 'unwatched' ? 1 : 0)
  return areas
    .filter((area) => area.limit !== undefined || area.monitoring === 'unwatched')
    .map((area, index) => ({ area, index }))
    .sort((a, b) => weight(b.area) - weight(a.area) || a.index - b.index)
    .map(({ area }) => area)
}
