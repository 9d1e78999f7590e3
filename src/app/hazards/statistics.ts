/** Hazards counted by region, sector, grade and state: from the list's counts and what the configuration knows of the sites. */
import { HAZARD_STATES, type HazardState } from '../../model/hazard.ts'
import type { HazardCount } from '../../model/hazard-store.ts'
import type { Installation } from '../../model/site.ts'

export interface HazardTotals {
  readonly total: number
  readonly byState: Readonly<Record<HazardState, number>>
  readonly byGrade: { readonly major: number; readonly general: number }
  readonly overdue: number
  readonly supervised: number
  /** Milliseconds from opening to closing; absent where none is closed. */
  readonly meanTimeToClose?: number
}

export interface HazardStatistics extends HazardTotals {
  readonly bySite: readonly (HazardTotals & { readonly site: string })[]
  /** Every region there is, and the regions it lies in. */
  readonly byRegion: readonly (HazardTotals & { readonly region: string })[]
  readonly bySector: readonly (HazardTotals & { readonly kind: string })[]
}

/** Sites that are no longer configured are counted under their own name only. */
export function hazardStatistics(counts: readonly HazardCount[], installation: Installation): HazardStatistics {
  const by = <K extends string>(name: K, keys: (count: HazardCount) => readonly string[]) => {
    const groups = new Map<string, HazardCount[]>()
    for (const count of counts) {
      for (const key of keys(count)) groups.set(key, [...(groups.get(key) ?? []), count])
    }
    return [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, group]) => ({ [name]: key, ...totals(group) }) as HazardTotals & Record<K, string>)
  }
  const site = ({ site: id }: HazardCount) => installation.sites.get(id)
  return {
    ...totals(counts),
    bySite: by('site', (count) => [count.site]),
    byRegion: by('region', (count) => regionsOf(site(count)?.region)),
    bySector: by('kind', (count) => [site(count)?.kind].filter((kind) => kind !== undefined)),
  }
}

/** `henan/xuchang` lies in `henan`. */
export function regionsOf(region: string | undefined): readonly string[] {
  const parts = region?.split('/') ?? []
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'))
}

function totals(counts: readonly HazardCount[]): HazardTotals {
  const sum = (pick: (count: HazardCount) => number) => counts.reduce((all, count) => all + pick(count), 0)
  const of = (wanted: Partial<HazardCount>) =>
    sum((count) =>
      Object.entries(wanted).every(([key, value]) => count[key as keyof HazardCount] === value) ? count.count : 0,
    )
  const closed = of({ state: 'closed' })
  return {
    total: sum(({ count }) => count),
    byState: Object.fromEntries(HAZARD_STATES.map((state) => [state, of({ state })])) as Record<HazardState, number>,
    byGrade: { major: of({ grade: 'major' }), general: of({ grade: 'general' }) },
    overdue: sum(({ overdue }) => overdue),
    supervised: sum(({ supervised }) => supervised),
    ...(closed > 0 && { meanTimeToClose: Math.round(sum(({ open }) => open) / closed) }),
  }
}
