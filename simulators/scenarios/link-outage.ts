/** `link-outage`: a gateway keeps what it hears while its link is down, and sends it late. */
import { MINUTE } from '../../src/model/time.ts'
import type { Scenario } from '../scenario.ts'

export const linkOutage: Scenario = {
  name: 'link-outage',
  title: { zh: '网关断链补传', en: 'A link outage' },
  description: {
    zh: '宝源煤矿网关断链不到一分钟，缓存的读数补传到达：迟到读数入历史、计数，不触发实时报警，也不丢失。',
    en: "The mine's gateway loses its link for less than a minute and sends its buffer afterwards: late readings are kept and counted, raise nothing live, and none is lost.",
  },
  sites: ['baoyuan'],
  start: '2026-05-12T10:00:00+08:00',
  duration: ({ late }) => 2 * late + 3 * MINUTE,
  expects: [],
  play(world) {
    const { gateway } = world.place('baoyuan')
    const { late, silent } = world.delays
    world.after(MINUTE, () => gateway.hold())
    // Longer than a reading may be late, shorter than a head may be silent.
    world.after(MINUTE + Math.min(1.5 * late, 0.8 * silent), () => gateway.release())
  },
}
