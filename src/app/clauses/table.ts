/** Coverage as people read it: clause, item, rule, cases, what is watched at each site, and what is not. */
import type { Text } from '../../model/text.ts'
import type { ClauseCoverage, Coverage, ItemCoverage, PackCoverage } from './coverage.ts'
import type { Watched } from './watched.ts'

/** Ends with a line that sums up. */
export function coverageTable({ packs, clauses, uncovered, unused, hazards }: Coverage): string {
  const summary = `${clauses} clauses, ${clauses - uncovered.length} with a live point, ${uncovered.length} without`
  const list = uncovered.length > 0 ? `: ${uncovered.join(', ')}` : ''
  const idle = unused.length > 0 ? `rules without an item in any pack: ${unused.join(', ')}\n` : ''
  return `${[...packs.map(packTable), ...criteriaTable(hazards), `${idle}${summary}${list}`].join('\n\n')}\n`
}

function criteriaTable(hazards: Coverage['hazards']): readonly string[] {
  if (hazards.length === 0) return []
  const widest = Math.max(...hazards.map(({ id }) => id.length))
  const lines = hazards.flatMap(({ id, clause, title, grade, gaps }) => [
    `      ${id.padEnd(widest)}  ${[grade, clause, titleOf(title)].filter(Boolean).join('  ')}`,
    ...gaps.map((gap) => `      ! ${gap}`),
  ])
  return [['criteria for hazards · 隐患判定标准', ...lines].join('\n')]
}

function packTable({ id, title, edition, effective, level, clauses }: PackCoverage): string {
  const facts = [edition && `edition ${edition}`, effective && `in force from ${effective}`, level].filter(Boolean)
  const head = [id, title.en, title.zh].filter((part, i, all) => all.indexOf(part) === i).join(' · ')
  return [`${head}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`, ...clauses.flatMap(clauseLines)].join('\n')
}

function clauseLines({ clause, title, items, gaps, points }: ClauseCoverage): readonly string[] {
  const name = clause === undefined ? 'no clause named' : `clause ${clause}`
  const words = title ? ` · ${titleOf(title)}` : ''
  const widest = (of: (item: ItemCoverage) => string) => Math.max(0, ...items.map((item) => of(item).length))
  const [ids, rules, cases] = [widest(({ id }) => id), widest(({ rule }) => rule), widest(casesOf)]
  return [
    '',
    `  ${points > 0 ? '✓' : '✗'} ${name}${words}`,
    ...items.map((item) => {
      const columns = [item.id.padEnd(ids), item.rule.padEnd(rules), casesOf(item).padEnd(cases)]
      const by = item.overriddenBy ? ` [by ${item.overriddenBy}${item.reason ? `: ${item.reason}` : ''}]` : ''
      return `      ${columns.join('  ')}  ${item.sites.map(watchedOf).join('; ') || 'nothing'}${by}`
    }),
    ...gaps.map((gap) => `      ! ${gap}`),
  ]
}

function titleOf({ zh, en }: Text): string {
  return zh === en ? en : `${zh} · ${en}`
}

function casesOf({ cases: { rule, own } }: ItemCoverage): string {
  return `${rule} cases${own.length > 0 ? ` + ${own.length} own` : ''}`
}

function watchedOf({ site, points, areas }: Watched): string {
  const parts = [areas.length > 0 && count(areas.length, 'area'), count(points.length, 'point')].filter(Boolean)
  return `${site.id} ${parts.join(', ')}`
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
