/** Watches the sources' links and lets the journal know: a dead link is news like any reading, and rules judge it. */
import type { LinkCommand } from '../model/command.ts'
import type { Link } from '../model/ports.ts'
import type { Installation } from '../model/site.ts'
import { MINUTE, SECOND } from '../model/time.ts'
import type { Clock } from './clock.ts'

/** A source as far as its link goes. `site`: whose points it serves; without one, every site's. */
export interface Linked {
  readonly name: string
  readonly site?: string | undefined
  link(): Link
}

export interface LinkWatch {
  cancel(): void
}

/** Looks each second. What changes is said once a site, with the time at which the link changed; what stays lost is said again each
 *  minute, so that rules which began anew hear of it. `known` names sources that rules may still take for lost (alarms that stand):
 *  one that is not configured any more is said to be up. `tell` must not throw. */
export function watchLinks(
  sources: readonly Linked[],
  {
    clock,
    installation,
    known,
    tell,
  }: {
    clock: Pick<Clock, 'every' | 'now'>
    installation: () => Pick<Installation, 'sites'>
    known: readonly { readonly site: string; readonly source: string }[]
    tell: (command: LinkCommand) => void
  },
): LinkWatch {
  const told = new Map<Linked, { up: boolean; at: number }>()
  const names = new Set(sources.map(({ name }) => name))

  function say(
    source: string,
    { site, up, ts, reason }: { site: string; up: boolean; ts: number; reason?: string },
  ): void {
    const why = !up && reason !== undefined && { reason: reason.slice(0, 500) }
    tell({ command: 'link', site, source, state: up ? 'up' : 'down', by: 'system', ts, ...why })
  }

  for (const { site, source } of known) {
    if (!names.has(source)) say(source, { site, up: true, ts: clock.now() })
  }

  function look(): void {
    const now = clock.now()
    for (const source of sources) {
      const { state, since, reason } = source.link()
      const up = state === 'up'
      const before = told.get(source)
      const again = !up && before !== undefined && now - before.at >= MINUTE
      // At the start nobody knows what the journal last heard: it is said either way.
      if (before?.up === up && !again) continue
      told.set(source, { up, at: now })
      // A link that was lost and tried again is lost since it was lost, not since the last try.
      const ts = before === undefined || again ? now : Math.min(since, now)
      const sites = source.site === undefined ? [...installation().sites.keys()] : [source.site]
      for (const site of sites) say(source.name, { site, up, ts, ...(reason !== undefined && { reason }) })
    }
  }

  const timer = clock.every(SECOND, look)
  return { cancel: () => timer.cancel() }
}
