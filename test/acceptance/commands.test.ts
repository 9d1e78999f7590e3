/** What operators do, as lines of a replay: acknowledge, shelve, take out of service. */
import { expect } from 'vitest'
import { type Line, sheet } from './sheet.ts'

const { promise } = sheet()

const gas = {
  site: { points: [{ id: 't1', kind: 'gas.ch4', unit: '%', range: [0, 10] }] },
  rules: [{ id: 'ch4', rule: 'limit', levels: [{ name: 'warning', high: 1, severity: 'major' }] }],
}
const reading = (t: number, value: number): Line => ({ t, point: 't1', value })
const order = (t: number, command: string, more = {}): Line => ({
  t,
  command,
  alarm: 'ch4/t1:warning',
  by: 'wang',
  ...more,
})
const moves = (told: readonly { from: string; to: string; cause: string }[]) =>
  told.map(({ from, to, cause }) => `${cause}: ${from} → ${to}`)

promise(
  'acknowledged while active, it is normal when it has cleared',
  { ...gas, lines: [reading(0, 2), order(5, 'ack'), reading(10, 0)] },
  ({ told, seconds }) => {
    expect(moves(told)).toEqual(['raised: normal → unacked', 'acked: unacked → acked', 'cleared: acked → normal'])
    expect(told[1]).toMatchObject({ by: 'wang', episode: 1, revision: 2 })
    expect(seconds(told[1]!.at)).toBe(5)
  },
)

promise(
  'acknowledged after it has cleared, it is normal then',
  { ...gas, lines: [reading(0, 2), reading(10, 0), order(15, 'ack')] },
  ({ told }) =>
    expect(moves(told)).toEqual([
      'raised: normal → unacked',
      'cleared: unacked → rtn-unacked',
      'acked: rtn-unacked → normal',
    ]),
)

promise(
  'a second acknowledgement, and one of an alarm that never was, change nothing',
  {
    ...gas,
    lines: [
      order(0, 'ack'),
      reading(1, 2),
      order(5, 'ack'),
      order(6, 'ack'),
      order(7, 'ack', { alarm: 'ch4/t9:warning' }),
    ],
  },
  ({ told }) => expect(moves(told)).toEqual(['raised: normal → unacked', 'acked: unacked → acked']),
)

promise(
  'an acknowledgement that was meant for the episode before does not acknowledge the one that rose since',
  {
    ...gas,
    lines: [
      reading(0, 2),
      reading(10, 0),
      reading(20, 2),
      order(25, 'ack', { episode: 1 }),
      order(30, 'ack', { episode: 2 }),
    ],
  },
  ({ told, seconds }) => {
    expect(moves(told).slice(2)).toEqual(['raised: rtn-unacked → unacked', 'acked: unacked → acked'])
    expect(seconds(told.at(-1)!.at)).toBe(30)
  },
)

promise(
  'a shelf ends by itself when the alarm becomes graver than what was shelved, and people hear of it',
  {
    ...gas,
    rules: [
      {
        id: 'crew',
        rule: 'over-crew',
        match: { id: 'face' },
        limit: 1,
        raiseAfter: '0s',
        severity: 'major',
        escalate: { factor: 3, severity: 'critical' },
      },
    ],
    site: {
      areas: [{ id: 'face', kind: 'coal-face' }],
      points: [{ id: 'r', kind: 'card.reader', area: 'face' }],
    },
    lines: [
      ...['a', 'b'].map((card) => ({ t: 0, point: 'r', value: { card } })),
      order(5, 'shelve', { alarm: 'crew/face', for: '8h' }),
      { t: 10, point: 'r', value: { card: 'c' } },
    ],
  },
  ({ told, seconds }) => {
    const steps = told.map((one) => [seconds(one.at), one.cause, one.severity, 'hush' in one])
    expect(steps).toEqual([
      [0, 'raised', 'major', false],
      [5, 'shelved', 'major', true],
      [10, 'escalated', 'critical', false],
      [10, 'unshelved', 'critical', false],
    ])
    expect(JSON.stringify(told.at(-1))).toMatch(/严重程度高于.*graver/)
  },
)

promise(
  'a new rise after an acknowledgement wants a new one',
  { ...gas, lines: [reading(0, 2), order(5, 'ack'), reading(10, 0), reading(20, 2)] },
  ({ told }) =>
    expect(told.at(-1)).toMatchObject({ cause: 'raised', from: 'normal', to: 'unacked', episode: 2, revision: 1 }),
)

promise(
  'shelving changes what is published, never what is true',
  {
    ...gas,
    lines: [reading(0, 2), order(5, 'shelve', { for: '10m' }), reading(10, 0), reading(20, 2), order(30, 'unshelve')],
  },
  ({ told }) =>
    expect(moves(told)).toEqual([
      'raised: normal → unacked',
      'shelved: unacked → unacked',
      'cleared: unacked → rtn-unacked',
      'raised: rtn-unacked → unacked',
      'unshelved: unacked → unacked',
    ]),
)

promise(
  'a shelf is up when its time is, though nobody comes',
  { ...gas, lines: [reading(0, 2), order(5, 'shelve', { for: '10m' })] },
  ({ told, seconds }) => expect([told.at(-1)!.cause, seconds(told.at(-1)!.at)]).toEqual(['unshelved', 605]),
)

promise(
  'out of service and in service again',
  {
    ...gas,
    lines: [reading(0, 2), order(5, 'out-of-service', { reason: 'probe exchanged' }), order(60, 'in-service')],
  },
  ({ told }) => {
    expect(moves(told).slice(1)).toEqual(['out-of-service: unacked → unacked', 'in-service: unacked → unacked'])
    expect(told[1]).toMatchObject({ by: 'wang', reason: 'probe exchanged' })
  },
)

promise(
  'a comment and an assignment change no state',
  { ...gas, lines: [reading(0, 2), order(5, 'comment', { text: 'fan checked' }), order(6, 'assign', { to: 'li' })] },
  ({ told }) => expect(new Set(told.map(({ to }) => to))).toEqual(new Set(['unacked'])),
)
