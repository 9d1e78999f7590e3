/** `cable-cut`: a gas head over its limit loses its cable and says null; another says nothing at all. */
import { MINUTE } from '../../src/model/time.ts'
import type { Scenario } from '../scenario.ts'

const NULL = 'face-101/ch4-t1'
const MUTE = 'head-202/ch4-t2'
const CUT = 2 * MINUTE

export const cableCut: Scenario = {
  name: 'cable-cut',
  title: { zh: '瓦斯探头断线', en: 'A cable cut' },
  description: {
    zh: '瓦斯报警时探头断线，只送空值：报警不得因空值解除，并报无数据与无监控作业；接通且数值正常后才解除。另一探头完全静默。',
    en: 'A methane head in alarm loses its cable and sends null: the alarm must not clear by that; the head falls silent and work there is unmonitored. Another head says nothing at all.',
  },
  sites: ['baoyuan'],
  start: '2026-05-12T10:00:00+08:00',
  duration: ({ silent, unmonitored }) => CUT + silent + 2 * unmonitored + 2 * MINUTE,
  expects: [
    { site: 'baoyuan', rule: 'limit', key: `${NULL}:warning` },
    { site: 'baoyuan', rule: 'silent', key: NULL },
    { site: 'baoyuan', rule: 'unmonitored', key: 'face-101' },
    { site: 'baoyuan', rule: 'silent', key: MUTE },
  ],
  play(world) {
    const { sensors, gateway } = world.place('baoyuan')
    const { silent, unmonitored } = world.delays
    const mended = CUT + silent + 2 * unmonitored
    sensors.drive(NULL, [
      [MINUTE, 1.15],
      [CUT, 1.15],
      [mended, 0.5],
      [mended + MINUTE, undefined],
    ])
    world.after(CUT, () => gateway.cut(NULL, 'null'))
    world.after(mended, () => gateway.mend(NULL))
    world.after(CUT, () => gateway.cut(MUTE, 'silent'))
    // Back before work there counts as unmonitored.
    world.after(CUT + silent + 0.4 * unmonitored, () => gateway.mend(MUTE))
  },
}
