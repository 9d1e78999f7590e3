/** What an export looks at, and how instants and codes are written. */
import { codeOf } from '../../adapters/mine-files/codes.ts'
import { writeTime } from '../../adapters/mine-files/local-time.ts'
import type { Crew } from '../../model/crew.ts'
import type { Point } from '../../model/point.ts'
import type { AlarmRecord } from '../../model/ports.ts'
import type { Area, Site } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import type { PointView } from '../service.ts'

/** One site's state at one instant. */
export interface ExportView {
  readonly site: Site
  readonly now: Instant
  readonly crew: Crew | undefined
  /** Active or unacknowledged alarms of the site. */
  readonly standing: readonly AlarmRecord[]
  point(id: string): PointView
}

/** Cells of a record, by the names of its layout. */
export type Cells = Record<string, string>

/** An instant on the site's clock; empty where there is none. */
export function written(at: Instant | undefined, { site }: Pick<ExportView, 'site'>): string {
  return at === undefined || !Number.isFinite(at) ? '' : writeTime(at, site.timezone)
}

/** 编码 of a point or an area: its attribute `code`, else its id. */
export function coded(named: Point | Area | undefined): string {
  return named ? codeOf(named) : ''
}
