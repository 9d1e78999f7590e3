/** How long the rules in force wait, so that an incident is played just long enough for any configuration and speed. */
import type { RuleInstance } from '../src/model/rule.ts'
import type { Installation } from '../src/model/site.ts'
import { type Duration, HOUR, MINUTE, SECOND } from '../src/model/time.ts'

/** In simulated time: what the service waits, times the speed. */
export interface Delays {
  /** `over-crew` raises and clears. */
  readonly crew: Duration
  /** `card-missing` gives a card up. */
  readonly missing: Duration
  /** `card-left` takes a card to be left. */
  readonly still: Duration
  readonly unmonitored: Duration
  /** A gas point falls silent. */
  readonly silent: Duration
  /** A reading comes too late, or runs too far ahead, to be used. */
  readonly late: Duration
}

export function delaysOf(installation: Installation, speed: number): Delays {
  const longest = (rule: string, delay: (instance: RuleInstance) => Duration, otherwise: Duration) => {
    const found = installation.rules.filter((instance) => instance.rule === rule).map(delay)
    return speed * (found.length > 0 ? Math.max(...found) : otherwise)
  }
  const sites = [...installation.sites.values()]
  const gas = installation.points.filter(({ kind }) => kind.startsWith('gas.')).map((p) => p.silentAfter ?? 0)
  return {
    crew: longest('over-crew', ({ raiseAfter, clearAfter }) => Math.max(raiseAfter, clearAfter), MINUTE),
    missing: longest(
      'card-missing',
      ({ params, raiseAfter }) => (params as { within: Duration }).within + raiseAfter,
      2 * MINUTE,
    ),
    still: longest('card-left', ({ params }) => (params as { still: Duration }).still, HOUR),
    unmonitored: longest('unmonitored', ({ raiseAfter }) => raiseAfter, MINUTE),
    silent: speed * Math.max(SECOND, ...gas),
    late: speed * Math.max(...sites.map(({ lateAfter }) => lateAfter)),
  }
}
