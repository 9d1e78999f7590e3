/** Whether sources that push are heard, by what the points that they send are due. */
import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../model/time.ts'
import { mine } from './api/test-mine.ts'
import { createHttpSources } from './http-sources.ts'

const START = 1_000_000_000

/** A mine in which one point is due each minute, one each five, and one whenever something happens. */
function rig() {
  const { site } = mine()
  const like = [...site.points.values()][0]!
  const due = { gas: MINUTE, meter: 5 * MINUTE, door: undefined }
  const points = new Map(
    Object.entries(due).map(([id, span]) => {
      const { silentAfter: _, ...point } = { ...like, id }
      return [id, { ...point, ...(span !== undefined && { silentAfter: span }) }] as const
    }),
  )
  const users = [
    { user: 'gw-1', role: 'source', site: site.id },
    { user: 'wang', role: 'operator' },
    { user: 'gw-2', role: 'source', site: site.id },
  ]
  const sources = createHttpSources({
    users: () => users,
    installation: () => ({ sites: new Map([[site.id, { ...site, points }]]) }),
    started: START,
  })
  const link = (name: string, at: number) => sources.views(at).find((one) => one.name === name)?.link
  const heard = (name: string, at: number, of: readonly string[]) =>
    sources.heard(name, { site: site.id, points: of, at })
  const names = (at: number) => sources.views(at).map(({ name }) => name)
  return { users, link, names, heard }
}

test('a token that nothing came from is unheard since the start', () => {
  const { link } = rig()
  expect(link('http:gw-1', START + HOUR)).toMatchObject({ state: 'unheard', since: START })
})

test('late when the first of its points is missed, silent when all are, live since it is back', () => {
  const { link, heard } = rig()
  heard('http:gw-1', START, ['gas', 'meter'])
  heard('http:gw-1', START + MINUTE / 2, ['gas', 'not-declared'])
  const last = START + MINUTE / 2
  expect(link('http:gw-1', last + MINUTE - 1)).toMatchObject({ state: 'live', since: START })
  expect(link('http:gw-1', last + MINUTE)).toMatchObject({ state: 'late', since: last + MINUTE })
  expect(link('http:gw-1', last + 5 * MINUTE)).toMatchObject({ state: 'silent', since: last + 5 * MINUTE })
  heard('http:gw-1', last + HOUR, ['gas'])
  expect(link('http:gw-1', last + HOUR)).toMatchObject({ state: 'live', since: last + HOUR })
  expect(link('http:gw-2', last + HOUR)).toMatchObject({ state: 'unheard' })
})

test('where nothing is due, silence says little for longer', () => {
  const { link, heard } = rig()
  heard('http:gw-1', START, ['door'])
  expect(link('http:gw-1', START + 10 * MINUTE - 1)).toMatchObject({ state: 'live' })
  expect(link('http:gw-1', START + 10 * MINUTE)).toMatchObject({ state: 'late' })
  expect(link('http:gw-1', START + HOUR)).toMatchObject({ state: 'silent' })
})

test('a person who pushes is no source, and a token that was taken away is none any more', () => {
  const { users, names, heard } = rig()
  heard('http:wang', START, ['gas'])
  heard('http:gw-2', START, ['gas'])
  expect(names(START + 1)).toEqual(['http:gw-1', 'http:gw-2'])
  users.pop()
  expect(names(START + 1)).toEqual(['http:gw-1'])
})
