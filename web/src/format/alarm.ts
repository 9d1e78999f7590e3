/** The numbers of an alarm with the unit they are in. */
import type { PointBody, TransitionBody } from '../api/types.ts'
import type { Lang } from '../i18n/words.ts'
import { number, withUnit } from './value.ts'

/** Rules whose numbers are readings of a point. */
const IN_POINT_UNIT: ReadonlySet<string> = new Set(['limit', 'rise', 'idle-power'])

/** Rules that count heads. */
const HEADS: ReadonlySet<string> = new Set(['over-crew', 'head-count', 'not-evacuated'])

/** A transition's value or limit: in the unit of the point its key names (`point` or `point:level`), or in persons.
 *  `undefined` where neither is known: a bare number would say nothing. */
export function measured(
  value: number | undefined,
  { rule, key }: Pick<TransitionBody, 'rule' | 'key'>,
  {
    points = [],
    unit,
    lang,
  }: {
    readonly points?: readonly Pick<PointBody, 'id' | 'kind' | 'unit'>[]
    /** Where the points are not at hand: the one unit of all the rule judges. */
    readonly unit?: string | undefined
    readonly lang: Lang
  },
): string | undefined {
  if (value === undefined) return undefined
  if (HEADS.has(rule))
    return lang === 'zh' ? `${number(value)} 人` : `${number(value)} ${value === 1 ? 'person' : 'people'}`
  if (!IN_POINT_UNIT.has(rule)) return undefined
  const point = points.find(({ id }) => id === key) ?? points.find(({ id }) => key.startsWith(`${id}:`))
  if (point) return withUnit(number(value, point.kind), point.unit)
  return unit === undefined ? undefined : withUnit(number(value), unit)
}

/** What the service raises of its own: no rule item stands behind it whose limits could be others, and no reading. */
export const isOwn = (rule: string): boolean => OWN.includes(rule)

const OWN: readonly string[] = ['rule-fault', 'alarm-flood', 'response-clock', 'hazard-overdue']
