/** What can be read, each reply held against its own schema, over a real socket. */
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { DAY, HOUR } from '../../model/time.ts'
import { AlarmDetail, AlarmList, PeopleList, PointList, Series, SiteDetail, SiteList, Track } from './schemas.ts'
import { LetterList } from './schemas-admin.ts'
import { AlarmKpi } from './schemas-kpi.ts'
import { ForwardList, SourceList } from './schemas-links.ts'
import { NOW, step } from './test-mine.ts'
import { type Bench, openBench } from './test-service.ts'

let bench: Bench
let token: string
const ALARM = 'baoyuan/crew/coal-face/face-101'

beforeAll(async () => {
  bench = await openBench()
  token = await bench.login()
  const other = { alarm: 'baoyuan/gas/ch4/face-101/ch4-t1:cut', key: 'face-101/ch4-t1:cut', rule: 'limit' }
  await bench.publish([step(1), step(2), step(3)])
  await bench.publish([
    step(4, {
      ...other,
      id: `${other.alarm}/1.1`,
      episode: 1,
      revision: 1,
      severity: 'critical',
      from: 'normal',
      to: 'unacked',
      cause: 'raised',
    }),
  ])
  const payload = new TextEncoder().encode('{"value":1}')
  await bench.store.letters.put([
    { source: 'gw', topic: 'davy/v1/baoyuan/nowhere', payload, at: NOW, code: 'point-unknown', detail: 'nowhere' },
    { source: 'gw', topic: 'davy/v1/elsewhere/x', payload, at: NOW, code: 'site-unknown', detail: 'elsewhere' },
  ])
})
afterAll(() => bench.close())
beforeEach(() => {
  bench.series = []
})

async function get<T>(path: string, schema: TSchema): Promise<T> {
  const response = await bench.call(`/api/v1/${path}`, { token })
  const body = await response.json()
  expect(response.status, JSON.stringify(body)).toBe(200)
  expect([...Compile(schema).Errors(body)]).toEqual([])
  return body as T
}

async function refused(path: string): Promise<[number, string]> {
  const response = await bench.call(`/api/v1/${path}`, { token })
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const problem = (await response.json()) as { code: string; status: number; title: string; remedy: string }
  expect(problem.status).toBe(response.status)
  expect(problem.title && problem.remedy).toBeTruthy()
  return [response.status, problem.code]
}

test('sites and one site', async () => {
  const { sites } = await get<SiteList>('sites', SiteList)
  expect(sites).toMatchObject([
    {
      site: 'baoyuan',
      at: '2026-05-01T08:00:00.000+08:00',
      people: 2,
      underground: 2,
      shift: { id: 'early', from: '2026-05-01T06:00:00.000+08:00', until: '2026-05-01T14:00:00.000+08:00' },
    },
  ])
  const site = await get<SiteDetail>('sites/baoyuan', SiteDetail)
  expect(site.areas[1]).toEqual({
    id: 'face-101',
    name: { zh: 'face-101', en: 'face-101' },
    kind: 'coal-face',
    in: 'underground',
    count: 2,
    limit: 25,
    monitoring: 'watched',
  })
  expect(site.points).toEqual({ total: 2, live: 1, late: 0, silent: 0, bad: 0, unknown: 1, other: 0 })
  expect(site.data).toMatchObject({ readings: 200, good: 0.95, bad: 6, late: 4 })
  expect(site.sources[0]).toMatchObject({ name: 'gw', state: 'up' })
  expect(await refused('sites/nowhere')).toEqual([404, 'site-unknown'])
  const { sources } = await get<SourceList>('sources', SourceList)
  const { forwards } = await get<ForwardList>('forwards', ForwardList)
  expect(forwards).toMatchObject([{ name: 'county', state: 'up', behind: 12, sent: 700 }])
  expect(sources[0]).toMatchObject({ name: 'gw', lagMs: -250, heard: '2026-05-01T00:00:00.000Z' })
})

test('people and points', async () => {
  const { people } = await get<PeopleList>('sites/baoyuan/people', PeopleList)
  expect(people.map(({ person, name, area }) => [person, name, area])).toEqual([
    ['card:C-000999', undefined, 'face-101'],
    ['p-00117', '王小明', 'face-101'],
  ])
  const { points } = await get<PointList>('sites/baoyuan/points', PointList)
  expect(points).toMatchObject([
    {
      id: 'readers/r-1',
      state: 'live',
      value: { card: 'C-000117' },
      quality: 'good',
      ts: '2026-05-01T08:00:00.000+08:00',
    },
    { id: 'face-101/ch4-t1', state: 'unknown', unit: '%', place: 'T1', silentAfter: '1m' },
  ])
})

test('a point is found with raw and with encoded slashes, and its extremes are kept', async () => {
  bench.series = [{ ts: NOW, min: 0.1, max: 1.9, last: 0.4, count: 7, worst: 'uncertain' }]
  const raw = await get<Series>('sites/baoyuan/points/face-101/ch4-t1/history', Series)
  const encoded = await get<Series>('sites/baoyuan/points/face-101%2Fch4-t1/history', Series)
  expect(encoded).toEqual(raw)
  expect(raw).toMatchObject({
    point: 'face-101/ch4-t1',
    unit: '%',
    from: '2026-05-01T07:00:00.000+08:00',
    to: '2026-05-01T08:00:00.000+08:00',
    every: '5s',
    buckets: [{ ts: '2026-05-01T08:00:00.000+08:00', min: 0.1, max: 1.9, last: 0.4, count: 7, worst: 'uncertain' }],
  })
  expect(await refused('sites/baoyuan/points/face-101/none/history')).toEqual([404, 'point-unknown'])
  expect(await refused('sites/baoyuan/points/face-101/ch4-t1')).toEqual([404, 'route-unknown'])
})

test('a series has at most a thousand buckets unless asked, and never more than five thousand', async () => {
  const path = 'sites/baoyuan/points/face-101/ch4-t1/history'
  for (const span of [HOUR, 7 * HOUR, DAY, 31 * DAY, 366 * DAY, 3650 * DAY]) {
    const query = `?from=${NOW - span}&to=${NOW}`
    await get(path + query, Series)
    const { from, to, every } = bench.seriesAsked as { from: number; to: number; every: number }
    expect(to - from).toBe(span)
    expect(span / every).toBeLessThanOrEqual(1000)
  }
  expect(await get(`${path}?every=30s`, Series)).toMatchObject({ every: '30s' })
  expect(await refused(`${path}?every=1s&from=${NOW - DAY}`)).toEqual([400, 'too-many-buckets'])
  expect(await get(`${path}?every=1s&from=${NOW - 5_000_000}&to=${NOW}`, Series)).toMatchObject({ every: '1s' })
  expect(await refused(`${path}?every=1s&from=${NOW - 5_000_001}&to=${NOW}`)).toEqual([400, 'too-many-buckets'])
  expect(await refused(`${path}?every=soon`)).toEqual([400, 'time-unreadable'])
  expect(await refused(`${path}?every=0s`)).toEqual([400, 'time-unreadable'])
  expect(await refused(`${path}?every=999999999d`)).toEqual([400, 'time-unreadable'])
  expect(await refused(`${path}?from=2026-05-01T08:00:00`)).toEqual([400, 'time-unreadable'])
  expect(await refused(`${path}?from=${NOW}&to=${NOW}`)).toEqual([400, 'range-empty'])
  for (const to of ['8640000000000000', '-8640000000000000', '9007199254740991']) {
    expect(await refused(`${path}?to=${to}`), to).toEqual([400, 'time-unreadable'])
    expect(await refused(`sites/baoyuan/cards/c-17/track?to=${to}`), to).toEqual([400, 'time-unreadable'])
  }
  // A + that was not encoded is a space by the time it arrives.
  expect(await get(`${path}?from=2026-05-01T06:00:00+08:00`, Series)).toMatchObject({
    from: '2026-05-01T06:00:00.000+08:00',
  })
})

test("a card's way, and no card", async () => {
  expect(await get('sites/baoyuan/cards/C-000117/track', Track)).toMatchObject({
    person: 'p-00117',
    steps: [{ point: 'readers/r-1', area: 'face-101', readings: 3, until: '2026-05-01T08:00:00.000+08:00' }],
  })
  expect(await refused('sites/baoyuan/cards/C-404/track')).toEqual([404, 'card-unknown'])
  expect(await refused('sites/baoyuan/cards/C-000117/track?from=0')).toEqual([400, 'range-too-long'])
})

test('alarms by comma lists, in pages', async () => {
  const all = await get<AlarmList>('alarms', AlarmList)
  expect(all.items).toHaveLength(3)
  const first = await get<AlarmList>('alarms?limit=2', AlarmList)
  const second = await get<AlarmList>(`alarms?limit=2&cursor=${first.next}`, AlarmList)
  expect([...first.items, ...second.items]).toEqual(all.items)
  const count = async (query: string) => (await get<AlarmList>(`alarms?${query}`, AlarmList)).items.length
  expect(await count('severity=critical,major')).toBe(3)
  expect(await count('severity=critical')).toBe(1)
  expect(await count('rule=limit,over-crew')).toBe(3)
  expect(await count('rule=limit,none')).toBe(1)
  expect(await count('site=baoyuan,other&state=unacked')).toBe(2)
  expect(await count('site=other')).toBe(0)
  expect(await count(`from=${NOW + 4}`)).toBe(1)
  const urgent = await get<AlarmList>('alarms?order=urgency&limit=2', AlarmList)
  const rest = await get<AlarmList>(`alarms?order=urgency&cursor=${urgent.next}`, AlarmList)
  const turns = [...urgent.items, ...rest.items].map(({ state, severity }) => `${state} ${severity}`)
  expect(turns).toEqual(['unacked critical', 'unacked major', 'rtn-unacked major'])
  expect(await refused('alarms?order=oldest')).toEqual([400, 'request-invalid'])
  expect(await refused(`alarms?cursor=${urgent.next}`)).toEqual([400, 'cursor-unreadable'])
  expect(await refused('alarms?state=angry')).toEqual([400, 'word-unknown'])
  expect(await refused('alarms?cursor=!!')).toEqual([400, 'cursor-unreadable'])
  expect(await refused('alarms?limit=0')).toEqual([400, 'request-invalid'])
  expect(await refused('alarms?sate=unacked')).toEqual([400, 'request-invalid'])
})

test('one alarm, raw and encoded, with its timeline and the evidence of its latest episode', async () => {
  const raw = await get<AlarmDetail>(`alarms/${ALARM}`, AlarmDetail)
  expect(await get(`alarms/${encodeURIComponent(ALARM)}`, AlarmDetail)).toEqual(raw)
  expect(raw).toMatchObject({ alarm: ALARM, episode: 2, state: 'unacked' })
  expect(raw.cleared).toBeUndefined()
  bench.remarks = [
    { at: NOW, by: 'admin', text: 'looking into it' },
    { at: NOW, by: 'admin', assigned: 'wang' },
  ]
  expect((await get<AlarmDetail>(`alarms/${ALARM}`, AlarmDetail)).remarks).toEqual([
    { at: expect.stringContaining('+08:00'), by: 'admin', text: 'looking into it' },
    { at: expect.stringContaining('+08:00'), by: 'admin', assigned: 'wang' },
  ])
  expect(raw.timeline.map(({ id }) => id)).toEqual([`${ALARM}/1.1`, `${ALARM}/1.2`, `${ALARM}/2.1`])
  expect(raw.evidence).toEqual([
    { point: 'readers/r-1', ts: '2026-05-01T08:00:00.000+08:00', value: { card: 'C-000117' }, ref: 'x1' },
  ])
  expect(await refused('alarms/baoyuan/crew/none')).toEqual([404, 'alarm-unknown'])
  expect(await refused('alarms/..%2F..%2Fetc%2Fpasswd')).toEqual([404, 'alarm-unknown'])
})

test('counts of alarms', async () => {
  const kpi = await get<AlarmKpi>('alarms/kpi', AlarmKpi)
  // The service's clock stands at 08:00, and these were raised just after.
  expect(kpi.perHour).toHaveLength(24)
  expect(kpi.perHour.at(-1)!.from).toBe('2026-05-01T00:00:00.000Z')
  expect(kpi).toMatchObject({ active: 0, raised: 0, complete: true })
  await bench.publish([step(1, { id: 'baoyuan/x/y/1.1', alarm: 'baoyuan/x/y', at: NOW - HOUR - 1 })])
  const later = await get<AlarmKpi>('alarms/kpi', AlarmKpi)
  expect(later.raised).toBe(1)
  expect(later.perHour.map(({ raised }) => raised)).toEqual([...Array(21).fill(0), 1, 0, 0])
  expect(later).toMatchObject({ rates: { perHour: { peak: 1 } }, top: [{ alarm: 'baoyuan/x/y', raised: 1, share: 1 }] })
  expect(later.benchmark.find(({ id }) => id === 'priority-high')).toMatchObject({ confirmed: false, met: false })
  const elsewhere = await get<AlarmKpi>('alarms/kpi?site=elsewhere', AlarmKpi)
  expect(elsewhere).toMatchObject({ raised: 0, top: [] })
  expect(await refused('alarms/kpi?from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z')).toEqual([400, 'range-empty'])
})

test('dead letters, newest first, by code, in pages', async () => {
  const all = await get<LetterList>('dead-letters', LetterList)
  expect(all.items.map(({ code }) => code)).toEqual(['site-unknown', 'point-unknown'])
  expect(all.counts).toMatchObject({ 'site-unknown': 1, 'point-unknown': 1 })
  expect(all.items[0]).toMatchObject({
    payload: '{"value":1}',
    bytes: 11,
    replayed: false,
    explained: { what: { zh: '未配置该企业' }, remedy: { en: all.items[0]!.remedy } },
  })
  const first = await get<LetterList>('dead-letters?limit=1', LetterList)
  const second = await get<LetterList>(`dead-letters?limit=1&cursor=${first.next}`, LetterList)
  expect(second.items[0]).toMatchObject({ code: 'point-unknown' })
  expect((await get<LetterList>('dead-letters?code=point-unknown', LetterList)).items).toHaveLength(1)
})

test('what is not there, or later, is a problem', async () => {
  for (const path of ['nothing', 'sites/baoyuan/nothing']) {
    expect(await refused(path)).toEqual([404, 'route-unknown'])
  }
  expect((await bench.call('/%')).status).toBe(400)
})
