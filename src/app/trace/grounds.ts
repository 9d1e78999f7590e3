/** Why a rule may have said nothing: whether its key names anything, what the rule holds that against, and how things stand at the end. */
import { matchAreas, matchPoints } from '../../model/match.ts'
import type { Rule, RuleInstance } from '../../model/rule.ts'
import { type Installation, type Site, within } from '../../model/site.ts'
import { formatDuration } from '../../model/time.ts'
import { didYouMean } from '../config/nearest.ts'
import type { Fold } from '../fold.ts'

interface Asked {
  readonly key: string
  readonly instances: ReadonlySet<RuleInstance>
  readonly installation: Installation
  readonly rules: ReadonlyMap<string, Rule>
  readonly fold: Fold
}

/** Items told of, at most. */
const SHOWN = 6

/** Lines of the summary, in order; none where there is nothing to add. */
export function groundsOf(asked: Asked): readonly string[] {
  const { key, instances, installation, rules, fold } = asked
  const [subject] = key.split(':')
  const sites = [...installation.sites.values()]
  const misnamed = named(sites, subject!) ? [] : unknownKey(asked, subject!)
  const concerned = [...instances].filter((instance) =>
    sites.some((site) => concerns(instance, { site, subject, rules })),
  )
  const against = concerned.slice(0, SHOWN).map((instance) => `--   ${instance.id} asks for ${asks(instance)}`)
  const counts = sites.flatMap((site) => {
    const area = site.areas.get(key)
    const crew = fold.engine()?.crew(site.id)
    return area && crew ? [`--   at the end ${crew.count(area)} persons are in ${site.id}/${area.id}`] : []
  })
  return [...misnamed, ...against, ...(concerned.some(({ rule }) => rules.get(rule)!.move) ? counts : [])]
}

function named(sites: readonly Site[], name: string): boolean {
  return sites.some(
    ({ id, areas, points, people, cards }) =>
      id === name ||
      areas.has(name) ||
      points.has(name) ||
      people.has(name) ||
      cards.has(name) ||
      /[@+]|^card:/.test(name),
  )
}

function unknownKey({ installation, instances, rules }: Asked, subject: string): readonly string[] {
  const watched = [...instances].flatMap((instance) => [...subjects(instance, { installation, rules })])
  // Machines and sources have names of their own, which stand in no list: only a near miss is worth a word.
  const hint = didYouMean(subject, watched)
  return hint === '' ? [] : [`--   nothing is called ${subject}${hint}`]
}

function* subjects(
  instance: RuleInstance,
  { installation, rules }: Pick<Asked, 'installation' | 'rules'>,
): Generator<string> {
  const rule = rules.get(instance.rule)!
  for (const site of installation.sites.values()) {
    const found =
      rule.matches === 'areas' ? matchAreas(site, instance.match) : matchPoints(site, instance.match, rule.watches)
    for (const { id } of found) yield id
  }
}

/** Whether an item judges what the key names, where that is a point or an area; of people and cards, any item may. */
function concerns(
  { rule: name, match }: RuleInstance,
  { site, subject, rules }: { site: Site; subject: string | undefined; rules: Asked['rules'] },
): boolean {
  const rule = rules.get(name)!
  const point = site.points.get(subject ?? '')
  const area = site.areas.get(subject ?? '')
  if (!point && !area) return false
  if (rule.matches === 'points') return point !== undefined && matchPoints(site, match, rule.watches).includes(point)
  return matchAreas(site, match).some((one) => one === area || (point !== undefined && within(point.area, one)))
}

/** An item's own numbers, as its file would say them. */
function asks({ params, raiseAfter, work, match }: RuleInstance): string {
  const { levels, ...rest } = params as { levels?: readonly Readonly<Record<string, unknown>>[] }
  const bounds = (levels ?? []).map(({ name, high, low, clear }) => {
    const bound = high === undefined ? `at or below ${low}` : `at or above ${high}`
    return `${String(name)} ${bound}${clear === undefined ? '' : `, clear at ${String(clear)}`}`
  })
  const own = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  const shift = work === undefined ? [] : [`only in ${work} shifts`]
  const wait = raiseAfter > 0 ? [`held for ${formatDuration(raiseAfter)}`] : []
  const where = Object.keys(match).length > 0 ? ` (match ${JSON.stringify(match)})` : ''
  return [...bounds, ...own, ...shift, ...wait].join('; ') + where
}
