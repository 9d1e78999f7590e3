/** How the alarms of `weld-off-platform` are worded. */
import type { Text } from '../../model/text.ts'
import type { Lock } from '../../model/welding.ts'
import { quantity } from '../names.ts'
import { machineName } from '../welding.ts'
import type { Machine } from './state.ts'

const LOCKS: Readonly<Record<Lock, Text>> = {
  unknown: {
    zh: '从未收到其芯片的解锁记录，属不入平台作业',
    en: 'its chip was never heard to unlock a session',
  },
  scanned: { zh: '仅扫码，尚未解锁，属不入平台作业', en: 'scanned, but not unlocked' },
  locked: {
    zh: '会话已锁定仍有电流，疑似改装焊机',
    en: 'its session is locked, so the machine may have been modified',
  },
  unlocked: { zh: '会话已解锁', en: 'its session is unlocked' },
}

export function wording(
  { id, area, session: { lock } }: Machine,
  { active, amperes, unit }: { active: boolean; amperes: number | undefined; unit: string | undefined },
): Text {
  const name = machineName(id, area)
  if (amperes === undefined) return { zh: `${name.zh} 已熄弧`, en: `${name.en}: the arc is out` }
  const found = quantity(amperes, unit ?? 'A')
  const why = LOCKS[lock]
  return active
    ? { zh: `${name.zh} 焊接电流 ${found}：${why.zh}`, en: `${name.en} welds at ${found}: ${why.en}` }
    : { zh: `${name.zh} ${LOCKS.unlocked.zh}`, en: `${name.en}: ${LOCKS.unlocked.en}` }
}
