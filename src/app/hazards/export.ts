/** The list of hazards as a table for a spreadsheet. */
import type { Hazard } from '../../model/hazard.ts'
import type { HazardQuery, HazardStore } from '../../model/hazard-store.ts'
import type { Installation } from '../../model/site.ts'
import type { Table } from '../sheet/table.ts'
import { HAZARD_COLUMNS, titleOf } from './columns.ts'

/** Rows in one file. */
const MOST = 50_000

/** Newest first; `cut` where there were more than one file takes. */
export async function hazardTableOf(
  store: Pick<HazardStore, 'list'>,
  { query, installation }: { query: HazardQuery; installation: Installation },
): Promise<{ readonly table: Table; readonly cut: boolean }> {
  const found: Hazard[] = []
  let cursor: string | undefined
  do {
    const page = await store.list({ ...query, limit: 1_000, ...(cursor !== undefined && { cursor }) })
    found.push(...page.items)
    cursor = page.next
  } while (cursor !== undefined && found.length < MOST)
  const rows = found.map((hazard) => {
    const site = installation.sites.get(hazard.site)
    return HAZARD_COLUMNS.map(({ cell }) => cell(hazard, site))
  })
  return { table: { name: '隐患 Hazards', titles: HAZARD_COLUMNS.map(titleOf), rows }, cut: cursor !== undefined }
}
