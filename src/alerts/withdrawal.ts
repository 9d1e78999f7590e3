/** The end of an episode that no fold stands behind: an older program raised it, and the one now running does not derive it from the journal. */
import { RENUMBERED, type Transition } from '../model/alarm.ts'
import type { AlarmRecord } from '../model/ports.ts'
import type { Stamp } from './alarm-node.ts'

const GONE = { zh: '现行程序不再得出此报警', en: 'the program now running no longer derives this alarm' }

/** The step that ends it, for whoever keeps and shows alarms. It is no step of the fold: a replay of the journal does not give it.
 *  `standsIn`: the episode in which the fold has the same alarm standing. */
export function withdrawalOf(
  { state, last }: Pick<AlarmRecord, 'state' | 'last'>,
  { now, offset, standsIn }: Stamp & { readonly standsIn: number | undefined },
): Transition {
  const { alarm, episode, text } = last
  const revision = last.revision + 1
  const { held: _held, by: _by, hush: _hush, quiet: _quiet, ...kept } = last
  const why = standsIn === undefined ? GONE : RENUMBERED
  // What it said last may still be so: nobody judged that it is over.
  const said =
    standsIn === undefined
      ? {
          zh: `现行程序从日志中不再得出此报警，报警随之撤销；此前：${text.zh}`,
          en: `The program now running no longer derives this alarm from the journal, and it is withdrawn; before: ${text.en}`,
        }
      : {
          zh: `现行程序将此报警计为第 ${standsIn} 次，第 ${episode} 次撤销；此前：${text.zh}`,
          en: `The program now running counts this alarm as episode ${standsIn}, and episode ${episode} is withdrawn; before: ${text.en}`,
        }
  return {
    ...kept,
    id: `${alarm}/${episode}.${revision}`,
    revision,
    at: now,
    received: now,
    offset,
    from: state,
    to: 'normal',
    cause: 'withdrawn',
    text: said,
    reason: why.en,
    why,
  }
}
