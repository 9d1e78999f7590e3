/** A comparison as the API and `davy replay --diff --json` write it: times in ISO 8601 with each site's offset. */
import { formatInstant } from '../../model/time.ts'
import type { ComparisonBody, EpisodeBody, ShiftedBody } from '../api/schemas-backtest.ts'
import type { Comparison, Pair } from '../backtest.ts'
import type { AlarmEpisode } from './episodes.ts'

export interface BodyOptions {
  readonly zone: (site: string) => string
  /** Items in each list; default: all. */
  readonly most?: number
}

export function comparisonBody(
  comparison: Comparison,
  { zone, most = Number.POSITIVE_INFINITY }: BodyOptions,
): ComparisonBody {
  const { both, onlyThen, onlyNow, counts, days } = comparison
  const sites = new Set([...both.flatMap(({ was }) => was), ...onlyThen, ...onlyNow].map(({ site }) => zone(site)))
  const only = sites.size === 1 ? [...sites][0]! : 'UTC'
  const same = both.filter((pair) => pair.same)
  const pairs = [...both.filter((pair) => !pair.same), ...same]
  const total = (side: 'was' | 'would') => counts.reduce((sum, each) => sum + each[side], 0)
  return {
    from: formatInstant(comparison.from, only),
    to: formatInstant(comparison.to, only),
    totals: {
      was: total('was'),
      would: total('would'),
      onlyThen: onlyThen.length,
      onlyNow: onlyNow.length,
      shifted: both.length - same.length,
      same: same.length,
    },
    onlyThen: onlyThen.slice(0, most).map((episode) => episodeBody(episode, zone)),
    onlyNow: onlyNow.slice(0, most).map((episode) => episodeBody(episode, zone)),
    both: pairs.slice(0, most).map((pair) => pairBody(pair, zone)),
    counts: [...counts],
    days: [...days],
    ...(Math.max(onlyThen.length, onlyNow.length, both.length) > most && { cut: true }),
  }
}

function pairBody({ alarm, was, would, raised, cleared, same }: Pair, zone: BodyOptions['zone']): ShiftedBody {
  return {
    alarm,
    was: was.map((episode) => episodeBody(episode, zone)),
    would: would.map((episode) => episodeBody(episode, zone)),
    raisedBy: raised,
    ...(cleared !== undefined && { clearedBy: cleared }),
    same,
  }
}

function episodeBody({ raised, cleared, found, ...episode }: AlarmEpisode, zone: BodyOptions['zone']): EpisodeBody {
  const written = (at: number) => formatInstant(at, zone(episode.site))
  return {
    ...episode,
    raised: written(raised),
    ...(cleared !== undefined && { cleared: written(cleared) }),
    ...(found !== undefined && { found: written(found) }),
  }
}
