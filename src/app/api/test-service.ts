/** A small service for the API's tests: the real stores, one mine, and people, points and links that a test may change. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '../../adapters/store-sqlite/index.ts'
import type { Transition } from '../../model/alarm.ts'
import type { Command } from '../../model/command.ts'
import type { Member } from '../../model/crew.ts'
import type { Point } from '../../model/point.ts'
import type { History, SeriesBucket, StreamedTransition } from '../../model/ports.ts'
import type { Area, Installation, Person, Site } from '../../model/site.ts'
import { parseInstant } from '../../model/time.ts'
import { createAuth } from '../auth/auth.ts'
import type { CommandReport, PointView, Service, SourceView, SubmitReport } from '../service.ts'
import { createApi } from './index.ts'
import type { ApiSettings } from './settings.ts'

export const NOW = parseInstant('2026-05-01T08:00:00+08:00')!
export const PASSWORD = 'lamp-room-17'

/** What a test may look into and change. */
export interface Bench {
  readonly url: string
  readonly data: string
  readonly store: Store
  readonly site: Site
  readonly submitted: { site: string; readings: readonly unknown[]; source: string }[]
  readonly commands: Command[]
  readonly auth: Awaited<ReturnType<typeof createAuth>>['auth']
  readonly app: Awaited<ReturnType<typeof createApi>>
  /** What `submit`, `command` and `replayLetter` answer next. */
  answers: { submit?: SubmitReport; command?: CommandReport; replay?: SubmitReport }
  sources: SourceView[]
  series: SeriesBucket[]
  seriesAsked: unknown
  /** Stores transitions and tells the listeners, as the publisher does. */
  publish(transitions: readonly Transition[]): Promise<void>
  change(site: string): void
  call(path: string, init?: RequestInit & { token?: string }): Promise<Response>
  login(user?: string, password?: string): Promise<string>
  close(): Promise<void>
}

export async function openBench(settings: Partial<ApiSettings> = {}, page?: string): Promise<Bench> {
  const data = await mkdtemp(join(tmpdir(), 'davy-api-'))
  const store = await openStore({ file: join(data, 'store.db') })
  const { auth } = await createAuth({ data, now: Date.now, password: PASSWORD })
  const { site, members, reading } = mine()
  const listeners = new Set<(batch: readonly StreamedTransition[]) => void>()
  const changed = new Set<(sites: ReadonlySet<string>) => void>()
  const installation: Installation = {
    hash: 'h',
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
    answers: {},
    sources: [
      {
        name: 'gw',
        adapter: 'mqtt',
        link: { state: 'up', since: NOW, peer: 'mqtt://10.0.0.1' },
        counters: { frames: 1, readings: 2, duplicates: 0, refused: 0 },
      },
    ],
    series: [],
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
  } as unknown as History

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
    sources: () => bench.sources,
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
      latency: { p99: 12 },
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
    alarms: store.alarms,
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
    settings: generous,
    page,
    log: { info() {}, warn() {}, error: console.error },
  })
  bench.app = app
  bench.url = await app.listen({ host: '127.0.0.1', port: 0 })
  bench.call = (path, { token, ...init } = {}) =>
    fetch(bench.url + path, {
      ...init,
      headers: { ...(init.headers as object), ...(token && { authorization: `Bearer ${token}` }) },
    })
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

/** The n-th transition of an alarm: odd ones raise an episode, even ones clear it. */
export function step(n: number, changes: Partial<Transition> = {}): Transition {
  const rises = n % 2 === 1
  const episode = Math.ceil(n / 2)
  const alarm = 'baoyuan/crew/coal-face/face-101'
  return {
    id: `${alarm}/${episode}.${rises ? 1 : 2}`,
    alarm,
    episode,
    revision: rises ? 1 : 2,
    at: NOW + n,
    since: NOW,
    received: NOW + n,
    offset: n,
    site: 'baoyuan',
    rule: 'over-crew',
    instance: 'crew/coal-face',
    clause: 'yuzhou-2024/27',
    key: 'face-101',
    from: rises ? 'normal' : 'unacked',
    to: rises ? 'unacked' : 'rtn-unacked',
    cause: rises ? 'raised' : 'cleared',
    severity: 'major',
    value: 26,
    limit: 25,
    text: { zh: '超员', en: 'over the limit' },
    evidence: [{ point: { siteId: 'baoyuan', id: 'readers/r-1' }, ts: NOW, value: { card: 'C-000117' }, ref: 'x1' }],
    ...changes,
  }
}

function mine() {
  const areas = new Map<string, Area>()
  const points = new Map<string, Point>()
  const person: Person = { id: 'p-00117', name: '王小明', role: 'miner', team: 'A', cards: ['C-000117'] }
  const site: Site = {
    index: 0,
    id: 'baoyuan',
    name: { zh: '宝源煤矿', en: 'Baoyuan coal mine' },
    kind: 'coal-mine',
    status: 'producing',
    timezone: 'Asia/Shanghai',
    lateAfter: 30_000,
    shifts: [{ id: 'early', from: 6 * 3_600_000, to: 14 * 3_600_000, work: 'production' }],
    areas,
    points,
    people: new Map([[person.id, person]]),
    cards: new Map([['C-000117', person]]),
  }
  const underground = areaOf('underground', 'underground')
  const face = areaOf('face-101', 'coal-face', underground)
  areas.set(underground.id, underground)
  areas.set(face.id, face)
  const reader: Point = {
    siteId: site.id,
    id: 'readers/r-1',
    index: 0,
    site,
    kind: 'card.reader',
    shape: 'sighting',
    area: face,
    attributes: {},
  }
  const gas: Point = {
    siteId: site.id,
    id: 'face-101/ch4-t1',
    index: 1,
    site,
    kind: 'gas.ch4',
    shape: 'number',
    unit: '%',
    area: face,
    range: [0, 10],
    silentAfter: 60_000,
    attributes: { place: 'T1' },
  }
  points.set(reader.id, reader)
  points.set(gas.id, gas)
  const evidence = { point: reader, ts: NOW, value: { card: 'C-000117' } }
  const members: Member[] = [
    { id: person.id, person, card: 'C-000117', area: face, reader, ts: NOW, since: NOW - 60_000, evidence },
    { id: 'card:C-000999', card: 'C-000999', area: face, reader, ts: NOW, since: NOW, evidence },
    { id: 'p-00200', ts: NOW, since: NOW, evidence },
  ]
  const reading = { ...evidence, quality: 'good', received: NOW, timing: 'live' } as const
  return { site, members, reading }

  function areaOf(id: string, kind: string, parent?: Area): Area {
    return {
      id,
      site,
      name: { zh: id, en: id },
      kind,
      ...(parent && { parent }),
      children: [],
      allow: [],
      attributes: {},
    }
  }
}
