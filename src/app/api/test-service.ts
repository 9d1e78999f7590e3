/** A small service for the API's tests: the real stores, one mine, and people, points and links that a test may change. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '../../adapters/store-sqlite/index.ts'
import type { Remark, Transition } from '../../model/alarm.ts'
import type { Command } from '../../model/command.ts'
import type { SeriesBucket, StreamedTransition } from '../../model/ports.ts'
import type { Area, Installation, Site } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import { openAttachments } from '../attachments.ts'
import { createAuth } from '../auth/auth.ts'
import { systemClock } from '../clock.ts'
import type { ConfigurationView } from '../configuration-state.ts'
import type { DiskView } from '../disk/watch.ts'
import type { ForwardView } from '../forward.ts'
import { createJournalWork } from '../journal-work.ts'
import { silence } from '../notify/silence.ts'
import { openDisguise } from '../privacy/disguise.ts'
import type { CommandReport, PointView, Service, SourceView, SubmitReport } from '../service.ts'
import { createApi } from './index.ts'
import type { ApiSettings } from './settings.ts'
import { mine, NOW } from './test-mine.ts'

export const PASSWORD = 'lamp-room-17'

/** What a test may look into and change. */
export interface Bench {
  readonly url: string
  readonly data: string
  readonly store: Store
  readonly site: Site
  readonly submitted: { site: string; readings: readonly unknown[]; source: string }[]
  readonly commands: Command[]
  /** Errors of the service's log. */
  readonly logged: string[]
  readonly auth: Awaited<ReturnType<typeof createAuth>>['auth']
  readonly app: Awaited<ReturnType<typeof createApi>>
  /** What `submit`, `command` and `replayLetter` answer next. */
  answers: { submit?: SubmitReport; command?: CommandReport; replay?: SubmitReport }
  sources: SourceView[]
  forwards: ForwardView[]
  configuration: ConfigurationView
  disk: DiskView
  remarks: Remark[]
  series: SeriesBucket[]
  seriesAsked: unknown
  /** Stores transitions and tells the listeners, as the publisher does. */
  publish(transitions: readonly Transition[]): Promise<void>
  change(site: string): void
  call(path: string, init?: RequestInit & { token?: string }): Promise<Response>
  /** Accounts and their back-off see no time pass until the returned function is called. */
  holdClock(): () => void
  login(user?: string, password?: string): Promise<string>
  close(): Promise<void>
}

export async function openBench(settings: Partial<ApiSettings> = {}, page?: string): Promise<Bench> {
  const data = await mkdtemp(join(tmpdir(), 'davy-api-'))
  const store = await openStore({ file: join(data, 'store.db') })
  const { now } = systemClock()
  let held: Instant | undefined
  const { auth } = await createAuth({ data, now: () => held ?? now(), password: PASSWORD })
  const { site, members, reading } = mine()
  const listeners = new Set<(batch: readonly StreamedTransition[]) => void>()
  const changed = new Set<(sites: ReadonlySet<string>) => void>()
  const installation: Installation = {
    hash: 'h',
    graph: 'g',
    sites: new Map([[site.id, site]]),
    points: [...site.points.values()],
    regulations: [],
    rules: [],
  }
  const bench = {
    data,
    store,
    site,
    auth,
    submitted: [],
    commands: [],
    logged: [],
    answers: {},
    configuration: { hash: 'h', since: NOW, restart: [] },
    disk: {
      state: 'enough',
      at: NOW,
      measure: {
        free: 6e9,
        size: 8e9,
        parts: { journal: 1e9, history: 5e8, store: 3e8, configurations: 2e5, other: 1e5 },
      },
      rate: 1e7,
      lasts: 2_160_000_000,
    },
    sources: [
      {
        name: 'gw',
        adapter: 'mqtt',
        link: { state: 'up', since: NOW, peer: 'mqtt://10.0.0.1' },
        notices: {},
        counters: { frames: 1, readings: 2, duplicates: 0, refused: 0, heard: NOW, lag: -250 },
      },
    ],
    forwards: [
      { name: 'county', link: { state: 'up', since: NOW, peer: 'mqtt://10.0.0.2' }, behind: 12, sent: 700, refused: 0 },
    ],
    series: [],
    remarks: [],
  } as unknown as { -readonly [K in keyof Bench]: Bench[K] }

  const crew = {
    site,
    member: (id: string) => members.find((member) => member.id === id),
    inside: (area: Area) => members.filter((member) => member.area === area),
    count: (area: Area) => members.filter((member) => member.area === area).length,
    members: () => members.values(),
  }
  const history = {
    async series(query: unknown) {
      bench.seriesAsked = query
      return bench.series
    },
    track: async ({ card }: { card: string }) =>
      card === 'C-000117'
        ? [{ point: { siteId: site.id, id: 'readers/r-1' }, ts: NOW - 60_000, until: NOW, readings: 3 }]
        : [],
  } as unknown as Service['history']

  const service: Service = {
    now: () => NOW,
    installation: () => installation,
    ready: () => true,
    crew: (id) => (id === site.id ? crew : undefined),
    areas: () =>
      [...site.areas.values()].map((area) => ({ area, count: crew.count(area), limit: 25, monitoring: 'watched' })),
    point: (_site, id): PointView =>
      id === 'readers/r-1' ? { reading, lastGood: NOW, state: 'live' } : { state: 'unknown' },
    standing: () => [],
    hushed: () => [],
    windows: () => [],
    outOfService: () => [],
    limit: () => 25,
    quality: () => ({ readings: 200, bad: 6, late: 4 }),
    remarks: () => bench.remarks,
    handovers: () => [],
    sources: () => bench.sources,
    forwards: () => bench.forwards,
    counters: () => ({
      readings: 7,
      duplicates: 1,
      late: 0,
      early: 0,
      bad: 0,
      refused: { 'point-unknown': 3 },
      transitions: 2,
      ruleFaults: 0,
      journalOffset: 9,
      latency: { 'journal.p99': 12 },
    }),
    async submit(id, readings, source) {
      bench.submitted.push({ site: id, readings, source })
      return bench.answers.submit ?? { accepted: readings.length, duplicates: 0, refused: [] }
    },
    async command(command) {
      bench.commands.push(command)
      return bench.answers.command ?? { transitions: [] }
    },
    replayLetter: async () => bench.answers.replay,
    ...createJournalWork({ data }),
    alarms: store.alarms,
    hazards: store.hazards,
    kpis: store.kpis,
    // Nobody is told anything: test/acceptance has channels.
    configuration: () => bench.configuration,
    disk: () => bench.disk,
    notifications: silence(),
    letters: store.letters,
    history,
    onTransitions(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onChange(listener) {
      changed.add(listener)
      return () => changed.delete(listener)
    },
  }

  bench.publish = async (transitions) => {
    const batch = await store.alarms.put(transitions)
    for (const listener of listeners) listener(batch)
  }
  bench.change = (id) => {
    for (const listener of changed) listener(new Set([id]))
  }
  const generous = { loginsPerMinute: 1000, ...settings }
  const app = await createApi({
    service,
    auth,
    attachments: openAttachments({ data }),
    disguise: openDisguise({ data }),
    settings: generous,
    page,
    log: { info() {}, warn() {}, error: (message) => bench.logged.push(message) },
  })
  bench.app = app
  bench.url = await app.listen({ host: '127.0.0.1', port: 0 })
  bench.call = (path, { token, ...init } = {}) =>
    fetch(bench.url + path, {
      ...init,
      headers: { ...(init.headers as object), ...(token && { authorization: `Bearer ${token}` }) },
    })
  bench.holdClock = () => {
    held = now()
    return () => {
      held = undefined
    }
  }
  bench.login = async (user = 'admin', password = PASSWORD) => {
    const response = await bench.call('/api/v1/session', json({ user, password }))
    return ((await response.json()) as { token: string }).token
  }
  bench.close = async () => {
    await app.close()
    await auth.close()
    await store.close()
    await rm(data, { recursive: true })
  }
  return bench
}

/** A POST of a JSON body. */
export function json(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
