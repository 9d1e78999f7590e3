/** A transition's wire form, byte for byte as the reference of transitions has it. */
import { expect, test } from 'vitest'
import { NOW, step } from './api/test-mine.ts'
import { serialiseTransition } from './wire.ts'

const installation = { sites: new Map([['baoyuan', { timezone: 'Asia/Shanghai' }]]) } as never

test('fields stand in their published order, times carry the offset of the site', () => {
  expect(JSON.stringify(serialiseTransition(step(1), installation))).toBe(
    '{"id":"baoyuan/crew/coal-face/face-101/1.1","alarm":"baoyuan/crew/coal-face/face-101","episode":1,"revision":1,' +
      '"at":"2026-05-01T08:00:00.001+08:00","since":"2026-05-01T08:00:00.000+08:00","received":"2026-05-01T08:00:00.001+08:00",' +
      '"site":"baoyuan","rule":"over-crew","instance":"crew/coal-face","clause":"yuzhou-2024/27","key":"face-101",' +
      '"from":"normal","to":"unacked","cause":"raised","severity":"major","value":26,"limit":25,' +
      '"text":{"zh":"超员","en":"over the limit"},' +
      '"evidence":[{"point":"readers/r-1","ts":"2026-05-01T08:00:00.000+08:00","value":{"card":"C-000117"},"ref":"x1"}]}',
  )
})

test('what is not known is left out, and the order of the input does not matter', () => {
  const { clause, since, value, limit, evidence, ...bare } = step(1)
  const point = { id: 'p', siteId: 'baoyuan' }
  const short = { ...bare, by: 'li', reason: 'seen', evidence: [{ value: null, ts: NOW, point }] }
  const backwards = Object.fromEntries(Object.entries(short).toReversed()) as unknown as typeof short
  const written = JSON.stringify(serialiseTransition(short, installation))
  expect(JSON.stringify(serialiseTransition(backwards, installation))).toBe(written)
  expect(written).toContain(
    '"text":{"zh":"超员","en":"over the limit"},"by":"li","reason":"seen","evidence":[{"point":"p","ts":',
  )
  expect([clause, since, value, limit, evidence].every((one) => one !== undefined)).toBe(true)
  for (const name of ['clause', 'since', 'value":26', 'limit":', 'ref', 'offset'])
    expect(written).not.toContain(`"${name}"`)
})

test('a site that is no longer configured is written in UTC', () => {
  expect(serialiseTransition({ ...step(1), site: 'gone' }, installation).at).toBe('2026-05-01T00:00:00.001Z')
})
