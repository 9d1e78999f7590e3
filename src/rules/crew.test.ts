import { expect, test } from 'vitest'
import { POINT_KINDS, type Point, type PointKind } from '../model/point.ts'
import type { Passage, Quality, Reading, Sighting } from '../model/reading.ts'
import type { Area, Person, Site } from '../model/site.ts'
import { createCrew } from './crew.ts'

const site = { id: 'baoyuan', index: 0, points: new Map<string, Point>() } as unknown as Site & {
  points: Map<string, Point>
}
const underground = { id: 'underground', kind: 'underground', site, children: [], allow: [] } as unknown as Area
const face = { id: 'face', kind: 'coal-face', site, parent: underground, children: [], allow: [] } as unknown as Area
const head = { id: 'head', kind: 'heading-face', site, parent: underground, children: [], allow: [] } as unknown as Area
const li: Person = { id: 'p-li', name: '李', cards: ['c-1', 'c-2'] }
Object.assign(site, {
  areas: new Map([underground, face, head].map((area) => [area.id, area])),
  people: new Map([[li.id, li]]),
  cards: new Map([
    ['c-1', li],
    ['c-2', li],
  ]),
})

function point(id: string, kind: PointKind, area?: Area): Point {
  const made: Point = {
    index: 0,
    id,
    siteId: site.id,
    site,
    kind,
    shape: POINT_KINDS[kind].shape,
    attributes: {},
    ...(area && { area }),
  }
  site.points.set(id, made)
  return made
}
const rFace = point('r-face', 'card.reader', face)
const rFace2 = point('r-face-2', 'card.reader', face)
const rHead = point('r-head', 'card.reader', head)
const gate = point('gate', 'gate', underground)

function see(reader: Point, ts: number, value: Sighting | Passage, quality: Quality = 'good'): Reading {
  return { point: reader, ts, received: ts, value, quality, timing: 'live' }
}

test('a person is where last seen, and counts once however many cards they carry', () => {
  const crew = createCrew(site)
  expect(crew.apply(see(rFace, 1, { card: 'c-1' }))).toMatchObject({ to: face })
  expect(crew.apply(see(rFace, 2, { card: 'c-2' }))).toBeUndefined()
  crew.apply(see(rFace, 3, { card: 'stranger' }))
  expect([crew.count(face), crew.count(underground), crew.count(head)]).toEqual([2, 2, 0])
  expect(crew.apply(see(rHead, 4, { card: 'c-2' }))).toMatchObject({ from: face, to: head, ts: 4 })
  expect([crew.count(face), crew.count(underground), crew.count(head)]).toEqual([1, 2, 1])
  expect(crew.inside(underground).map(({ id }) => id)).toEqual(['card:stranger', 'p-li'])
})

test('only the reader that has the card can lose it', () => {
  const crew = createCrew(site)
  crew.apply(see(rFace, 1, { card: 'stranger' }))
  crew.apply(see(rFace2, 2, { card: 'stranger' }))
  expect(crew.apply(see(rFace, 3, { card: 'stranger', gone: true }))).toBeUndefined()
  expect(crew.count(face)).toBe(1)
  expect(crew.apply(see(rFace2, 4, { card: 'stranger', gone: true }))).toMatchObject({ from: face })
  expect(crew.count(face)).toBe(0)
})

test('losing one of two cards leaves the person with the other', () => {
  const crew = createCrew(site)
  crew.apply(see(rHead, 1, { card: 'c-2' }))
  crew.apply(see(rFace, 2, { card: 'c-1' }))
  expect(crew.apply(see(rFace, 3, { card: 'c-1', gone: true }))).toMatchObject({ from: face, to: head })
})

test('a passage out takes them out, and an older sighting does not bring them back', () => {
  const crew = createCrew(site)
  crew.apply(see(rFace, 1, { card: 'c-1' }))
  expect(crew.apply(see(gate, 10, { direction: 'out', person: 'p-li' }))).toMatchObject({ from: face })
  expect(crew.apply(see(rHead, 9, { card: 'c-2' }))).toBeUndefined()
  expect(crew.count(underground)).toBe(0)
  expect(crew.apply(see(gate, 20, { direction: 'in', card: 'c-1' }))).toMatchObject({ to: underground })
  expect(crew.apply(see(rFace, 21, { card: 'c-1' }))).toMatchObject({ from: underground, to: face })
})

test('an uncertain sighting may add, never take away; a bad one does nothing', () => {
  const crew = createCrew(site)
  crew.apply(see(rFace, 1, { card: 'c-1' }, 'bad'))
  expect(crew.count(face)).toBe(0)
  crew.apply(see(rFace, 2, { card: 'c-1' }, 'uncertain'))
  expect(crew.count(face)).toBe(1)
  crew.apply(see(rHead, 3, { card: 'c-1' }, 'uncertain'))
  crew.apply(see(rFace, 4, { card: 'c-1', gone: true }, 'uncertain'))
  crew.apply(see(gate, 5, { direction: 'out', person: 'p-li' }, 'uncertain'))
  expect([crew.count(face), crew.count(head)]).toEqual([1, 0])
})

test('what was saved goes on as if nothing had happened', () => {
  const steps = [
    see(gate, 1, { direction: 'in', person: 'p-li' }),
    see(rFace, 2, { card: 'c-1' }),
    see(rFace, 2, { card: 'x' }),
    see(rHead, 3, { card: 'c-2' }),
    see(rHead, 4, { card: 'c-2', gone: true }),
    see(gate, 5, { direction: 'out', person: 'p-li' }),
    see(rFace, 4, { card: 'c-1' }),
    see(rFace, 6, { card: 'c-1' }),
  ]
  const moves = (cut: number) => {
    let crew = createCrew(site)
    return steps.map((step, i) => {
      if (i === cut) crew = createCrew(site, JSON.parse(JSON.stringify(crew.save())))
      const move = crew.apply(step)
      const { card, reader, ts, since } = crew.member('p-li') ?? {}
      const counts = [crew.count(face), crew.count(head), crew.count(underground)]
      return [move?.from?.id, move?.to?.id, ...counts, card, reader?.id, ts, since]
    })
  }
  for (let cut = 0; cut < steps.length; cut++) expect(moves(cut), `cut before ${cut}`).toEqual(moves(-1))
})

test('a card handed out while its holder is below becomes that person, who is counted once, and the rules hear of it', () => {
  const crew = createCrew(site)
  crew.apply(see(rFace, 1, { card: 'x' }))
  crew.apply(see(rHead, 2, { card: 'c-1' }))
  const saved = JSON.parse(JSON.stringify(crew.save()))
  const wang: Person = { id: 'p-wang', name: '王', cards: ['x'] }
  const people = new Map([...site.people, [wang.id, wang]])
  const next = createCrew({ ...site, people, cards: new Map([...site.cards, ['x', wang]]) } as Site, saved)
  expect(next.count(underground)).toBe(2)
  expect(next.inside(face).map(({ id, person, card }) => [id, person?.name, card])).toEqual([['p-wang', '王', 'x']])
  expect(next.moves.map(({ member, from, to }) => [member.id, from?.id, to?.id])).toEqual([
    ['card:x', 'face', undefined],
    ['p-wang', undefined, 'face'],
  ])
  next.apply(see(rFace, 3, { card: 'x' }))
  expect(next.count(face)).toBe(1)
  expect(createCrew(site, saved).moves).toEqual([])
})

test('a person who left the books is an unknown card; a reader that was moved takes its people along', () => {
  const crew = createCrew(site)
  crew.apply(see(rFace, 1, { card: 'c-1' }))
  const saved = JSON.parse(JSON.stringify(crew.save()))
  const gone = createCrew({ ...site, people: new Map(), cards: new Map() } as Site, saved)
  expect(gone.inside(face).map(({ id }) => id)).toEqual(['card:c-1'])
  const points = new Map([...site.points, [rFace.id, { ...rFace, area: head }]])
  const moved = createCrew({ ...site, points } as Site, saved)
  expect([moved.count(face), moved.count(head), moved.count(underground)]).toEqual([0, 1, 1])
  expect(moved.moves.map(({ member, from, to }) => [member.id, from?.id, to?.id])).toEqual([['p-li', 'face', 'head']])
})
