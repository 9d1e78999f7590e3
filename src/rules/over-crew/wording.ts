/** How the alarms of `over-crew` are worded, and what they show as evidence. Numbers and places only: no names of people. */
import type { EntryRef } from '../../model/entry.ts'
import type { Scope } from '../../model/rule.ts'
import { shiftName } from '../../model/shift.ts'
import type { Text } from '../../model/text.ts'
import { sameRef } from '../evidence.ts'
import { areaName } from '../names.ts'
import type { Regime } from './calendar.ts'
import type { OverCrewParams } from './params.ts'
import type { Face } from './state.ts'

interface Situation {
  readonly value: number
  readonly regime: Regime
  readonly params: OverCrewParams
}

export function wording({ area }: Face, { value, regime, params }: Situation): Text {
  const { zh, en } = areaName(area)
  const { turn, limit, handover } = regime
  const shift = turn ? shiftName(turn.shift) : { zh: '班次之间', en: 'between shifts' }
  const during = handover ? { zh: `${shift.zh}，交接班`, en: `${shift.en}, handover` } : shift
  const counted = params.count === 'shift' ? { zh: '当班累计', en: ' this shift' } : { zh: '现有', en: '' }
  const persons = value === 1 ? 'person' : 'persons'
  if (limit === undefined) {
    return {
      zh: `${zh}${counted.zh} ${value} 人，本班次不适用该限员（${during.zh}）`,
      en: `${en}: ${value} ${persons}${counted.en}; the limit does not apply (${during.en})`,
    }
  }
  return {
    zh: `${zh}${counted.zh} ${value} 人，限员 ${limit} 人（${during.zh}）`,
    en: `${en}: ${value} ${persons}${counted.en}, limit ${limit} (${during.en})`,
  }
}

/** Persons whose last sightings are shown beside the one that took the area over its limit. */
const SHOWN = 40

export function evidenceOf(
  face: Face,
  { scope, active }: { scope: Scope<OverCrewParams>; active: boolean },
): readonly EntryRef[] {
  if (!active) return []
  const ids = [...(scope.params.count === 'shift' ? face.counted : face.inside)].sort().slice(0, SHOWN)
  const found: EntryRef[] = face.over ? [face.over] : []
  for (const id of ids) {
    const last = scope.crew.member(id)?.evidence
    if (last && !(face.over && sameRef(last, face.over))) found.push(last)
  }
  return found
}
