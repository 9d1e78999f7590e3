/** What is allowed and yet hardly meant: rules that match nothing, points nobody watches, limits looser than another's. */
import { areaAttribute, matchAreas, matchPoints, pointAttribute } from '../../model/match.ts'
import { POINT_KINDS, type Point, type PointKind } from '../../model/point.ts'
import type { Rule, RuleInstance } from '../../model/rule.ts'
import { type Area, type Installation, within } from '../../model/site.ts'
import { lintCut } from './cut.ts'
import type { Origins } from './graph.ts'
import { hashOf } from './hash.ts'
import { isBroader } from './layers.ts'
import { looserLimits } from './looser.ts'
import { didYouMean } from './nearest.ts'
import { at, type Problems } from './problem.ts'
import { lintReach } from './reach.ts'
import { lintUnits } from './units.ts'

interface Context {
  readonly rules: ReadonlyMap<string, Rule>
  readonly problems: Problems
  readonly origins: Origins
  /** Whether every site, and every pack, could be read whole: only then does it mean something that a thing is not there. */
  readonly whole: { readonly sites: boolean; readonly rules: boolean }
}

/** Warnings, and an error where a limit is looser than another regulation's without a reason. Every part of the installation must be among the origins. */
export function lint(installation: Installation, context: Context): void {
  const watched = new Set<Point>()
  for (const instance of installation.rules) lintInstance(instance, { ...context, installation, watched })
  lintReach(installation, context)
  lintUnits(installation, context)
  if (context.whole.rules && context.whole.sites) lintCut(installation, context)
  for (const point of context.whole.rules ? installation.points : []) {
    if (watched.has(point) || !watchable(point.kind, context.rules)) continue
    context.problems.warn(context.origins.get(point)!, `no rule watches point "${point.id}"`)
  }
  lintLooser(installation, context)
}

/** Whether any rule there is could be made to watch such a point; that it may fall silent counts where its kind speaks regularly. */
function watchable(kind: PointKind, rules: Context['rules']): boolean {
  if ('silentAfter' in POINT_KINDS[kind]) return true
  return [...rules.values()].some((rule) => rule.name !== 'silent' && kindsOf(rule).includes(kind))
}

/** A rule that follows people lives on their cards and on the gates. */
function kindsOf({ watches, move }: Rule): readonly PointKind[] {
  return move ? [...watches, 'card.reader', 'gate'] : watches
}

function lintInstance(
  instance: RuleInstance,
  {
    rules,
    problems,
    origins,
    installation,
    watched,
    whole,
  }: Context & { installation: Installation; watched: Set<Point> },
): void {
  const rule = rules.get(instance.rule)!
  const place = origins.get(instance)!
  const byArea = rule.matches === 'areas'
  let found = 0
  for (const site of installation.sites.values()) {
    const areas = byArea ? matchAreas(site, instance.match) : []
    const matched = byArea ? areas.length : matchPoints(site, instance.match, rule.watches).length
    const points = matchPoints(site, byArea ? {} : instance.match, kindsOf(rule))
    found += matched
    for (const point of points) {
      // Whether a point is heard from is watched only where it must be heard from.
      const silenceOnly = instance.rule === 'silent' && point.silentAfter === undefined
      if (matched > 0 && !silenceOnly) watched.add(point)
    }
    if (matched > 0) for (const point of matchPoints(site, {}, rule.hears ?? [])) watched.add(point)
    if (instance.rule === 'unmonitored' && whole.sites)
      for (const area of areas) lintEquipment(area, { instance, problems, origins })
  }
  if (instance.attributes?.optional || !whole.sites) return
  const phrases = [...nowhere(instance, { rule, installation })]
  if (found === 0) {
    const because = phrases.length > 0 ? `: ${phrases[0]}` : ''
    problems.warn(place, `rule "${instance.id}" matches no ${byArea ? 'area' : 'point'}${because}`)
  } else {
    for (const phrase of phrases) problems.warn(place, `rule "${instance.id}": ${phrase}`)
  }
}

/** What the item wants and no area or point of any site has. */
function* nowhere(
  { match }: RuleInstance,
  { rule, installation }: { rule: Rule; installation: Installation },
): Generator<string> {
  const sites = [...installation.sites.values()]
  const byArea = rule.matches === 'areas'
  const attributes: ((name: string) => unknown)[] = []
  const names = new Set<string>(OWN[rule.matches])
  for (const site of sites) {
    for (const area of byArea ? site.areas.values() : []) attributes.push((name) => areaAttribute(area, name))
    for (const point of byArea ? [] : matchPoints(site, {}, rule.watches)) {
      attributes.push((name) => pointAttribute(point, name))
    }
    for (const part of (byArea ? site.areas : site.points).values()) {
      for (const name of Object.keys(part.attributes)) names.add(name)
    }
  }
  for (const [name, wanted] of Object.entries(match)) {
    if (!names.has(name)) {
      yield `nothing has "${name}"${didYouMean(name, names)}`
      continue
    }
    const values = new Set<unknown>(attributes.flatMap((attribute) => attribute(name) as unknown[]))
    for (const value of Array.isArray(wanted) ? wanted : [wanted]) {
      if (values.has(value)) continue
      yield `nothing has ${name} ${JSON.stringify(value)}${didYouMean(String(value), [...values].map(String))}`
    }
  }
}

const OWN = {
  areas: ['id', 'kind', 'site', 'siteKind', 'region', 'status', 'in'],
  points: ['id', 'kind', 'site', 'siteKind', 'region', 'status', 'area', 'areaKind', 'unit'],
} as const

/** What shows that somebody is there or that something works, with `count.people` beside what `unmonitored` itself looks at. */
const ACTIVITY: ReadonlySet<PointKind> = new Set([
  'card.reader',
  'gate',
  'count.people',
  'weld.current',
  'belt.rate',
  'power.active',
])

/** Work is seen there, and what would show it to others is not even installed: the rule misses only what is declared. */
function lintEquipment(
  area: Area,
  { instance, problems, origins }: { instance: RuleInstance; problems: Problems; origins: Origins },
): void {
  const inside = [...area.site.points.values()].filter((point) => within(point.area, area))
  if (!inside.some(({ kind }) => ACTIVITY.has(kind))) return
  // As the rule does: the equipment of an airway does not show the face.
  const own = inside.filter((point) => point.area === area)
  const { require = [] } = instance.params as { require?: readonly string[] }
  for (const wanted of require) {
    const has = own.some(({ kind, attributes }) =>
      wanted === 'gas' ? kind.startsWith('gas.') : kind === 'device.state' && attributes.device === wanted,
    )
    if (has) continue
    problems.warn(
      origins.get(area)!,
      `area "${area.id}" has no ${wanted}, which rule "${instance.id}" requires where people work`,
    )
  }
}

function lintLooser({ rules, regulations }: Installation, { problems, origins }: Context): void {
  const groups = Map.groupBy(rules, ({ rule, match, work }) => hashOf({ rule, match: normalized(match), work }))
  for (const group of groups.values()) {
    for (const one of group) {
      for (const other of group) {
        // A narrower regulation may be stricter: that does not make the broader one wrong.
        if (
          one.regulation === other.regulation ||
          isBroader(one.regulation, { other: other.regulation, all: regulations })
        )
          continue
        if (one.attributes?.reason !== undefined) continue
        for (const { name, value, than } of looserLimits(one, other)) {
          problems.error(
            origins.get(one)!,
            `${name} ${value} is looser than ${than} of "${other.id}" (${at(origins.get(other)!)}), which applies as well: say why, as \`reason\`, or override it`,
          )
        }
      }
    }
  }
}

function normalized(match: RuleInstance['match']): unknown {
  return Object.entries(match)
    .map(([name, wanted]) => [name, (Array.isArray(wanted) ? [...wanted] : [wanted]).map(String).sort()])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
}
