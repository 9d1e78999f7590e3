/** The limits a point is held against, for charts: from the `limit` rules in force, whether or not one was ever exceeded. */
import type { Severity } from '../../model/alarm.ts'
import { matchPoints } from '../../model/match.ts'
import type { Installation, Site } from '../../model/site.ts'
import type { Text } from '../../model/text.ts'
import { RULES } from '../../rules/index.ts'
import { levelTitle } from '../../rules/limit/wording.ts'
import type { LevelBody } from './schemas.ts'

type Levels = ReadonlyMap<string, readonly LevelBody[]>

interface Declared {
  readonly name: string
  readonly title?: Partial<Text>
  readonly high?: number
  readonly low?: number
  readonly severity?: Severity
}

const known = new WeakMap<Installation, Map<string, Levels>>()

/** By point id, in the order of the rules; the same object for the same installation and site. */
export function levelsOf(installation: Installation, site: Site): Levels {
  const sites = known.get(installation) ?? new Map<string, Levels>()
  known.set(installation, sites)
  const found = sites.get(site.id) ?? collect(installation, site)
  sites.set(site.id, found)
  return found
}

function collect({ rules }: Installation, site: Site): Levels {
  const levels = new Map<string, LevelBody[]>()
  const kinds = RULES.get('limit')?.watches ?? []
  for (const instance of rules) {
    if (instance.rule !== 'limit') continue
    const declared = (instance.params as { readonly levels?: readonly Declared[] }).levels ?? []
    for (const point of matchPoints(site, instance.match, kinds)) {
      const before = levels.get(point.id) ?? []
      levels.set(point.id, [
        ...before,
        ...declared.map(({ name, title, high, low, severity = instance.severity }) => ({
          name,
          title: levelTitle({ name, ...(title && { title }) }),
          severity,
          ...(high !== undefined && { high }),
          ...(low !== undefined && { low }),
        })),
      ])
    }
  }
  return levels
}
