/** A channel whose settings change, or whose service stops, while a message is on its way. */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import { hookAt, PATIENCE, RATE, type Rig, rig, rise, settingsOf, taken } from './test-notifications.ts'

let mine: Rig
/** Takes what comes; without a status the answers are the test's. */
let open: ServerResponse[]
let status: number | undefined
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    open.push(response)
    if (status !== undefined) response.writeHead(status).end()
  })
})
let url = ''
beforeEach(async () => {
  mine = await rig()
  open = []
  status = undefined
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  await mine.close()
  server.closeAllConnections()
  server.close()
})

/** The moment for an answer lasts as long as this machine may stall. */
const patient = { wait: (delay: number, signal?: AbortSignal) => systemClock().wait(delay * 20, signal) }

test('what is on its way when its channel changes is not sent again, and what comes goes by the new one', async () => {
  const notifications = await mine.start({ channels: [hookAt(url)()] }, patient)
  await mine.publish([rise('a')])
  await expect.poll(() => open.length, PATIENCE).toBe(1)
  const rate = { messages: 5_000, per: 60_000 }
  const changing = notifications.apply(settingsOf({ channels: [hookAt(url)('hook', { rate })] }))
  open[0]!.end()
  expect(await changing).toMatchObject({ restarted: ['hook'] })
  await mine.publish([rise('b', { offset: 2 })])
  await expect.poll(() => open.length, PATIENCE).toBe(2)
  open[1]!.end()
  await taken(notifications, 2)
  expect(open).toHaveLength(2)
})

test('what is on its way when the service stops is known to have come; without an answer it is sent again', async () => {
  await mine.start({ channels: [hookAt(url)()] }, patient)
  await mine.publish([rise('a')])
  await expect.poll(() => open.length, PATIENCE).toBe(1)
  const stopping = mine.stop()
  open[0]!.end()
  await stopping
  const notifications = await mine.start({ channels: [hookAt(url)()] })
  expect(await notifications.list({ limit: 9 })).toMatchObject([{ state: 'sent', attempts: 1 }])
  await mine.publish([rise('b', { offset: 2 })])
  await expect.poll(() => open.length, PATIENCE).toBe(2)
  await mine.stop()
  await mine.start({ channels: [hookAt(url)()] })
  await expect.poll(() => open.length, PATIENCE).toBe(3)
  open[2]!.end()
})

test('what waits for somebody is told also where their route speaks another language meanwhile', async () => {
  status = 503
  const gateway = {
    adapter: 'sms',
    name: 'sms',
    settings: { url, method: 'POST', headers: {}, body: '{text}', type: 'text/plain', insecure: false },
    rate: RATE,
    timeout: 20_000,
  }
  const given = { channels: [gateway], recipients: [{ name: 'chief', phone: '1380000001' }] }
  const notifications = await mine.start({ ...given, language: 'zh' })
  const backlog = async () => (await notifications.channels())[0]!.backlog
  for (let i = 0; i < 5; i++) {
    await mine.publish([rise(`k${i}`, { instance: `i${i}`, offset: i + 2 })])
    await expect.poll(async () => (await backlog()).unsent, PATIENCE).toBe(Math.min(i + 1, 3))
  }
  await expect.poll(backlog, PATIENCE).toMatchObject({ unsent: 3, waiting: 2 })
  await notifications.apply(settingsOf({ ...given, language: 'en' }))
  status = 200
  await expect.poll(backlog, PATIENCE).toMatchObject({ unsent: 0, waiting: 0 })
  await taken(notifications, 5)
  expect((await backlog()).dead).toBe(0)
})

test('the first channel that could not be added for a failing store is added once that works again', async () => {
  const notifications = await mine.start({ channels: [] })
  const settings = settingsOf({ channels: [hookAt(url)()] })
  vi.spyOn(mine.store().alarms, 'last').mockRejectedValueOnce(new Error('disk full'))
  await expect(notifications.apply(settings)).rejects.toThrow('disk full')
  expect(await notifications.apply(settings)).toMatchObject({ started: ['hook'] })
})

test('who is told of what is critical is decided once: not again where the routes change before its turn', async () => {
  status = 200
  const given = { channels: [hookAt(url)()], language: 'zh' } as const
  const notifications = await mine.start(given)
  const { alarms } = mine.store()
  const { since } = alarms
  const held = Promise.withResolvers<void>()
  const looks = vi.spyOn(alarms, 'since').mockImplementation(async (...asked) => {
    await held.promise
    return since(...asked)
  })
  await mine.publish([rise('a', { severity: 'critical' })])
  await taken(notifications, 1)
  await notifications.apply(settingsOf({ ...given, language: 'en' }))
  held.resolve()
  await mine.publish([rise('b', { severity: 'major', offset: 2 })])
  await taken(notifications, 2)
  expect(looks).toHaveBeenCalled()
  expect(open, 'one message of each').toHaveLength(2)
  await mine.stop()
  await mine.start({ ...given, language: 'both' })
  await mine.publish([rise('c', { offset: 3 })])
  await expect.poll(() => open.length, PATIENCE).toBe(3)
})

test('what is in force is not called refused because nobody can say what waits for a channel that is gone', async () => {
  const notifications = await mine.start({ channels: [hookAt(url)()] })
  const beside = new DatabaseSync(join(mine.dir, 'outbox.db'))
  beside.exec('DROP INDEX item_age')
  beside.close()
  const channels = [hookAt(url)('other')]
  expect(await notifications.apply(settingsOf({ channels }))).toMatchObject({ started: ['other'], ended: ['hook'] })
  expect(mine.logged.join('\n')).toContain('item_age')
})
