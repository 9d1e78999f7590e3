/** `no-card`: a man goes in by the gate and no card of his is ever seen. */
import { MINUTE } from '../../src/model/time.ts'
import type { Delays } from '../delays.ts'
import type { Scenario } from '../scenario.ts'

const PERSON = 'p-118'
/** Long enough for the rule, and for a duty officer to see it. */
const stay = ({ missing }: Delays) => Math.max(3 * MINUTE, 4 * missing)

export const noCard: Scenario = {
  name: 'no-card',
  title: { zh: '未携卡入井', en: 'A man without a card' },
  description: {
    zh: '一名掘进工刷脸通过井口闸机，但没有任何标识卡被读到：报未携卡入井、入井人数与卡数不符；其出井后恢复。',
    en: 'A miner passes the wellhead gate by his face, and no card of his is seen: person without card, one head more than cards. Cleared when he goes out.',
  },
  sites: ['baoyuan'],
  start: '2026-05-12T10:00:00+08:00',
  duration: (delays) => stay(delays) + MINUTE,
  expects: [
    { site: 'baoyuan', rule: 'card-missing', key: PERSON },
    { site: 'baoyuan', rule: 'head-count', key: 'baoyuan' },
  ],
  play(world) {
    const { crew } = world.place('baoyuan')
    crew.enter(PERSON)
    world.after(stay(world.delays), () => crew.leave(PERSON))
  },
}
