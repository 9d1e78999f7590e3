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
  const desk = saved.desk as Fields
  const around = desk.surroundings as Fields
  return {
    ...saved,
    judge: { ...judge, sites: (judge.sites as readonly Fields[]).filter((each) => each.site === site) },
    engine: engine && {
      ...engine,
      crews: { [site]: (engine.crews as Fields)[site] },
      weldings: { [site]: (engine.weldings as Fields)[site] },
      faults: (engine.faults as readonly (readonly Json[])[]).filter(([, , , of]) => of === site),
      partitions: (engine.partitions as readonly (readonly [string, ...Json[]])[]).filter(([key]) =>
        key.startsWith(`${instance?.id ?? ''}|${site}|`),
      ),
    },
    // Of the alarms around it only what was declared is taken along: what they did cannot be judged from its own rule.
    desk: {
      nodes: (desk.nodes as readonly Fields[]).filter((node) => node.alarm === alarm),
      surroundings: {
        ...around,
        rises: [],
        rushes: [],
        windows: (around.windows as readonly Fields[]).filter((each) => each.site === site),
      },
    },
    backlog: ofSite(saved.backlog, site),
    recollection: ofSite(saved.recollection, site),
    ...(saved.ledger !== undefined && { ledger: ledgerOf(saved.ledger as Fields, site) }),
  }
}

function ofSite(rows: Json | undefined, site: string): Json {
  return Array.isArray(rows) ? (rows as readonly (readonly Json[])[]).filter(([id]) => id === site) : []
}

function ledgerOf({ numbers, hazards }: Fields, site: string): Json {
  return {
    numbers: ofSite(numbers, site),
    hazards: (hazards as readonly Fields[]).filter((each) => each.site === site),
  }
}
