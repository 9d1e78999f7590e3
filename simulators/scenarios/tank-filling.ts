/** `tank-filling`: a plant's tank is filled past high and high-high. */
import { MINUTE } from '../../src/model/time.ts'
import { fillTime } from '../behaviours/tanks.ts'
import type { Scenario } from '../scenario.ts'

const TANK = 't-01'
const LEVEL = `tanks/${TANK}/level`
/** Percent a minute. */
const RATE = 6
const FULL = 93

export const tankFilling: Scenario = {
  name: 'tank-filling',
  title: { zh: '储罐液位高高', en: 'A tank overfilled' },
  description: {
    zh: '龙腾化工 1 号储罐持续进料，液位先后超过高限与高高限；停止进料并外输后逐级解除。',
    en: "The chemical plant's first tank is filled past high and high-high; then it is emptied and both clear.",
  },
  sites: ['longteng-chem'],
  start: '2026-05-12T10:00:00+08:00',
  duration: () => 22 * MINUTE,
  expects: [
    { site: 'longteng-chem', rule: 'limit', key: `${LEVEL}:high` },
    { site: 'longteng-chem', rule: 'limit', key: `${LEVEL}:high-high` },
  ],
  play(world) {
    const { tanks } = world.place('longteng-chem')
    const filling = fillTime({ from: tanks.level(TANK), to: FULL, rate: RATE })
    tanks.fill(TANK, FULL, RATE)
    world.after(filling, () => tanks.fill(TANK, 55, RATE))
  },
}
