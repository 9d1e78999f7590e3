/** The desk's life: sign-in, snapshots, stream, sign-out. */
import { ask, Problem, whenClock, whenExpired } from '../api/http.ts'
import { openStream, type Stream } from '../api/stream.ts'
import type {
  AlarmBody,
  AlarmList,
  ForwardList,
  SessionBody,
  SiteList,
  SiteView,
  SourceList,
  TransitionBody,
} from '../api/types.ts'
import { applyTransitions, fromSnapshot, settlePending } from './alarms.ts'
import { type Desk, desk, EMPTY, failed } from './desk.ts'
import { applyLinks, applyTraffic, linksOf } from './links.ts'
import { applyCounts } from './sites.ts'

let stream: Stream | undefined
/** Transitions that came while a list of alarms was being fetched; absent while none is. */
let meanwhile: TransitionBody[] | undefined

/** Called once: finds out whether this browser is signed in, and goes on from there. */
export function startDesk(): void {
  whenExpired(() => leave(true))
  whenClock((server, local) => {
    // The Date header counts whole seconds: small differences are its own.
    const skew = Math.abs(server - local) < 2_000 ? 0 : server - local
    desk.set((d) => (Math.abs(d.skew - skew) < 1_500 && (d.skew === 0) === (skew === 0) ? d : { ...d, skew }))
  })
  void resume()
}

/** Asks who is signed in; also the way out of a failed start. */
export async function resume(): Promise<void> {
  try {
    enter(await ask<SessionBody>('session', { anonymous: true }))
  } catch (error) {
    const problem = error as Problem
    desk.set((d) => ({
      ...d,
      session: problem.status === 401 ? { state: 'out', expired: false } : { state: 'unknown', problem },
    }))
    if (problem.status !== 401) setTimeout(() => desk.get().session.state === 'unknown' && void resume(), 3_000)
  }
}

/** Rejects with the service's `Problem`. */
export async function signIn(user: string, password: string): Promise<void> {
  enter(await ask<SessionBody>('session', { method: 'POST', body: { user, password }, anonymous: true }))
}

export async function signOut(): Promise<void> {
  await ask('session', { method: 'DELETE', anonymous: true }).catch(() => {})
  leave(false)
}

function leave(expired: boolean): void {
  stream?.close()
  stream = undefined
  desk.set((d) =>
    d.session.state === 'in' || !expired ? { ...EMPTY, skew: d.skew, session: { state: 'out', expired } } : d,
  )
}

function enter(who: SessionBody): void {
  desk.set((d) => ({ ...d, session: { state: 'in', who }, stream: { state: 'connecting', since: Date.now() } }))
  void refresh()
  stream?.close()
  stream = openStream({
    hello() {
      desk.set((d) => ({ ...d, stream: { state: 'live', since: Date.now() } }))
      void refresh()
    },
    transitions(batch) {
      meanwhile?.push(...batch)
      take(batch)
    },
    counts: ({ sites }) => desk.set((d) => ({ ...d, sites: { value: applyCounts(d.sites.value, sites) } })),
    links: (news) => desk.set((d) => ({ ...d, links: { value: applyLinks(d.links.value, news) } })),
    traffic: (news) =>
      desk.set((d) => {
        const value = applyTraffic(d.links.value, news)
        return value ? { ...d, links: { ...d.links, value } } : d
      }),
    lost: (heard) =>
      desk.set((d) => (d.stream.state === 'lost' ? d : { ...d, stream: { state: 'lost', since: heard } })),
    probe: () => ask('session', { timeout: 5_000 }),
  })
}

/** Transitions from the stream or from a command's reply. */
export function take(batch: readonly TransitionBody[]): void {
  desk.set((d) => ({
    ...d,
    alarms: d.alarms.value === undefined ? d.alarms : { value: applyTransitions(d.alarms.value, batch) },
    pending: settlePending(d.pending, batch),
  }))
}

/** Tries the stream again at once. */
export function reconnect(): void {
  stream?.retry()
}

/** Fetches all snapshots anew; what fails keeps its old value beside the problem. */
export async function refresh(): Promise<void> {
  await Promise.all([
    load('sites', async () => withAreas((await ask<SiteList>('sites')).sites)),
    load('links', links),
    load('alarms', standing),
  ])
}

const links = async () => linksOf(...(await Promise.all([ask<SourceList>('sources'), ask<ForwardList>('forwards')])))

/** The list of sites has no areas; those known from the stream are kept until it speaks again. */
function withAreas(sites: SiteList['sites']): readonly SiteView[] {
  const known = new Map(desk.get().sites.value?.map((site) => [site.site, site.areas]))
  return sites.map((site) => ({ ...site, areas: known.get(site.site) ?? [] }))
}

let fetching: Promise<ReadonlyMap<string, AlarmBody>> | undefined

/** One fetch at a time, so that none begun earlier can overwrite one begun later. */
function standing(): Promise<ReadonlyMap<string, AlarmBody>> {
  const run = async () => {
    meanwhile = []
    const items: AlarmBody[] = []
    let cursor: string | undefined
    do {
      const page: AlarmList = await ask(
        `alarms?state=unacked,acked,rtn-unacked&order=urgency&limit=1000${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      )
      items.push(...page.items)
      cursor = page.next
    } while (cursor !== undefined && items.length < 20_000)
    return fromSnapshot(items, meanwhile)
  }
  const before = fetching ?? Promise.resolve()
  fetching = before.then(run, run)
  return fetching
}

async function load<K extends 'sites' | 'links' | 'alarms'>(
  name: K,
  fetch: () => Promise<NonNullable<Desk[K]['value']>>,
): Promise<void> {
  try {
    const value = await fetch()
    desk.set((d) => (d.session.state === 'in' ? { ...d, [name]: { value } } : d))
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem({ code: 'page', status: 0, title: String(error) })
    desk.set((d) => ({ ...d, [name]: failed(d[name] as never, problem) }))
  }
}
