import { expect, test } from 'vitest'
import type { ForwardBody, SourceBody } from '../api/types.ts'
import { applyLinks, applyTraffic, type Links } from './links.ts'

const AT = '2026-05-01T00:00:00Z'
const source = (name: string, more: Partial<SourceBody> = {}): SourceBody => ({
  name,
  adapter: 'mqtt',
  state: 'up',
  since: AT,
  peer: 'x',
  frames: 1,
  readings: 2,
  duplicates: 0,
  refused: 0,
  ...more,
})
const way = (more: Partial<ForwardBody> = {}): ForwardBody => ({
  name: 'county',
  state: 'up',
  since: AT,
  peer: 'y',
  behind: 0,
  sent: 5,
  refused: 0,
  ...more,
})
const KNOWN: Links = { sources: [source('a', { state: 'down', reason: 'cable' }), source('b')], forwards: [way()] }

test('news of links decide which there are and how they stand, and leave the counters', () => {
  const { frames: _, readings: __, duplicates: ___, refused: ____, ...a } = source('a')
  const { behind: _____, sent: ______, refused: _______, ...county } = way({ state: 'down', reason: 'line' })
  const next = applyLinks(KNOWN, { sources: [a, { ...a, name: 'c' }], forwards: [county] })
  expect(next).toEqual({
    sources: [source('a'), source('c', { frames: 0, readings: 0 })],
    forwards: [way({ state: 'down', reason: 'line' })],
  })
})

test('traffic renews those that carried something, and only those', () => {
  const next = applyTraffic(KNOWN, { sources: [source('b', { frames: 9 }), source('new')], forwards: [] })
  expect(next?.sources).toEqual([KNOWN.sources[0], source('b', { frames: 9 })])
  expect(next?.forwards).toBe(KNOWN.forwards)
  expect(applyTraffic(undefined, { sources: [], forwards: [way()] })).toBeUndefined()
})
