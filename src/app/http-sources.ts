/** Sources that push over HTTP (推送数据源): each token, whether it is heard, and how long it has been quiet against what its points are due. */
import type { Point } from '../model/point.ts'
import type { Installation } from '../model/site.ts'
import { type Duration, HOUR, type Instant, MINUTE } from '../model/time.ts'
import type { SourceView } from './service.ts'

/** Where none of its points has to speak by a certain time, silence says little: it is late and silent after so long. */
const UNDUE = { late: 10 * MINUTE, silent: HOUR }

/** Name under which readings that a user or a token sent are counted. */
export const httpSource = (user: string): string => `http:${user}`

export interface HttpSources {
  /** A batch came; `points` of the site were among it. */
  heard(source: string, batch: { readonly site: string; readonly points: Iterable<string>; readonly at: Instant }): void
  /** Every token, heard or not. A person who sends readings by hand is no source: nobody misses them when they stop. */
  views(now: Instant): readonly Pick<SourceView, 'name' | 'adapter' | 'site' | 'link'>[]
}

interface Pusher {
  site: string
  last: Instant
  /** Since when it has been heard without its falling late. */
  since: Instant
  readonly points: Set<string>
}

/** `users`: those that exist now, tokens among them; `started`: since when anything can have been heard. */
export function createHttpSources({
  users,
  installation,
  started,
}: {
  readonly users: () => readonly { readonly user: string; readonly role: string; readonly site?: string }[]
  readonly installation: () => Pick<Installation, 'sites'>
  readonly started: Instant
}): HttpSources {
  const pushers = new Map<string, Pusher>()

  /** By the points it has sent: when the first of them is missed, and when the last one is. */
  function dueOf({ site: id, points }: Pusher): { late: Duration; silent: Duration } {
    const declared: ReadonlyMap<string, Point> | undefined = installation().sites.get(id)?.points
    const spans = [...points].flatMap((point) => declared?.get(point)?.silentAfter ?? [])
    if (spans.length === 0) return UNDUE
    const [late, silent] = [Math.min(...spans), Math.max(...spans)]
    return { late, silent: Math.max(silent, 2 * late) }
  }

  function linkOf(pusher: Pusher | undefined, now: Instant): Pick<SourceView['link'], 'state' | 'since'> {
    if (!pusher) return { state: 'unheard', since: started }
    const { late, silent } = dueOf(pusher)
    const quiet = now - pusher.last
    if (quiet >= silent) return { state: 'silent', since: pusher.last + silent }
    return quiet >= late ? { state: 'late', since: pusher.last + late } : { state: 'live', since: pusher.since }
  }

  function view(name: string, { site, now }: { site: string | undefined; now: Instant }) {
    const peer = `POST /api/v1/sites/${site ?? ''}/readings`
    const link = { ...linkOf(pushers.get(name), now), peer }
    return { name, adapter: 'http', ...(site !== undefined && { site }), link }
  }

  return {
    heard(name, { site, points, at }) {
      const known = pushers.get(name) ?? { site, last: at, since: at, points: new Set<string>() }
      pushers.set(name, known)
      if (linkOf(known, at).state !== 'live') known.since = at
      if (known.site !== site) known.points.clear()
      known.site = site
      known.last = at
      const declared = installation().sites.get(site)?.points
      for (const point of points) if (declared?.has(point)) known.points.add(point)
    },
    views(now) {
      const tokens = users().filter(({ role }) => role === 'source')
      const named = tokens.map(({ user, site }) => ({ name: httpSource(user), site }))
      return named.map(({ name, site }) => view(name, { site, now }))
    },
  }
}
