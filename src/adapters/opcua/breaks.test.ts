/** Lines that are cut, servers that die, freeze, or come back otherwise. */
import { expect, test, vi } from 'vitest'
import type { SimulatedItem } from '../../../simulators/servers/opcua.ts'
import { startFaultProxy } from '../../../test/conformance/fault-proxy.ts'
import { tapSource } from '../../../test/conformance/tap.ts'
import { long } from '../../../test/long-only.ts'
import { last, logged, login, readingsOf, serve, sourceOf, stops, watch, within } from './source.fixture.ts'

test('a cut connection: the server’s subscription is taken over, with what it queued meanwhile, each value once', async () => {
  const steady: SimulatedItem[] = [
    { node: 'ns=1;s=a', type: 'Double', initial: 1 },
    { node: 'ns=1;s=steady', type: 'Double', initial: 7 },
  ]
  const server = await serve(steady, 0, [{ user: 'davy', password: 'lamp' }])
  const user = await login()
  const proxy = await startFaultProxy(server)
  stops.push(() => proxy.close())
  const endpoint = `opc.tcp://127.0.0.1:${proxy.port}`
  const items = [
    { node: 'ns=1;s=a', point: 'a' },
    { node: 'ns=1;s=steady', point: 'steady' },
  ]
  const { source, tap } = watch(server, items, {
    ...user,
    endpoint,
    restate: '1h',
    publishing: '100ms',
    staleAfter: '5s',
  })
  await vi.waitFor(() => expect(last(tap, 'a')?.value).toBe(1), within)
  proxy.refuse()
  proxy.cut()
  await vi.waitFor(() => expect(tap.lost.length).toBeGreaterThan(0), within)
  expect(last(tap, 'steady')).toMatchObject({ value: null, status: 'link-down' })
  // As slowly as the server samples: another client has seen each before the next.
  const other = watch(server, items.slice(0, 1), { ...user, name: 'other' })
  const values = [2, 3, 4, 5, 6, 7, 8]
  for (const value of values) {
    await server.set('ns=1;s=a', value)
    await vi.waitFor(() => expect(last(other.tap, 'a')?.value).toBe(value), within)
  }
  proxy.refuse(false)
  await vi.waitFor(() => expect(last(tap, 'a')?.value).toBe(8), within)
  await vi.waitFor(() => expect(last(tap, 'steady')).toMatchObject({ value: 7, quality: 'good' }), within)
  const between = values.filter((value) => value < 8 && readingsOf(tap, 'a').some((reading) => reading.value === value))
  expect(between.length, 'a new subscription would begin with 8').toBeGreaterThan(2)
  const said = readingsOf(tap, 'a').map(({ ts, value }) => `${ts} ${value}`)
  expect(new Set(said).size).toBe(said.length)
  expect(source.link().state).toBe('up')
})

test('what a lost link left at the server is not taken for that of other items, under which it comes back', async () => {
  const server = await serve(
    ['a', 'b', 'c'].map((name, i): SimulatedItem => ({ node: `ns=1;s=${name}`, type: 'Double', initial: i + 1 })),
    0,
    [{ user: 'davy', password: 'lamp' }],
  )
  const proxy = await startFaultProxy(server)
  stops.push(() => proxy.close())
  const endpoint = `opc.tcp://127.0.0.1:${proxy.port}`
  const settings = { ...(await login()), endpoint }
  const before = sourceOf({ ...settings, items: [{ node: 'ns=1;s=a', point: 'a' }] })
  const lost = (async () => {
    // Its configuration is changed before anybody opens it again.
    for await (const _ of before.open(new AbortController().signal)) if (before.link().state === 'up') proxy.cut()
  })()
  await expect(lost).rejects.toThrow('OPC UA server')
  const { tap } = watch(
    server,
    ['b', 'c'].map((name) => ({ node: `ns=1;s=${name}`, point: name })),
    settings,
  )
  await vi.waitFor(() => {
    expect(last(tap, 'b')).toMatchObject({ value: 2, quality: 'good' })
    expect(last(tap, 'c')).toMatchObject({ value: 3, quality: 'good' })
  }, within)
  expect(readingsOf(tap, 'a')).toEqual([])
})

long('where the subscription is not handed over, the server’s history fills the gap, in its own times', async () => {
  const server = await serve([
    { node: 'ns=1;s=a', type: 'Double', initial: 1, history: true },
    { node: 'ns=1;s=b', type: 'Double', initial: 7 },
  ])
  const proxy = await startFaultProxy(server)
  stops.push(() => proxy.close())
  const items = [
    { node: 'ns=1;s=a', point: 'a' },
    { node: 'ns=1;s=b', point: 'b' },
  ]
  const endpoint = `opc.tcp://127.0.0.1:${proxy.port}`
  const { tap } = watch(server, items, {
    endpoint,
    restate: '1h',
    history: '1h',
    publishing: '100ms',
    staleAfter: '5s',
  })
  await vi.waitFor(() => expect(last(tap, 'a')?.value).toBe(1), within)
  proxy.refuse()
  proxy.cut()
  await vi.waitFor(() => expect(tap.lost.length).toBeGreaterThan(0), within)
  const begun = Date.now()
  const changes = [2, 3, 4, 5, 6].map((value, i) => ({ value, at: begun + i }))
  for (const { value, at } of changes) await server.set('ns=1;s=a', value, { sourceTimestamp: new Date(at) })
  proxy.refuse(false)
  await vi.waitFor(() => expect(last(tap, 'b')).toMatchObject({ value: 7, quality: 'good' }), within)
  await vi.waitFor(() => expect(last(tap, 'a')?.value).toBe(6), within)
  const told = readingsOf(tap, 'a')
  for (const { value, at } of changes) expect(told).toContainEqual({ point: 'a', ts: at, value, quality: 'good' })
  expect(logged).toContainEqual(
    expect.stringMatching(/values read from the server's history for the gap since \S+Z; none, or not all, of b$/),
  )
})

test('a killed server makes its items bad once, and is found again when it is back', async () => {
  const items: SimulatedItem[] = [{ node: 'ns=1;s=a', type: 'Double', initial: 1 }]
  const server = await serve(items)
  const { source, tap } = watch(server, [{ node: 'ns=1;s=a', point: 'a' }])
  await vi.waitFor(() => expect(last(tap, 'a')?.value).toBe(1), within)
  await server.kill()
  await vi.waitFor(() => expect(tap.lost.length).toBeGreaterThan(2), within)
  expect(last(tap, 'a')).toMatchObject({ value: null, quality: 'bad', status: 'link-down' })
  expect(readingsOf(tap, 'a').filter(({ quality }) => quality === 'bad')).toHaveLength(1)
  expect(source.link().state).not.toBe('up')
  const again = await serve(items, server.port)
  await vi.waitFor(() => expect(last(tap, 'a')).toMatchObject({ value: 1, quality: 'good' }), within)
  await again.set('ns=1;s=a', 2)
  await vi.waitFor(() => expect(last(tap, 'a')).toMatchObject({ value: 2, quality: 'good' }), within)
  const said = readingsOf(tap, 'a').map(({ ts, value }) => `${ts} ${value}`)
  expect(new Set(said).size).toBe(said.length)
})

long('a server that comes back without a node: its last value is not said to hold', async () => {
  const both: SimulatedItem[] = ['a', 'b'].map((name) => ({ node: `ns=1;s=${name}`, type: 'Double', initial: 1 }))
  const server = await serve(both)
  const points = [
    { node: 'ns=1;s=a', point: 'a' },
    { node: 'ns=1;s=b', point: 'b' },
  ]
  const { tap } = watch(server, points)
  await vi.waitFor(() => expect(last(tap, 'b')?.value).toBe(1), within)
  await server.kill()
  await vi.waitFor(() => expect(last(tap, 'b')).toMatchObject({ status: 'link-down' }), within)
  const before = readingsOf(tap, 'a').length
  await serve(both.slice(0, 1), server.port)
  // Said again twice, `b` would have been as well.
  await vi.waitFor(() => expect(readingsOf(tap, 'a').length).toBeGreaterThan(before + 3), within)
  expect(last(tap, 'b')).toMatchObject({ value: null, quality: 'bad', status: 'bad-node-id-unknown' })
})

long('many values of many nodes are read from the history page by page; of a node never heard, none', async () => {
  const nodes = Array.from({ length: 4 }, (_, i) => `ns=1;s=h${i}`)
  const server = await serve(nodes.map((node) => ({ node, type: 'Double', initial: -1, history: true })))
  const begun = Date.now()
  const count = 1_050
  for (let value = 0; value < count; value++) {
    const sourceTimestamp = new Date(begun + value)
    await Promise.all(nodes.map((node) => server.set(node, value, { sourceTimestamp })))
  }
  const items = nodes.map((node, i) => ({ node, point: `h${i}` }))
  const source = sourceOf({ endpoint: server.endpoint, items }, (point) => (point === 'h0' ? undefined : begun))
  const tap = tapSource(source, (frame) => frame.settle('journaled'))
  stops.push(() => tap.stop())
  await vi.waitFor(() => expect(logged.some((line) => line.includes('values read'))).toBe(true), within)
  const told = new Set(readingsOf(tap, 'h3').map(({ value }) => value))
  expect(Array.from({ length: count }, (_, value) => value).filter((value) => !told.has(value))).toEqual([])
  await vi.waitFor(() => expect(last(tap, 'h0')?.value).toBe(count - 1), within)
  expect(readingsOf(tap, 'h0').every(({ value }) => value === count - 1)).toBe(true)
})

long('a frozen server is stale, its items bad once, and it is found again when it thaws', async () => {
  const server = await serve([{ node: 'ns=1;s=a', type: 'Double', initial: 1 }])
  const { source, tap } = watch(server, [{ node: 'ns=1;s=a', point: 'a' }], { staleAfter: '500ms', restate: '100ms' })
  await vi.waitFor(() => expect(last(tap, 'a')?.value).toBe(1), within)
  server.freeze()
  await vi.waitFor(
    () => expect(last(tap, 'a')).toMatchObject({ value: null, quality: 'bad', status: 'link-stale' }),
    within,
  )
  await vi.waitFor(() => expect(tap.lost).toHaveLength(1), within)
  expect(tap.lost[0]!.message).toMatch(/neither data nor keep-alive/)
  expect(source.link().state).not.toBe('up')
  server.thaw()
  await vi.waitFor(() => expect(last(tap, 'a')).toMatchObject({ value: 1, quality: 'good' }), within)
  expect(readingsOf(tap, 'a').filter(({ quality }) => quality === 'bad')).toHaveLength(1)
})
