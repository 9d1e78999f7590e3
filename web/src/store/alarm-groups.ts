/** Standing alarms gathered by site or by area: the group with the most urgent alarm first. */
import { useEffect, useState } from 'react'
import { ask } from '../api/http.ts'
import type { AlarmBody, PointList, SiteView } from '../api/types.ts'

export type Grouping = 'none' | 'site' | 'area'

export interface AlarmGroup {
  readonly site: string
  /** Absent: grouped by site, or about no area. */
  readonly area?: string
  readonly alarms: readonly AlarmBody[]
}

/** Area by point, of one site. */
export type PointAreas = ReadonlyMap<string, string>

/** The area an alarm is about: its key names it or a point in it; else where what it rests on was read. A whole site is no area. */
export function areaOf(
  { last }: Pick<AlarmBody, 'last'>,
  { areas, points }: { readonly areas: ReadonlySet<string>; readonly points: PointAreas },
): string | undefined {
  const { key, evidence, site } = last
  if (key === site) return undefined
  if (areas.has(key)) return key
  const at = key.slice(key.lastIndexOf('@') + 1)
  if (areas.has(at)) return at
  const level = key.lastIndexOf(':')
  return (
    points.get(key) ??
    (level > 0 ? points.get(key.slice(0, level)) : undefined) ??
    points.get(evidence.at(-1)?.point ?? '')
  )
}

/** Alarms in the order given; groups in the order of their first. */
export function groupAlarms(
  alarms: readonly AlarmBody[],
  { by, area }: { readonly by: Grouping; readonly area: (alarm: AlarmBody) => string | undefined },
): readonly AlarmGroup[] {
  const groups = Map.groupBy(alarms, (alarm) =>
    JSON.stringify([alarm.last.site, by === 'area' ? (area(alarm) ?? null) : null]),
  )
  return [...groups.values()].map((inside) => {
    const [first] = inside as [AlarmBody]
    const where = by === 'area' ? area(first) : undefined
    return { site: first.last.site, alarms: inside, ...(where !== undefined && { area: where }) }
  })
}

/** Finds an alarm's area; knows points only once they were fetched, which it does when `wanted`. */
export function useAreaOf(sites: readonly SiteView[] | undefined, wanted: boolean) {
  const [points, setPoints] = useState<ReadonlyMap<string, PointAreas>>(new Map())
  const names = sites?.map(({ site }) => site).join('\n') ?? ''
  useEffect(() => {
    if (!wanted || names === '') return
    const stop = new AbortController()
    for (const site of names.split('\n'))
      ask<PointList>(`sites/${encodeURIComponent(site)}/points`, { signal: stop.signal }).then(
        (list) => {
          const areas = new Map(
            list.points.flatMap(({ id, area }) => (area === undefined ? [] : [[id, area] as const])),
          )
          setPoints((before) => new Map(before).set(site, areas))
        },
        // Without them the alarm stands with those of no area, which is true as far as the page knows.
        () => {},
      )
    return () => stop.abort()
  }, [wanted, names])
  return (alarm: AlarmBody): string | undefined => {
    const site = sites?.find((found) => found.site === alarm.last.site)
    if (!site) return undefined
    return areaOf(alarm, {
      areas: new Set(site.areas.map(({ id }) => id)),
      points: points.get(site.site) ?? new Map(),
    })
  }
}
