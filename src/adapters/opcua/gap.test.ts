/** What a server's history is to fill: asked again where it cannot answer, told on the link, noted until the journal has it. */
import { expect, test, vi } from 'vitest'
import { tapSource } from '../../../test/conformance/tap.ts'
import { long } from '../../../test/long-only.ts'
import { last, logged, readingsOf, serve, sourceOf, stops, within } from './source.fixture.ts'

/** A server whose history holds what was missed, and a source that heard its item before. */
async function missed({ answer = 'good', count = 5, settle = true } = {}) {
  const server = await serve([{ node: 'ns=1;s=a', type: 'Double', initial: 0, history: true }])
  const before = Date.now()
  const values = Array.from({ length: count }, (_, i) => i + 1)
  for (const value of values) await server.set('ns=1;s=a', value, { sourceTimestamp: new Date(before + value) })
  await server.history(answer)
  const gaps = new Map<string, number | undefined>()
  const items = [{ node: 'ns=1;s=a', point: 'a', sampling: '20ms' }]
  const source = sourceOf({ endpoint: server.endpoint, items, history: '1h' }, () => before, gaps)
  const unsettled: (() => void)[] = []
  const tap = tapSource(source, (frame) => {
    if (settle) frame.settle('journaled')
    else unsettled.push(() => frame.settle('journaled'))
  })
  stops.push(() => tap.stop())
  const told = () => new Set(readingsOf(tap, 'a').map(({ value }) => value))
  const settleAll = () => {
    for (const each of unsettled.splice(0)) each()
  }
  return { server, source, tap, gaps, before, values, told, settleAll }
}

test('a server that cannot read its history out now is asked again in the same session, and the link says so meanwhile', async () => {
  const { server, source, tap, gaps, before, values, told } = await missed({ answer: 'BadResourceUnavailable' })
  await vi.waitFor(() => expect(source.link()).toMatchObject({ state: 'up', reason: expect.any(String) }), within)
  expect(source.link().reason).toMatch(
    /^the gap since \S+Z is not filled .*BadResourceUnavailable of a; asking again in \d+ s$/,
  )
  // Live goes on, and does not hide the gap.
  await server.set('ns=1;s=a', 99)
  await vi.waitFor(() => expect(last(tap, 'a')?.value).toBe(99), within)
  expect(gaps.get('a')).toBe(before)
  await server.history('good')
  await vi.waitFor(() => expect([...told()]).toEqual(expect.arrayContaining(values)), within)
  expect(tap.lost).toEqual([])
  expect(source.notices!()).toMatchObject({ 'history could not be read, and was asked for again': expect.any(Number) })
  expect(logged.some((line) => /asking again/.test(line))).toBe(true)
})

long('a gap counts as filled only when the journal has what was read of it', async () => {
  const { source, gaps, before, values, told, settleAll } = await missed({ settle: false })
  await vi.waitFor(() => expect([...told()]).toEqual(expect.arrayContaining(values)), within)
  expect(gaps.get('a')).toBe(before)
  // Ten seconds later its end has been read once more, and that is all of it.
  await vi.waitFor(() => expect(source.notices!()).toMatchObject({ 'a gap was filled from the history': 1 }), within)
  expect([gaps.get('a'), source.link().reason]).toEqual([before, undefined])
  await vi.waitFor(() => {
    settleAll()
    expect(gaps.get('a')).toBeUndefined()
  }, within)
})

test('a server that will never read its history out is asked once, and the link says what is missing', async () => {
  const { source, gaps } = await missed({ answer: 'BadHistoryOperationUnsupported' })
  await vi.waitFor(() => expect(gaps.has('a') && gaps.get('a') === undefined).toBe(true), within)
  expect(source.link()).toMatchObject({ state: 'up', reason: expect.stringMatching(/none, or not all, of a$/) })
})

long('a server that does not answer at all about its history keeps its link, and is asked again', async () => {
  const { server, source, tap, values, told } = await missed({ answer: 'nothing' })
  await vi.waitFor(() => expect(source.link().reason).toMatch(/asking again/), { timeout: 60_000, interval: 50 })
  expect(tap.lost).toEqual([])
  await server.history('good')
  await vi.waitFor(() => expect([...told()]).toEqual(expect.arrayContaining(values)), { timeout: 60_000, interval: 50 })
  expect(tap.lost).toEqual([])
})
