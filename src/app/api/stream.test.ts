/** The event stream: nothing missed, nothing doubled, whoever is slow or comes back. */
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { step } from './test-mine.ts'
import { type Bench, openBench } from './test-service.ts'

let bench: Bench
let token: string
const readers: Reader[] = []

beforeEach(async () => {
  bench = await openBench({ streamBuffer: 64 * 1024, streams: 30 })
  token = await bench.login()
})
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.stop()
  await bench.close()
})

interface Event {
  id?: string
  event?: string
  data?: string
}
interface Reader {
  readonly events: Event[]
  readonly status: number
  readonly headers: Headers
  ended: boolean
  stop(): void
}

async function listen(query = '', headers: Record<string, string> = {}): Promise<Reader> {
  const abort = new AbortController()
  const response = await bench.call(`/api/v1/stream${query}`, { headers, token, signal: abort.signal })
  const { status } = response
  const reader: Reader = { events: [], status, headers: response.headers, ended: false, stop: () => abort.abort() }
  readers.push(reader)
  const read = async () => {
    let text = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop()!
      for (const block of blocks)
        reader.events.push(Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2))))
    }
  }
  read()
    .catch(() => {})
    .finally(() => {
      reader.ended = true
    })
  return reader
}

const ids = (reader: Reader) => reader.events.filter(({ event }) => event === 'transition').map(({ id }) => Number(id))
const upTo = (n: number, from = 1) => Array.from({ length: n - from + 1 }, (_, i) => from + i)
const of = (reader: Reader, name: string) =>
  reader.events.filter(({ event }) => event === name).map(({ data }) => JSON.parse(data!))

test('it opens with hello, links and counts, then says what happens', async () => {
  await bench.publish([step(1)])
  const reader = await listen()
  expect(reader.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(reader.headers.get('content-security-policy')).toContain("default-src 'self'")
  await expect.poll(() => reader.events.map(({ event }) => event)).toEqual(['hello', 'links', 'counts'])
  expect(reader.events[0]!.id).toBe('1')
  expect(of(reader, 'counts')[0]).toMatchObject({
    sites: [{ site: 'baoyuan', people: 2, areas: [{}, { id: 'face-101', count: 2, limit: 25 }] }],
  })
  await bench.publish([step(2), step(3)])
  await expect.poll(() => ids(reader)).toEqual([2, 3])
  expect(of(reader, 'transition')[0]).toMatchObject({
    id: step(2).id,
    at: '2026-05-01T08:00:00.002+08:00',
    evidence: [{ point: 'readers/r-1' }],
  })
})

test('counts follow changes and alarms; links follow their state', async () => {
  const reader = await listen()
  await expect.poll(() => of(reader, 'counts')).toHaveLength(1)
  bench.change('baoyuan')
  await expect.poll(() => of(reader, 'counts').length).toBeGreaterThan(1)
  const seen = of(reader, 'counts').length
  await bench.publish([step(1)])
  await expect.poll(() => of(reader, 'counts').length, { timeout: 5000 }).toBeGreaterThan(seen)
  expect(of(reader, 'links')).toHaveLength(1)
  bench.sources = [{ ...bench.sources[0]!, link: { state: 'down', since: 0, reason: 'cable', peer: 'x' } }]
  await expect
    .poll(() => of(reader, 'links').at(-1), { timeout: 5000 })
    .toMatchObject({ sources: [{ state: 'down', reason: 'cable' }], forwards: [{ name: 'county', state: 'up' }] })
  bench.forwards = [{ ...bench.forwards[0]!, link: { state: 'down', since: 0, reason: 'line', peer: 'x' } }]
  await expect
    .poll(() => of(reader, 'links').at(-1), { timeout: 5000 })
    .toMatchObject({ forwards: [{ state: 'down', reason: 'line' }] })
})

test('what links carry is told as it grows, and nothing that stood still', async () => {
  const reader = await listen()
  await expect.poll(() => of(reader, 'traffic').at(-1), { timeout: 5000 }).toBeDefined()
  const told = of(reader, 'traffic').length
  bench.forwards = [{ ...bench.forwards[0]!, behind: 7 }]
  await expect.poll(() => of(reader, 'traffic').length, { timeout: 5000 }).toBe(told + 1)
  expect(of(reader, 'traffic').at(-1)).toMatchObject({ sources: [], forwards: [{ name: 'county', behind: 7 }] })
  const [source] = bench.sources
  bench.sources = [{ ...source!, counters: { ...source!.counters, readings: 99 } }]
  await expect
    .poll(() => of(reader, 'traffic').at(-1), { timeout: 5000 })
    .toMatchObject({ sources: [{ readings: 99 }], forwards: [] })
})

test('a hundred changes at once are few counts', async () => {
  const reader = await listen()
  await expect.poll(() => of(reader, 'counts')).toHaveLength(1)
  for (let i = 0; i < 100; i++) bench.change('baoyuan')
  await bench.publish([step(1)])
  await expect.poll(() => ids(reader)).toEqual([1])
  expect(of(reader, 'counts').length).toBeLessThanOrEqual(3)
})

test('it resumes after the last id, by header or by query, over more than one page', async () => {
  await bench.publish(upTo(1203).map((n) => step(n)))
  const byHeader = await listen('', { 'last-event-id': '3' })
  const byQuery = await listen('?lastEventId=1200')
  await expect.poll(() => ids(byHeader).length, { timeout: 10_000 }).toBe(1200)
  expect(ids(byHeader)).toEqual(upTo(1203, 4))
  await expect.poll(() => ids(byQuery)).toEqual([1201, 1202, 1203])
  await bench.publish([step(1204)])
  await expect.poll(() => [ids(byHeader).at(-1), ids(byQuery).at(-1)]).toEqual([1204, 1204])
})

test('nothing falls between what is read back and what is live', async () => {
  let n = 0
  const publish = async (count: number) => bench.publish(upTo(n + count, n + 1).map((i) => step(++n && i)))
  await publish(700)
  const opened: Promise<Reader>[] = []
  for (let i = 0; i < 20; i++) {
    opened.push(listen(`?lastEventId=${i * 30}`))
    await publish(17)
  }
  const all = await Promise.all(opened)
  await publish(5)
  for (const [i, reader] of all.entries()) {
    await expect.poll(() => ids(reader).at(-1), { timeout: 10_000 }).toBe(n)
    expect(ids(reader)).toEqual(upTo(n, i * 30 + 1))
  }
})

test('an id that was never given out starts over, and says so', async () => {
  await bench.publish([step(1)])
  const reader = await listen('', { 'last-event-id': '999' })
  await expect.poll(() => of(reader, 'hello')[0]).toMatchObject({ seq: 1, reset: true })
  await bench.publish([step(2)])
  await expect.poll(() => ids(reader)).toEqual([2])
  const wrong = await bench.call('/api/v1/stream', { headers: { 'last-event-id': 'abc' }, token })
  expect([wrong.status, ((await wrong.json()) as { code: string }).code]).toEqual([400, 'bad-request'])
})

test('who does not read is cut off, holds up nobody, and resumes whole', async () => {
  const quick = await listen()
  const slow = await stuck()
  await expect.poll(async () => metric('davy_streams')).toBe(2)
  const text = { zh: '超'.repeat(20_000), en: 'over' }
  let n = 0
  while ((await metric('davy_streams')) === 2) {
    expect(n, 'the slow client was never cut off').toBeLessThan(2000)
    const from = n + 1
    n += 20
    await bench.publish(upTo(n, from).map((i) => step(i, { text })))
    await expect.poll(() => ids(quick).at(-1), { timeout: 10_000 }).toBe(n)
  }
  expect(ids(quick)).toEqual(upTo(n))
  slow.destroy()
  const resumed = await listen('?lastEventId=0')
  await expect.poll(() => ids(resumed).at(-1), { timeout: 20_000 }).toBe(n)
  expect(ids(resumed)).toEqual(upTo(n))
})

test('streams end with the server, and there is a most of them', async () => {
  const all = await Promise.all(upTo(30).map(() => listen()))
  const one = await bench.call('/api/v1/stream', { token })
  expect([one.status, ((await one.json()) as { code: string }).code]).toEqual([503, 'streams-full'])
  await bench.app.close()
  await expect.poll(() => all.every(({ ended }) => ended)).toBe(true)
})

async function metric(name: string): Promise<number> {
  const text = await (await bench.call('/metrics')).text()
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1])
}

/** A client that asks for the stream and then never reads. */
function stuck(): Promise<Socket> {
  const { hostname, port } = new URL(bench.url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.pause()
      socket.write(`GET /api/v1/stream HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\n\r\n`, () =>
        resolve(socket),
      )
    })
    socket.on('error', () => {})
  })
}
