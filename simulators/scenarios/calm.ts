/** `calm`: three hours in which nothing is wrong anywhere. */
import { HOUR } from '../../src/model/time.ts'
import type { Scenario } from '../scenario.ts'

export const calm: Scenario = {
  name: 'calm',
  title: { zh: '正常生产', en: 'A normal stretch' },
  description: {
    zh: '三家企业正常作业：人员走动与休息、瓦斯起伏、提升、储罐收发、持证焊接，不产生任何报警。',
    en: 'All three sites at work: people move and rest, gas breathes, the hoist winds, tanks fill and empty, certified welders weld. No alarm at all.',
  },
  sites: ['baoyuan', 'longteng-chem', 'weld-yard'],
  start: '2026-05-12T09:00:00+08:00',
  duration: () => 3 * HOUR,
  expects: [],
  play() {},
}
