/** Quiet hours on the real outbox: they pass over a restart, and the morning is told of the night. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Receiver, receiver } from '../../../test/receivers.ts'
import { CLOCKS } from '../../model/duty.ts'
import { HOUR } from '../../model/time.ts'
import { NOW, step } from '../api/test-mine.ts'
import { hookAt, installationOf, PATIENCE, type Rig, rig, rise } from './test-notifications.ts'

let mine: Rig
let peer: Receiver
beforeEach(async () => {
  mine = await rig()
  peer = await receiver()
})
afterEach(async () => {
  await mine.close()
  await peer.close()
})

const installation = installationOf({
  duty: {
    desks: [
      {
        id: 'control',
        name: { zh: '调度室', en: 'control' },
        level: 'mine',
        contacts: [],
        quiet: { id: 'quiet', from: 22 * HOUR, to: 6 * HOUR, work: 'quiet' },
        timezone: 'Asia/Shanghai',
      },
    ],
    clocks: CLOCKS,
  },
})
const told = () =>
  peer.got.map(({ body }) => {
    const { data } = JSON.parse(body) as { data: { transitions: { key: string; cause: string }[] } }
    return data.transitions.map(({ key, cause }) => `${key} ${cause}`)
  })

test('what is quiet wakes nobody, and is told in one message when the quiet hours end, what is over by then as well', async () => {
  const routes = [
    { match: { severity: ['notice', 'minor'] as const }, to: ['hook'], recipients: [], contacts: false, names: true },
  ] as never
  const settings = { channels: [hookAt(peer.url)()], routes }
  // It is 08:00 at the mine.
  const night = NOW + 15 * HOUR
  const notifications = await mine.start(settings, { installation, now: night })
  const quiet = { desk: 'control', severity: 'notice', quiet: true } as const
  const gone = rise('gone', quiet)
  await mine.publish([
    rise('stands', quiet),
    gone,
    { ...step(2), ...gone, id: `${gone.alarm}/1.2`, revision: 2, from: 'unacked', to: 'rtn-unacked', cause: 'cleared' },
    rise('grave', { desk: 'control', severity: 'minor' }),
  ])
  await expect.poll(told, PATIENCE).toEqual([['grave raised']])
  await expect.poll(async () => (await notifications.channels())[0]!.backlog.waiting, PATIENCE).toBe(3)
  await mine.stop()

  await mine.start(settings, { installation, now: night + 6 * HOUR })
  await mine.stop()
  expect(told(), 'five in the morning').toHaveLength(1)

  await mine.start(settings, { installation, now: night + 7 * HOUR })
  await expect.poll(told, PATIENCE).toHaveLength(2)
  expect(told()[1]).toEqual(['stands raised', 'gone raised', 'gone cleared'])
})
