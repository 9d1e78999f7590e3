import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Receiver, receiver } from '../../../test/receivers.ts'
import { post, type Reply } from './post.ts'

let peer: Receiver
beforeEach(async () => {
  peer = await receiver()
})
afterEach(() => peer.close())

const send = (patience = 20_000) =>
  post({ url: `${peer.url}/x?y=1`, headers: { 'x-own': '1' }, body: '中文', signal: AbortSignal.timeout(patience) })

test('what was taken is sent, as UTF-8, with our headers', async () => {
  peer.answers = [{ status: 202, body: 'thank\n you' }]
  expect(await send()).toEqual({ outcome: 'sent', answer: '202 thank you' })
  expect(peer.got).toMatchObject([{ method: 'POST', path: '/x?y=1', body: '中文', headers: { 'x-own': '1' } }])
})

test.each([
  [400, 'refused', undefined],
  [409, 'refused', undefined],
  [413, 'refused', undefined],
  [422, 'refused', undefined],
  [401, 'failed', 'credentials'],
  [407, 'failed', 'credentials'],
  [403, 'failed', 'address'],
  [404, 'failed', 'address'],
  [410, 'failed', 'address'],
  [301, 'failed', 'address'],
  [408, 'failed', undefined],
  [429, 'failed', undefined],
  [500, 'failed', undefined],
  [503, 'failed', undefined],
])('status %i is %s, for want of %s', async (status, outcome, lacks) => {
  peer.answers = [{ status, body: 'no', headers: status === 301 ? { location: `${peer.url}/elsewhere` } : {} }]
  expect(await send()).toEqual({ outcome, answer: `${status} no`, ...(lacks && { lacks }) })
  expect(peer.got).toHaveLength(1)
})

test('Retry-After is taken as seconds and as a date, and never for more than an hour', async () => {
  peer.answers = [{ status: 429, headers: { 'retry-after': '7' } }]
  expect(await send()).toMatchObject({ outcome: 'failed', after: 7_000 })
  peer.answers = [{ status: 503, headers: { 'retry-after': new Date(Date.now() + 86_400_000).toUTCString() } }]
  expect(await send()).toMatchObject({ after: 3_600_000 })
  peer.answers = [{ status: 503, headers: { 'retry-after': 'soon' } }]
  expect(await send()).toEqual({ outcome: 'failed', answer: '503' })
})

test('a peer that cuts, is silent, or is not there fails in words', async () => {
  peer.answers = ['reset']
  expect(await send()).toMatchObject({ outcome: 'failed', answer: expect.stringMatching(/ECONNRESET|hang up/) })
  peer.answers = ['silence']
  expect(await send(200)).toEqual({ outcome: 'failed', answer: 'no answer in time' })
  const gone = { url: 'http://127.0.0.1:1/', headers: {}, body: '', signal: AbortSignal.timeout(20_000) }
  expect(await post(gone)).toMatchObject({ outcome: 'failed', answer: expect.stringMatching(/ECONNREFUSED/) })
})

test('what was answered by its status is answered, though the rest of the answer is slow or cut off', async () => {
  const sockets: Socket[] = []
  const slow = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(request.url === '/refused' ? 422 : 200, { 'content-length': '2000' })
      response.write('{"errcode":0}', () => {
        if (request.url === '/cut') sockets.at(-1)!.resetAndDestroy()
      })
    })
  })
  slow.on('connection', (socket) => sockets.push(socket))
  slow.listen(0, '127.0.0.1')
  await once(slow, 'listening')
  const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`
  const to = (path: string, judge?: (reply: Reply) => undefined) =>
    post({ url: `${url}${path}`, headers: {}, body: '', signal: AbortSignal.timeout(2_000) }, judge)
  expect(await to('/slow')).toEqual({ outcome: 'sent', answer: '200 {"errcode":0}' })
  expect(await to('/cut')).toEqual({ outcome: 'sent', answer: '200 {"errcode":0}' })
  expect(await to('/refused')).toMatchObject({ outcome: 'refused' })
  const read: string[] = []
  await to('/slow', ({ body }) => void read.push(body))
  expect(read, 'what came is looked into').toEqual(['{"errcode":0}'])
  slow.closeAllConnections()
  slow.close()
})

test('of a long answer the beginning is kept', async () => {
  peer.answers = [{ status: 200, body: 'x'.repeat(1_000_000) }]
  const { answer } = await send()
  expect(answer).toHaveLength(300)
})
