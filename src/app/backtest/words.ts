/** A comparison for people: what would be raised in addition, what no longer, what earlier, later or otherwise. */
import { type Duration, formatDuration, formatInstant, SECOND } from '../../model/time.ts'
import type { Comparison, Pair } from '../backtest.ts'
import type { AlarmEpisode } from './episodes.ts'

/** Plain text, a line an alarm; times in each site's zone. */
export function inWords(comparison: Comparison, { zone }: { zone: (site: string) => string }): string {
  const { from, to, both, onlyThen, onlyNow, counts, days } = comparison
  const changed = both.filter(({ same }) => !same)
  const line = (episode: AlarmEpisode) => `  ${spanOf(episode, zone(episode.site))}  ${told(episode)}`
  const zones = new Set([...both.flatMap(({ was }) => was), ...onlyThen, ...onlyNow].map(({ site }) => zone(site)))
  const only = zones.size === 1 ? [...zones][0]! : 'UTC'
  const lines = [
    `From ${formatInstant(from, only)} to ${formatInstant(to, only)}`,
    `${onlyNow.length} in addition, ${onlyThen.length} no longer, ${changed.length} otherwise, ${both.length - changed.length} the same`,
    ...section('In addition', onlyNow.map(line)),
    ...section('No longer', onlyThen.map(line)),
    ...section(
      'Otherwise',
      changed.map((pair) => `${line(pair.was[0]!)}\n      ${shiftOf(pair)}`),
    ),
    ...section(
      'By rule',
      counts.map(
        ({ rule, severity, was, would }) => `  ${rule.padEnd(20)} ${severity.padEnd(9)} ${change(was, would)}`,
      ),
    ),
    ...section(
      'By day',
      days.map(({ day, was, would }) => `  ${day}  ${change(was, would)}`),
    ),
  ]
  return `${lines.join('\n')}\n`
}

/** What differs between the two: `rises 2m earlier, clears 30s later, critical instead of major`. */
export function shiftOf({ was, would, raised, cleared, severity }: Pair): string {
  const parts = [
    raised !== 0 && `rises ${by(raised)}`,
    cleared === undefined
      ? would.at(-1)?.cleared === undefined
        ? 'does not clear any more'
        : 'clears'
      : cleared !== 0 && `clears ${by(cleared)}`,
    severity && `${severity.would} instead of ${severity.was}`,
    was.length !== would.length &&
      `${would.length} ${would.length === 1 ? 'episode' : 'episodes'} instead of ${was.length}`,
  ]
  return parts.filter((part) => part !== false && part !== undefined).join(', ')
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines]
}

const change = (was: number, would: number) =>
  `${was} → ${would}${would === was ? '' : ` (${would > was ? '+' : ''}${would - was})`}`

const by = (shift: Duration) => `${roughly(Math.abs(shift))} ${shift < 0 ? 'earlier' : 'later'}`

/** To the second, where it is more than one. */
function roughly(span: Duration): string {
  return formatDuration(span < SECOND ? span : Math.round(span / SECOND) * SECOND)
}

function spanOf({ raised, cleared, found }: AlarmEpisode, zone: string): string {
  const start = formatInstant(raised, zone)
  if (found !== undefined) return `${start} (found later)`
  return cleared === undefined ? `${start} and still` : `${start} for ${roughly(cleared - raised)}`
}

function told({ alarm, severity, value, limit, text }: AlarmEpisode): string {
  const figure = value === undefined ? '' : `  ${value}${limit === undefined ? '' : ` / ${limit}`}`
  return `${severity.padEnd(8)}  ${alarm}${figure}  ${text.en}`
}
