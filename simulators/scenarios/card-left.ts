/** `card-left`: a card hangs on a nail while its holder works elsewhere. */
import { MINUTE } from '../../src/model/time.ts'
import type { Scenario } from '../scenario.ts'

const PERSON = 'p-124'

export const cardLeft: Scenario = {
  name: 'card-left',
  title: { zh: '标识卡挂在巷道里', en: 'A hung-up card' },
  description: {
    zh: '一名检修工把标识卡挂在运输大巷，卡长时间静止：报人卡分离；取回并移动后恢复。',
    en: 'A fitter hangs his card on a nail in the haulage road. It lies still for too long: the card is without its man. Taken up again, it clears.',
  },
  sites: ['baoyuan'],
  start: '2026-05-12T10:00:00+08:00',
  duration: ({ still }) => 1.2 * still + 5 * MINUTE,
  expects: [{ site: 'baoyuan', rule: 'card-left', key: '10124' }],
  play(world) {
    const { crew } = world.place('baoyuan')
    crew.hang(PERSON)
    world.after(1.2 * world.delays.still + MINUTE, () => crew.take(PERSON))
  },
}
