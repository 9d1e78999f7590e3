/** `clock-astray`: a gas head's clock runs ahead, so what it says is doubted. */
import { MINUTE } from '../../src/model/time.ts'
import type { Scenario } from '../scenario.ts'

const POINT = 'head-202/ch4-t1'

export const clockAstray: Scenario = {
  name: 'clock-astray',
  title: { zh: '设备时钟走偏', en: 'A clock astray' },
  description: {
    zh: '202 掘进工作面一只瓦斯探头时钟超前：读数存疑，不算有效数据，报无数据；校时后恢复。',
    en: 'The clock of a methane head in heading 202 runs ahead: its readings are doubted and count as none, so the head is silent until the clock is set.',
  },
  sites: ['baoyuan'],
  start: '2026-05-12T10:00:00+08:00',
  duration: ({ silent, unmonitored }) => silent + unmonitored + 2 * MINUTE,
  expects: [{ site: 'baoyuan', rule: 'silent', key: POINT }],
  play(world) {
    const { gateway } = world.place('baoyuan')
    const { silent, unmonitored, late } = world.delays
    gateway.astray(POINT, 3 * late)
    // Set right before work there counts as unmonitored.
    world.after(silent + 0.5 * unmonitored, () => gateway.astray(POINT, 0))
  },
}
