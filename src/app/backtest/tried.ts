/** One rule item tried over the configurations of the time: everything else stays as it was. */
import type { Rule, RuleInstance } from '../../model/rule.ts'
import type { Installation } from '../../model/site.ts'
import type { AlarmEpisode } from './episodes.ts'
import { buildItem, type Item } from './proposal.ts'

/** Rules that look at each other's items: a changed level of `limit` changes what they judge. */
const TOGETHER: ReadonlySet<string> = new Set(['limit', 'cut-failed', 'not-evacuated'])

export interface Tried {
  readonly item: Item
  readonly regulation: string
}

/** The installation with what the item can touch, and nothing else: rules are independent, so folding the others would tell nothing. */
export function narrow(installation: Installation, { item }: Pick<Tried, 'item'>): Installation {
  const kept = installation.rules.filter(
    ({ id, rule }) => id === item.id || (TOGETHER.has(rule) && TOGETHER.has(item.rule as string)),
  )
  return { ...installation, rules: numbered(kept) }
}

/** The same with the item in the place of the one of its name, or beside the others where there was none yet. */
export function instead(
  installation: Installation,
  tried: Tried & { readonly rules: ReadonlyMap<string, Rule> },
): Installation {
  const { instance, flaws } = buildItem(tried.item, tried)
  if (!instance) throw new Error(`the item was not checked: ${flaws[0]?.message}`)
  const { rules } = narrow(installation, tried)
  const found = rules.some(({ id }) => id === instance.id)
  const put = rules.map((rule) => (rule.id === instance.id ? { ...instance, regulation: rule.regulation } : rule))
  return { ...installation, rules: numbered(found ? put : [...put, instance]) }
}

function numbered(rules: readonly RuleInstance[]): readonly RuleInstance[] {
  return rules.map((rule, index) => ({ ...rule, index }))
}

/** Episodes of other items are told only where the trial changed them. */
export function concerning<
  T extends { readonly was: readonly AlarmEpisode[]; readonly would: readonly AlarmEpisode[] },
>(sides: T, { item }: Pick<Tried, 'item'>): T {
  const name = ({ alarm, raised, cleared, severity }: AlarmEpisode) =>
    JSON.stringify([alarm, raised, cleared, severity])
  const known = { was: new Set(sides.was.map(name)), would: new Set(sides.would.map(name)) }
  const keep = (other: ReadonlySet<string>) => (episode: AlarmEpisode) =>
    episode.instance === item.id || !other.has(name(episode))
  return { ...sides, was: sides.was.filter(keep(known.would)), would: sides.would.filter(keep(known.was)) }
}
