/** Resolves the sites' declarations into one graph: areas in areas, points in areas, cards in hands. */
import { type KindTraits, POINT_KINDS, type Point } from '../../model/point.ts'
import { ALL_DAY } from '../../model/shift.ts'
import type { Area, Site } from '../../model/site.ts'
import { textOf } from '../../model/text.ts'
import { didYouMean } from './nearest.ts'
import { compare, type Place, type Problems } from './problem.ts'
import type { SiteDraft } from './site.ts'
import type { PointDeclared } from './site-schema.ts'

/** Every site of an installation, joined up. */
export interface Graph {
  readonly sites: ReadonlyMap<string, Site>
  readonly points: readonly Point[]
}

/** Where the parts of the installation are declared. */
export type Origins = Map<object, Place>

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Sites in order of id, points in the order of their file: the same configuration gives the same indices. */
export function buildGraph(
  drafts: readonly SiteDraft[],
  { problems, origins }: { problems: Problems; origins: Origins },
): Graph {
  const sites = new Map<string, Site>()
  const points: Point[] = []
  for (const draft of [...drafts].sort((a, b) => compare(a.id, b.id))) {
    const areas = new Map<string, Area>()
    const own = new Map<string, Point>()
    const { header, people } = draft
    const site: Site = {
      index: sites.size,
      id: draft.id,
      name: textOf(header.name, draft.id),
      ...(header.region !== undefined && { region: header.region }),
      kind: header.kind,
      status: header.status,
      timezone: header.timezone,
      lateAfter: header.lateAfter,
      shifts: draft.shifts.length > 0 ? draft.shifts : ALL_DAY,
      areas,
      points: own,
      people: people.people,
      cards: people.cards,
    }
    sites.set(site.id, site)
    origins.set(site, draft.yaml.place([]))
    const context = { draft, site, areas, problems, origins }
    buildAreas(context)
    for (const { value, path } of draft.spoilt.named) {
      if (areas.has(value)) continue
      blame(value, { ...context, place: draft.yaml.place(path) })
    }
    for (const { value, path } of draft.points) {
      const area = value.area === undefined ? undefined : areas.get(value.area)
      if (value.area !== undefined && !area) {
        blame(value.area, { ...context, place: draft.yaml.place([...path, 'area']) })
        continue
      }
      const point = pointOf(value, { site, area, index: points.length })
      points.push(point)
      own.set(point.id, point)
      origins.set(point, draft.yaml.place(path))
    }
  }
  return { sites, points }
}

interface Context {
  readonly draft: SiteDraft
  readonly site: Site
  readonly areas: Map<string, Area>
  readonly problems: Problems
  readonly origins: Origins
}

/** An unknown area is told, unless it is declared and broken, or may be what a second one of the same id was to be called. */
function blame(
  area: string,
  { draft, areas, problems, place }: Pick<Context, 'draft' | 'areas' | 'problems'> & { readonly place: Place },
): void {
  const hint = didYouMean(area, areas.keys())
  if (draft.spoilt.areas.has(area) || (draft.spoilt.twins && hint === '')) return
  problems.error(place, `unknown area "${area}"${hint}`)
}

function buildAreas({ draft, site, areas, problems, origins }: Context): void {
  const { yaml, people } = draft
  for (const { value, path } of draft.areas) {
    const { id, name, kind, in: _, allow, ...attributes } = value
    for (const [i, person] of allow.entries()) {
      if (people.people.has(person) || people.spoilt.has(person) || !people.whole) continue
      const hint = didYouMean(person, people.people.keys())
      problems.error(yaml.place([...path, 'allow', i]), `unknown person "${person}"${hint}`)
    }
    const area: Area = { id, site, name: textOf(name, id), kind, children: [], allow, attributes }
    areas.set(id, area)
    origins.set(area, yaml.place(path))
  }
  for (const { value, path } of draft.areas) {
    if (value.in === undefined) continue
    const area = areas.get(value.id) as Mutable<Area>
    const parent = areas.get(value.in)
    const place = yaml.place([...path, 'in'])
    if (!parent) {
      blame(value.in, { draft, areas, problems, place })
      continue
    }
    const circle = [area.id]
    for (let a: Area | undefined = parent; a && a !== area; a = a.parent) circle.push(a.id)
    if (reaches(parent, area)) {
      problems.error(place, `an area cannot lie in itself: ${[...circle, area.id].join(' in ')}`)
      continue
    }
    area.parent = parent
    ;(parent.children as Area[]).push(area)
  }
}

function reaches(from: Area, to: Area): boolean {
  for (let area: Area | undefined = from; area; area = area.parent) if (area === to) return true
  return false
}

function pointOf(
  declared: PointDeclared,
  { site, area, index }: { site: Site; area: Area | undefined; index: number },
): Point {
  const { id, kind, unit, area: _, range, sentinels, silentAfter: declaredSilence, at, name, ...others } = declared
  const traits: KindTraits = POINT_KINDS[kind]
  const silentAfter = declaredSilence === 'never' ? undefined : (declaredSilence ?? traits.silentAfter)
  return {
    index,
    site,
    siteId: site.id,
    id,
    kind,
    shape: traits.shape,
    ...(unit !== undefined && { unit }),
    ...(area && { area }),
    ...(range && { range }),
    ...(sentinels && { sentinels }),
    ...(silentAfter !== undefined && { silentAfter }),
    ...(at && { at }),
    attributes: name === undefined ? others : { ...others, name: textOf(name, id) },
  }
}

/** What of the sites can change an outcome, as plain data in a fixed order. */
export function graphContent({ sites }: Graph): unknown {
  return [...sites.values()].map(({ areas, points, people, cards: _, index: __, ...site }) => ({
    ...site,
    areas: [...areas.values()].map(({ site: _site, parent, children: _children, ...area }) => ({
      ...area,
      in: parent?.id,
    })),
    points: [...points.values()].map(({ site: _site, siteId: _id, index: _index, shape: _shape, area, ...point }) => ({
      ...point,
      area: area?.id,
    })),
    people: [...people.values()],
  }))
}
