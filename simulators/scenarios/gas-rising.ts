/** `gas-rising`: methane past warning and past the power cut, until ventilation recovers. */
import { MINUTE } from '../../src/model/time.ts'
import type { Scenario } from '../scenario.ts'

const T0 = 'face-101/ch4-t0'
const T1 = 'face-101/ch4-t1'
const T2 = 'face-101/ch4-t2'

export const gasRising: Scenario = {
  name: 'gas-rising',
  title: { zh: '瓦斯超限断电', en: 'Gas past the cut' },
  description: {
    zh: '101 工作面风量下降，瓦斯先后超过报警值与断电值，工作面断电，但人员未撤离；通风恢复后逐级解除。',
    en: 'Air fails at coal face 101: methane passes warning, then cut, and the feeder goes off, but nobody leaves. Ventilation recovers and level after level clears.',
  },
  sites: ['baoyuan'],
  start: '2026-05-12T10:00:00+08:00',
  lead: 2.5 * MINUTE,
  duration: () => 14 * MINUTE,
  expects: [
    { site: 'baoyuan', rule: 'limit', key: `${T0}:warning` },
    { site: 'baoyuan', rule: 'limit', key: `${T1}:warning` },
    { site: 'baoyuan', rule: 'limit', key: `${T1}:cut` },
    { site: 'baoyuan', rule: 'limit', key: `${T2}:cut` },
    { site: 'baoyuan', rule: 'not-evacuated', key: 'face-101' },
  ],
  play(world) {
    const { sensors, switches } = world.place('baoyuan')
    const course = (early: number, peak: number) =>
      [
        [2.5 * MINUTE, early],
        [5 * MINUTE, peak],
        [7 * MINUTE, peak],
        [10 * MINUTE, 0.6],
        [12 * MINUTE, undefined],
      ] as const
    sensors.drive(T1, course(1.02, 1.85))
    sensors.drive(T0, course(0.8, 1.3))
    sensors.drive(T2, course(0.6, 1.12))
    sensors.drive('face-101/wind', [
      [2 * MINUTE, 0.8],
      [6.5 * MINUTE, 0.8],
      [8 * MINUTE, undefined],
    ])
    // Just before the value that asks for it: a feeder that comes later is another alarm.
    world.after(3.7 * MINUTE, () => switches.set('feeders/f-101', false))
    world.after(10 * MINUTE, () => switches.set('feeders/f-101', true))
  },
}
