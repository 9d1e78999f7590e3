/** Which episode of an alarm a command was meant for: nobody acknowledges, confirms or shelves what they never saw. */
import type { AlarmState } from '../model/alarm.ts'
import type { AlarmCommand } from '../model/command.ts'
import type { Text } from '../model/text.ts'
import type { AlarmNode } from './alarm-node.ts'

const STATES: Readonly<Record<AlarmState, Text>> = {
  normal: { zh: '正常', en: 'normal' },
  unacked: { zh: '未确认', en: 'unacknowledged' },
  acked: { zh: '已确认', en: 'acknowledged' },
  'rtn-unacked': { zh: '已恢复，未确认', en: 'returned, unacknowledged' },
}

/** What stands instead, where the command was meant for another episode. Where it is known at which entry that episode stood, that
 *  decides and not its number: a newer program that judges the journal again may count otherwise. */
export function mistaken(
  { alarm, episode, rose, state, text }: Readonly<AlarmNode>,
  { episode: meant, seen }: Pick<AlarmCommand, 'episode' | 'seen'>,
): Text | undefined {
  if (meant === undefined) return undefined
  if (seen === undefined ? meant === episode : rose <= seen) return undefined
  const is = STATES[state]
  return {
    zh: `${alarm} 现为第 ${episode} 次（${is.zh}），不是第 ${meant} 次：${text.zh}`,
    en: `${alarm} is in episode ${episode} now (${is.en}), not in ${meant}: ${text.en}`,
  }
}
