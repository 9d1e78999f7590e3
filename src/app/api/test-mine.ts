/** One small mine for the API's tests: two areas, two points, three people, and alarms as they come and go. */
import type { Transition } from '../../model/alarm.ts'
import type { Member } from '../../model/crew.ts'
import type { Point } from '../../model/point.ts'
import type { Area, Person, Site } from '../../model/site.ts'
import { parseInstant } from '../../model/time.ts'

/** The clock of the mine stands still. */
export const NOW = parseInstant('2026-05-01T08:00:00+08:00')!

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

/** The site, who is on it, and the last reading of its reader. */
export function mine() {
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
