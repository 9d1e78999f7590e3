/** `welder-without-session`: a machine nobody unlocked burns in a bay whose camera is off. */
import { MINUTE, SECOND } from '../../src/model/time.ts'
import type { Delays } from '../delays.ts'
import type { Scenario } from '../scenario.ts'

/** Long enough for the rule, and for a duty officer to see it. */
const seam = ({ unmonitored }: Delays) => Math.max(3 * MINUTE, 4 * unmonitored)

export const welderWithoutSession: Scenario = {
  name: 'welder-without-session',
  title: { zh: '无监控、未解锁焊接', en: 'A welder without a session' },
  description: {
    zh: '2 号焊接区摄像机离线，未扫码解锁的焊机仍在起弧：报无监控作业、不入平台焊接；停弧后解除。',
    en: 'The camera of welding bay 2 is off and a machine that nobody unlocked strikes an arc: unmonitored work, and welding off the platform, until the arc ends.',
  },
  sites: ['weld-yard'],
  start: '2026-05-12T10:00:00+08:00',
  duration: (delays) => seam(delays) + 2 * MINUTE,
  expects: [
    { site: 'weld-yard', rule: 'unmonitored', key: 'bay-2' },
    { site: 'weld-yard', rule: 'weld-off-platform', key: 'weld-04' },
  ],
  play(world) {
    const { welders, switches } = world.place('weld-yard')
    const arc = seam(world.delays)
    world.after(SECOND, () => switches.set('cameras/c-bay-2', 'offline'))
    world.after(5 * SECOND, () => welders.weldUnlocked('weld-04', arc))
    world.after(arc + 10 * SECOND, () => switches.set('cameras/c-bay-2', 'online'))
  },
}
