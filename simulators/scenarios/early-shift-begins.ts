/** `early-shift-begins`: more than the limit through a maintenance shift; when production begins, a face where nobody moves is judged again. */
import { MINUTE } from '../../src/model/time.ts'
import type { Scenario } from '../scenario.ts'
import { fill, sendBack, WALK } from './crowd.ts'

export const earlyShiftBegins: Scenario = {
  name: 'early-shift-begins',
  title: { zh: '交班时刻重新判定', en: 'Judged again at the shift change' },
  description: {
    zh: '检修班 26 人留在采煤工作面，此时定员不适用；06:00 生产班开始，无人移动也重新判定并报超员。',
    en: 'A maintenance shift leaves 26 men in the coal face, where the limit does not hold. At 06:00 production begins: over-crew, although nobody moved.',
  },
  sites: ['baoyuan'],
  start: '2026-05-13T05:40:00+08:00',
  hour: '05:40',
  duration: ({ crew }) => 25 * MINUTE + 3 * crew + WALK,
  expects: [{ site: 'baoyuan', rule: 'over-crew', key: 'face-101' }],
  play(world) {
    const visitors = fill(world, { area: 'face-101', reader: 'readers/r-101-a' })
    world.after(23 * MINUTE + 2 * world.delays.crew, () => sendBack(world, visitors))
  },
}
