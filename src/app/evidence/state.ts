/** The part of a fold's state that one alarm depends on: its rule at its site, who is where, the clocks, the alarm itself. */
import type { Json } from '../../model/json.ts'
import type { Fold } from '../fold.ts'

type Fields = { readonly [key: string]: Json | undefined }

/** The same form as `fold.save()`, with everything left out that cannot touch the alarm: a fold can go on from it. */
export function stateOf(fold: Fold, { alarm, site }: { alarm: string; site: string }): Json {
  const saved = JSON.parse(JSON.stringify(fold.save())) as Fields
  const instance = [...fold.installation.rules].find(({ id }) => alarm.startsWith(`${site}/${id}/`))
  const judge = saved.judge as Fields
  const engine = saved.engine as Fields | null
  const desk = saved.desk as readonly Fields[]
  return {
    ...saved,
    judge: { ...judge, sites: (judge.sites as readonly Fields[]).filter((each) => each.site === site) },
    engine: engine && {
      ...engine,
      crews: { [site]: (engine.crews as Fields)[site] },
      partitions: (engine.partitions as readonly (readonly [string, ...Json[]])[]).filter(([key]) =>
        key.startsWith(`${instance?.id ?? ''}|${site}|`),
      ),
    },
    desk: desk.filter((node) => node.alarm === alarm),
    backlog: Array.isArray(saved.backlog)
      ? (saved.backlog as readonly (readonly Json[])[]).filter(([id]) => id === site)
      : [],
    ...(saved.ledger !== undefined && { ledger: ledgerOf(saved.ledger as Fields, site) }),
  }
}

function ledgerOf({ numbers, hazards }: Fields, site: string): Json {
  return {
    numbers: (numbers as readonly (readonly Json[])[]).filter(([id]) => id === site),
    hazards: (hazards as readonly Fields[]).filter((hazard) => hazard.site === site),
  }
}
