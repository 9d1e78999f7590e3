import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { SourceLost } from '../../model/errors.ts'
import { reasonOf } from './connection.ts'
import { createKafkaSource } from './index.ts'

const PATIENCE = { timeout: 20_000, interval: 10 }
const CONTEXT = { name: 'kafka', now: Date.now, log: () => {} }

let server: Server | undefined
const sockets = new Set<Socket>()
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  server?.close()
})

/** Something that listens where a broker should; `greet` is what it does with who comes. */
async function listener(greet: (socket: Socket) => void): Promise<string> {
  server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.resume()
    greet(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('nobody there: a lost source that says where and why', async () => {
  const broker = await listener(() => {})
  server!.close()
  const source = createKafkaSource({ brokers: [broker] }, CONTEXT)
  const opened = source.open(new AbortController().signal)[Symbol.asyncIterator]().next()
  expect(source.link()).toMatchObject({ state: 'connecting', peer: broker })
  await expect(opened).rejects.toBeInstanceOf(SourceLost)
  expect(source.link()).toMatchObject({ state: 'down', reason: expect.stringMatching(/ECONNREFUSED/) })
})

test('a password does not travel in the clear', async () => {
  const broker = await listener(() => {})
  const sasl = { mechanism: 'plain', username: 'u', passwordFile: import.meta.filename } as const
  const source = createKafkaSource({ brokers: [broker], sasl }, CONTEXT)
  const opened = source.open(new AbortController().signal)[Symbol.asyncIterator]().next()
  await expect(opened).rejects.toThrow('give `tls` too')
  expect(source.link().reason).toContain('give `tls` too')
  expect(sockets.size).toBe(0)
})

test('an abort ends a source whose broker does not answer, and frees its sockets', async () => {
  const broker = await listener((socket) => socket.once('close', () => sockets.delete(socket)))
  const source = createKafkaSource({ brokers: [broker] }, CONTEXT)
  const abort = new AbortController()
  const opened = source.open(abort.signal)[Symbol.asyncIterator]().next()
  await expect.poll(() => sockets.size, PATIENCE).toBeGreaterThan(0)
  abort.abort()
  expect(await opened).toEqual({ done: true, value: undefined })
  expect(source.link().state).toBe('down')
  await expect.poll(() => sockets.size, PATIENCE).toBe(0)
})

test('a reason is what is innermost, each once', () => {
  const refused = new Error('connect ECONNREFUSED')
  const wrapped = new AggregateError([new Error('Connecting failed.', { cause: refused }), refused], 'failed 2 times')
  expect(reasonOf(new Error('outer', { cause: wrapped }))).toBe('connect ECONNREFUSED')
  expect(reasonOf(undefined)).toBe('undefined')
})
