/** `davy coverage`: clause × rule × case × live point. */
import { RULES } from '../../rules/index.ts'
import { type Coverage, coverageOf } from '../clauses/coverage.ts'
import { coverageTable } from '../clauses/table.ts'
import { readTested } from '../clauses/tested.ts'
import { loadConfiguration } from '../configuration.ts'
import { caseFiles } from './test.ts'

export interface CoverageFlags {
  readonly config: string
  readonly json?: boolean
  /** Exit 1 where a clause has no live point. */
  readonly strict?: boolean
}

export async function coverageCommand({ config, json = false, strict = false }: CoverageFlags): Promise<void> {
  const { installation } = await loadConfiguration(config, { warn: () => {}, secrets: false })
  const tested = await readTested(await caseFiles(config), { installation, rules: RULES.keys() })
  const coverage = coverageOf(installation, { rules: RULES, tested })
  // The reader of a pipe may leave early: that is its business.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  process.stdout.write(json ? `${JSON.stringify(asJson(coverage), null, 2)}\n` : coverageTable(coverage))
  if (strict && coverage.uncovered.length > 0) process.exitCode = 1
}

/** Sites, points and areas by their ids. */
function asJson({ packs, ...rest }: Coverage): unknown {
  const plain = packs.map(({ clauses, ...pack }) => ({
    ...pack,
    clauses: clauses.map(({ items, ...clause }) => ({
      ...clause,
      items: items.map(({ sites, ...item }) => ({
        ...item,
        sites: sites.map(({ site, points, areas }) => ({
          site: site.id,
          points: points.map(({ id }) => id),
          areas: areas.map(({ id }) => id),
        })),
      })),
    })),
  }))
  return { ...rest, packs: plain }
}
