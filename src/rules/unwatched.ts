/** Areas that an item spoke of and, under another configuration, has nothing to judge by: it would never say that what it said is over. */
import type { Json } from '../model/json.ts'
import type { Out } from '../model/rule.ts'
import type { Area } from '../model/site.ts'
import { areaName } from './names.ts'
import { loadStatement } from './statement.ts'

/** To be called by `load` with a statement for whose area the item has no place now: where it stands, it is to be let go. */
export function noteUnwatched(
  unwatched: Area[],
  { area, statement }: { area: Area | undefined; statement: Json },
): void {
  if (area && loadStatement(statement).active) unwatched.push(area)
}

/** To be called by `redeclared`, with the areas that were noted. They are said once. */
export function letGo(unwatched: Area[], out: Out): void {
  for (const area of unwatched.splice(0)) {
    const { zh, en } = areaName(area)
    const text = {
      zh: `${zh} 已无本规则可据以判断的测点，此前情况未经判定解除`,
      en: `${en}: this rule has nothing there to judge by any more; nobody judged that it is over`,
    }
    out.condition({ key: area.id, truth: 'inactive', at: out.now, text, evidence: [] })
  }
}
