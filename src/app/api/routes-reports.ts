/** Duty reports (值班报表) of a shift, a day or a month: as JSON, or as a file for a spreadsheet. */
import type { FastifyInstance } from 'fastify'
import { ALARM_STATES } from '../../model/alarm.ts'
import { formatInstant } from '../../model/time.ts'
import type { Masking } from '../privacy/masking.ts'
import { periodOf, REPORT_KINDS } from '../reports/period.ts'
import { buildReport, type Report } from '../reports/report.ts'
import { reportTables } from '../reports/tables.ts'
import { SHEET_TYPES, sheetOf } from '../sheet/table.ts'
import { bySeverity, shownAs, spreadBody } from './alarm-kpi.ts'
import { type ApiContext, siteOf } from './context.ts'
import { describe } from './document.ts'
import { maskingFor } from './guard.ts'
import { Refused } from './problems.ts'
import { ReportBody, ReportQuery } from './schemas-reports.ts'

const SUMMARIES = { shift: 'What a shift was like (班报)', day: 'A day (日报)', month: 'A month (月报)' } as const

export function reportRoutes(app: FastifyInstance, { service, masking }: ApiContext): void {
  for (const kind of REPORT_KINDS) {
    app.get<{ Querystring: ReportQuery }>(
      `/api/v1/reports/${kind}`,
      {
        schema: describe({
          summary: SUMMARIES[kind],
          description: 'With `format=csv` or `xlsx` a file with a sheet a part, titled in both languages.',
          tag: 'reports',
          query: ReportQuery,
          replies: { 200: { what: 'The report', body: ReportBody } },
          problems: ['site-unknown', 'report-unknown'],
        }),
      },
      async (request, reply) => {
        const { site: id, date, shift, format = 'json' } = request.query
        const site = siteOf(service, id)
        const now = service.now()
        const period = periodOf(site, { kind, date, shift, now })
        if (typeof period === 'string') throw new Refused('report-unknown', { detail: period })
        if (period.from > now) throw new Refused('report-unknown', { detail: 'that time has not begun' })
        const complete = period.to <= now
        const until = complete ? period.to : now + 1
        const { kpis, hazards, history, limit } = service
        const stores = { kpis, hazards, history, limit }
        const report = await buildReport({ site, period: { ...period, to: until }, stores })
        if (format === 'json') return bodyOf(report, { complete, masking: maskingFor(request, masking) })
        const name = ['report', site.id, period.date, period.shift?.id].filter(Boolean).join('-')
        return reply
          .type(SHEET_TYPES[format])
          .header('content-disposition', `attachment; filename="${name}.${format}"`)
          .send(await sheetOf(reportTables(report), format))
      },
    )
  }
}

function bodyOf(
  report: Report,
  { complete, masking }: { complete: boolean; masking: Masking | undefined },
): ReportBody {
  const { site, period, headcount, alarms, hazards, hazardsNow, quality, power } = report
  const time = (at: number) => formatInstant(at, site.timezone)
  const { raised, acknowledge, clear, breaches } = alarms
  return {
    kind: period.kind,
    site: site.id,
    name: site.name,
    date: period.date,
    ...(period.shift && { shift: period.shift.id }),
    from: time(period.from),
    to: time(period.to),
    complete,
    headcount: headcount.map(({ area, max, maxAt, min, limit }) => ({
      area: area.id,
      name: area.name,
      max,
      maxAt: time(maxAt),
      min,
      ...(limit !== undefined && { limit }),
    })),
    alarms: {
      raised,
      bySeverity: bySeverity((severity) => alarms.bySeverity[severity] ?? 0),
      byState: Object.fromEntries(ALARM_STATES.map((state) => [state, alarms.byState[state] ?? 0])),
      byRule: [...alarms.byRule],
      top: shownAs(alarms.top, masking),
      ...(acknowledge && { acknowledge: spreadBody(acknowledge) }),
      ...(clear && { clear: spreadBody(clear) }),
      breaches,
    },
    hazards: { ...hazards, standing: hazardsNow.standing, overdueNow: hazardsNow.overdue },
    quality: quality.map((each) => ({ ...each, silent: [...each.silent] })),
    power: [...power],
  }
}
