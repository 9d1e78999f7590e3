/** `19th-man`: a heading with one man more than its limit, in any shift. */
import { MINUTE } from '../../src/model/time.ts'
import type { Scenario } from '../scenario.ts'
import { crowd, stay, WALK } from './crowd.ts'

export const nineteenthMan: Scenario = {
  name: '19th-man',
  title: { zh: '第 19 人进入掘进工作面', en: 'The 19th man' },
  description: {
    zh: '检修工陆续进入 202 掘进工作面，人数超过定员后一人撤出；任何班次均报超员，随后恢复。',
    en: 'Fitters come into heading 202 until it holds one too many, then one goes. Over-crew in any shift, and clears.',
  },
  sites: ['baoyuan'],
  start: '2026-05-12T23:00:00+08:00',
  lead: 6.5 * MINUTE,
  duration: (delays) => 3 * WALK + stay(delays) + 2 * delays.crew,
  expects: [{ site: 'baoyuan', rule: 'over-crew', key: 'head-202' }],
  play: (world) => crowd(world, { area: 'head-202', reader: 'readers/r-202-a' }),
}
