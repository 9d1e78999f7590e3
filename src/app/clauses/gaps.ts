/** What of a clause is not watched, in words: places without the device, sites without the kind of point, unconfirmed numbers. */
import { matchAreas } from '../../model/match.ts'
import type { Point } from '../../model/point.ts'
import type { Rule, RuleInstance } from '../../model/rule.ts'
import { type Area, type Site, within } from '../../model/site.ts'
import type { Watched } from './watched.ts'

interface Context {
  readonly rule: Rule
  /** Of every site, those where nothing matches included. */
  readonly watched: readonly Watched[]
}

/** Words of `match` that choose among sites rather than within one. */
const OF_SITES = ['site', 'siteKind', 'region', 'status']

/** In the order of the sites. */
export function gapsOf(instance: RuleInstance, { rule, watched }: Context): readonly string[] {
  const { attributes = {}, id } = instance
  const gaps: string[] = []
  if (watched.every(({ points }) => points.length === 0)) gaps.push(`${id}: nothing is watched at any site`)
  for (const one of watched) {
    const { site } = one
    const own = rule.matches === 'areas' ? areaGaps(instance, { rule, ...one }) : pointGaps(instance, { rule, ...one })
    gaps.push(...own.map((gap) => `${site.id}: ${gap}`))
  }
  if (attributes.confirmed === false) gaps.push(unconfirmed({ id, note: attributes.note }))
  return gaps
}

/** That nobody has held the numbers of an item or a criterion against the text. */
export function unconfirmed({ id, note }: { readonly id: string; readonly note?: unknown }): string {
  const why = note === undefined ? '' : ` (${String(note).trim().replace(/\.$/, '')})`
  return `${id}: its numbers are not confirmed${why}`
}

/** Areas of the kind where what would show it is not even declared. */
function areaGaps(instance: RuleInstance, { rule, areas, site }: Watched & { rule: Rule }): readonly string[] {
  const points = [...site.points.values()]
  return areas.flatMap((area) => {
    const own = points.filter((point) => point.area === area)
    const inside = points.filter((point) => within(point.area, area))
    const { require } = instance.params as { readonly require?: readonly string[] }
    if (require)
      return require.filter((wanted) => !own.some(isA(wanted))).map((wanted) => `area ${area.id} has no ${wanted}`)
    if (rule.move && !inside.some(({ kind }) => kind === 'card.reader')) return [`area ${area.id} has no card reader`]
    const missing = rule.watches.some((kind) => inside.some((point) => point.kind === kind))
    return missing || rule.watches.length === 0 ? [] : [`area ${area.id} has none of ${short(rule.watches)}`]
  })
}

function isA(wanted: string): (point: Point) => boolean {
  return ({ kind, attributes }) =>
    wanted === 'gas' ? kind.startsWith('gas.') : kind === 'device.state' && attributes.device === wanted
}

/** Sites that the item names by their kind, areas that it names by theirs, machines without a chip. */
function pointGaps(instance: RuleInstance, { rule, points, site }: Watched & { rule: Rule }): readonly string[] {
  const { match, id } = instance
  const { areaKind } = match
  const what = wanted(instance, rule)
  if (!isFor(instance, site)) return []
  if (areaKind !== undefined) {
    const has = (area: Area) => points.some((point) => within(point.area, area))
    return matchAreas(site, { kind: areaKind })
      .filter((area) => !has(area))
      .map((area) => `${id}: area ${area.id} has no ${what}`)
  }
  const gaps: string[] = []
  if (points.length === 0 && OF_SITES.some((name) => name in match)) gaps.push(`${id}: there is no ${what}`)
  for (const point of points) {
    if (point.kind !== 'weld.current' || !rule.hears?.includes('weld.session')) continue
    const { machine } = point.attributes
    const chip = [...site.points.values()].some((p) => p.kind === 'weld.session' && p.attributes.machine === machine)
    if (!chip) gaps.push(`${id}: machine ${String(machine ?? point.id)} has no weld.session`)
  }
  return gaps
}

/** Whether the site is one of those that the item speaks of. */
function isFor({ match }: RuleInstance, site: Site): boolean {
  const asked = Object.fromEntries(Object.entries(match).filter(([name]) => OF_SITES.includes(name)))
  const [first] = site.areas.values()
  return first === undefined || matchAreas(site, asked).length > 0
}

function wanted({ match }: RuleInstance, rule: Rule): string {
  const kinds = match.kind === undefined ? rule.watches : [match.kind].flat().map(String)
  const place = match.place === undefined ? '' : ` at ${[match.place].flat().join(', ')}`
  return `${short(kinds)} point${place}`
}

function short(kinds: readonly string[]): string {
  return kinds.length > 4 ? `${kinds.slice(0, 3).join(', ')}, …` : kinds.join(', ')
}
