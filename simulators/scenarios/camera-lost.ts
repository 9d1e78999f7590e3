/** `camera-lost`: a face's camera goes off while people are at work. */
import { MINUTE, SECOND } from '../../src/model/time.ts'
import type { Delays } from '../delays.ts'
import type { Scenario } from '../scenario.ts'

/** Long enough for the rule, and for a duty officer to see it. */
const outage = ({ unmonitored }: Delays) => Math.max(3 * MINUTE, 4 * unmonitored)

export const cameraLost: Scenario = {
  name: 'camera-lost',
  title: { zh: '作业时摄像机掉线', en: 'A camera lost at work' },
  description: {
    zh: '101 采煤工作面有人作业时摄像机离线：无视频不作业，报无监控作业；恢复在线后解除。',
    en: 'The camera of coal face 101 goes off line with people at work: unmonitored work, until it is back.',
  },
  sites: ['baoyuan'],
  start: '2026-05-12T10:00:00+08:00',
  duration: (delays) => outage(delays) + MINUTE,
  expects: [{ site: 'baoyuan', rule: 'unmonitored', key: 'face-101' }],
  play(world) {
    const { switches } = world.place('baoyuan')
    world.after(SECOND, () => switches.set('cameras/c-101', 'offline'))
    world.after(outage(world.delays), () => switches.set('cameras/c-101', 'online'))
  },
}
