/** Watches the sources' links and lets the journal know: a dead link is news like any reading, and rules judge it. */
import type { LinkCommand } from '../model/command.ts'
import type { Link } from '../model/ports.ts'
import type { Installation } from '../model/site.ts'
import { type Instant, MINUTE, SECOND } from '../model/time.ts'
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

/** What was last said of a source at a site; `state` is absent where only the journal knows. */
interface Said {
  readonly site: string
  readonly source: string
  readonly state?: 'up' | 'down'
  readonly at: Instant
}

/** Looks each second at the sources there are. What changes is said once a site, with the time at which the link changed; what stays
 *  lost is said again each minute, so that rules which began anew hear of it. A source that serves a site no more, because the
 *  configuration says so, is `removed` there: that ends what was said of it. `known` names sources that rules may still take for lost
 *  (alarms that stand from before the start). `tell` must not throw. */
export function watchLinks(
  sources: () => readonly Linked[],
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
  const keyOf = (site: string, source: string) => `${site}\n${source}`
  let said = new Map<string, Said>(
    known.map(({ site, source }) => [keyOf(site, source), { site, source, at: clock.now() }]),
  )

  function hear(source: string, { site, link, now }: { site: string; link: Link; now: Instant }): Said {
    const before = said.get(keyOf(site, source))
    const state = link.state === 'up' ? 'up' : 'down'
    const again = state === 'down' && before?.state === 'down' && now - before.at >= MINUTE
    // At the start nobody knows what the journal last heard: it is said either way.
    if (before?.state === state && !again) return before
    // A link that was lost and tried again is lost since it was lost, not since the last try.
    const ts = before?.state === undefined || again ? now : Math.min(link.since, now)
    const why = state === 'down' && link.reason !== undefined && { reason: link.reason.slice(0, 500) }
    tell({ command: 'link', site, source, state, by: 'system', ts, ...why })
    return { site, source, state, at: now }
  }

  function look(): void {
    const now = clock.now()
    const { sites } = installation()
    const heard = new Map<string, Said>()
    for (const source of sources()) {
      const link = source.link()
      const served = source.site === undefined ? [...sites.keys()] : [source.site]
      for (const site of served) heard.set(keyOf(site, source.name), hear(source.name, { site, link, now }))
    }
    for (const [key, { site, source }] of said) {
      // What becomes of the words on a site that is configured no more is the configuration's own affair.
      if (heard.has(key) || !sites.has(site)) continue
      tell({ command: 'link', site, source, state: 'removed', by: 'configuration', ts: now })
    }
    said = heard
  }

  const timer = clock.every(SECOND, look)
  return { cancel: () => timer.cancel() }
}
