/** `26th-man`: a coal face with one man more than its limit. */
import { MINUTE } from '../../src/model/time.ts'
import type { Scenario } from '../scenario.ts'
import { crowd, stay, WALK } from './crowd.ts'

export const twentySixthMan: Scenario = {
  name: '26th-man',
  title: { zh: '第 26 人进入采煤工作面', en: 'The 26th man' },
  description: {
    zh: '检修工从运输大巷陆续进入 101 采煤工作面，人数超过定员后一人撤出；生产班内报超员，随后恢复。',
    en: 'Fitters come into coal face 101 until it holds one too many, then one goes. In a production shift this is over-crew, and clears.',
  },
  sites: ['baoyuan'],
  start: '2026-05-12T10:00:00+08:00',
  work: 'production',
  lead: 5 * MINUTE,
  duration: (delays) => 3 * WALK + stay(delays) + 2 * delays.crew,
  expects: [{ site: 'baoyuan', rule: 'over-crew', key: 'face-101' }],
  play: (world) => crowd(world, { area: 'face-101', reader: 'readers/r-101-a' }),
}
