/** Rows to try histories with. */
import type { PointRef } from '../../src/model/point.ts'
import type { HistoryRow } from '../../src/model/ports.ts'

export const START = Date.UTC(2026, 4, 1)
export const gas: PointRef = { siteId: '宝源', id: 'face-101/ch4-t1' }

/** A row of the gas point; what is not given is made up, the same each time. */
export function row(given: Partial<HistoryRow> & Pick<HistoryRow, 'ts' | 'value'>): HistoryRow {
  return { point: gas, quality: 'good', received: given.ts + 40, timing: 'live', ...given }
}
