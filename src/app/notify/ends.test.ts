/** That an alarm is over is told to everybody who was told that it stands, over the real store and outbox. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Receiver, receiver } from '../../../test/receivers.ts'
import type { Transition } from '../../model/alarm.ts'
import { CLOCKS } from '../../model/duty.ts'
import { HOUR } from '../../model/time.ts'
import { NOW, step } from '../api/test-mine.ts'
import type { NotifySettings } from './settings.ts'
import { installationOf, RATE, type Rig, rig, taken } from './test-notifications.ts'

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

const desk = { name: { zh: '调度室', en: 'control' }, level: 'mine', timezone: 'Asia/Shanghai' } as const
const installation = installationOf({
  duty: {
    desks: [
      {
        ...desk,
        id: 'control',
        parent: 'county',
        contacts: ['dispatcher'],
        quiet: { id: 'quiet', from: 22 * HOUR, to: 6 * HOUR, work: 'quiet' },
      },
      { ...desk, id: 'county', level: 'county', contacts: ['officer'] },
    ],
    clocks: CLOCKS,
  },
})
const settings = (match: NotifySettings['routes'][number]['match'] = {}): Partial<NotifySettings> => ({
  language: 'en',
  channels: [
    {
      adapter: 'sms',
      name: 'texts',
      settings: { url: `${peer.url}/{phone}`, method: 'POST', headers: {}, body: '{text}', type: 'text/plain' },
      rate: RATE,
      timeout: 20_000,
    },
  ],
  recipients: [
    { name: 'dispatcher', phone: '1380000001' },
    { name: 'officer', phone: '1380000002' },
  ],
  routes: [{ match, to: ['texts'], recipients: [], contacts: true, names: false }],
  templates: { zh: {}, en: { short: '{cause}' } },
})
const told = () => peer.got.map(({ path, body }) => `${path === '/1380000001' ? 'dispatcher' : 'officer'}: ${body}`)

/** The n-th step of one alarm's first episode. */
const life = (n: number, given: Partial<Transition>): Transition => {
  const { alarm } = step(1)
  return step(1, { id: `${alarm}/1.${n}`, revision: n, offset: n, at: NOW + n, ...given })
}
const raised = life(1, { desk: 'control' })
const handed = life(2, { desk: 'county', from: 'unacked', cause: 'handed-on' })
// Once it is acknowledged it stands at its first desk again.
const acked = life(3, { desk: 'control', from: 'unacked', to: 'acked', cause: 'acked' })
const over = life(4, { desk: 'control', from: 'acked', to: 'normal', cause: 'cleared' })

test('the end of an alarm that was handed on is told to each desk’s contacts once, over a restart as well', async () => {
  const first = await mine.start(settings(), { installation })
  await mine.publish([raised])
  await taken(first, 1)
  await mine.publish([handed])
  await taken(first, 2)
  expect(told()).toEqual(['dispatcher: raised', 'officer: handed on'])
  await mine.stop()
  const second = await mine.start(settings(), { installation })
  await mine.publish([acked, over])
  await taken(second, 4)
  expect(told().slice(2).sort()).toEqual(['dispatcher: cleared', 'officer: cleared'])
  await mine.publish([life(5, { desk: 'control' }), life(6, { ...over, id: `${over.alarm}/2.2`, offset: 6 })])
  await taken(second, 6)
  expect(
    told().filter((each) => each.startsWith('officer')),
    'not of the next one, which did not come so far',
  ).toHaveLength(2)
})

test('the end is told also where all of it is followed at once, and where it has become less grave meanwhile', async () => {
  const match = { severity: ['major' as const] }
  await mine.start(settings(match), { installation })
  await mine.stop()
  const eased = { severity: 'minor' } as const
  await mine.store().alarms.put([raised, handed, life(3, { ...eased, cause: 'eased' }), { ...over, ...eased }])
  const notifications = await mine.start(settings(match), { installation })
  await taken(notifications, 4)
  const messages = await notifications.list({ limit: 9 })
  expect(messages.map(({ message: { recipients }, items }) => [recipients[0]!.name, items]).sort()).toEqual([
    ['dispatcher', 2],
    ['officer', 2],
  ])
})

test('in the night the end of a notice waits for the morning of whoever sleeps, though it stands at a desk that does not', async () => {
  const evening = NOW + 13 * HOUR
  const match = { severity: ['notice' as const] }
  const first = await mine.start(settings(match), { installation, now: evening })
  const notice = { severity: 'notice' } as const
  await mine.publish([
    { ...raised, ...notice },
    { ...handed, ...notice },
  ])
  await taken(first, 2)
  await mine.stop()
  const second = await mine.start(settings(match), { installation, now: evening + 2 * HOUR })
  await mine.publish([{ ...over, ...notice, desk: 'county' }])
  await taken(second, 3)
  await mine.stop()
  expect(told().at(-1)).toBe('officer: cleared')
  const third = await mine.start(settings(match), { installation, now: evening + 9 * HOUR })
  await taken(third, 4)
  expect(told().at(-1)).toBe('dispatcher: cleared')
})
