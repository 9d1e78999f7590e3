/** The parts of a duty report, as tables. */
import type { ReactNode } from 'react'
import type { ReportBody } from '../api/types.ts'
import { SEVERITIES } from '../api/types.ts'
import { dateTime, duration } from '../format/time.ts'
import { number, withUnit } from '../format/value.ts'
import { useLanguage } from '../i18n/language.ts'
import { ReportTable } from './report-table.tsx'
import { SeverityTag } from './severity.tsx'

interface Props {
  readonly report: ReportBody
  readonly zone: string
}

export function ReportParts({ report, zone }: Props) {
  const { w, text } = useLanguage()
  const time = (at: string) => dateTime(Date.parse(at), zone).slice(0, 16)
  return (
    <>
      <p className="row wrap">
        <b>
          {text(report.name)} · {report.date}
          {report.shift !== undefined && ` · ${w.site.shiftOf(w.shift[report.shift] ?? report.shift)}`}
        </b>
        <span className="quiet">{w.reports.span(time(report.from), time(report.to))}</span>
        {!report.complete && (
          <span className="flag" data-tone="notice">
            {w.reports.incomplete}
          </span>
        )}
      </p>
      <div className="halves">
        <Alarms report={report} zone={zone} />
        <Hazards report={report} zone={zone} />
      </div>
      <People report={report} zone={zone} />
      <div className="halves">
        <Quality report={report} zone={zone} />
        <Power report={report} zone={zone} />
      </div>
    </>
  )
}

function Alarms({ report: { alarms } }: Props) {
  const { lang, w } = useLanguage()
  const spread = (of: ReportBody['alarms']['clear']) =>
    of === undefined ? w.figures.none : w.figures.spread(duration(of.medianMs, lang), duration(of.p90Ms, lang))
  const rows: readonly (readonly ReactNode[])[] = [
    [w.reports.raised, alarms.raised],
    ...SEVERITIES.map((severity) => [
      <SeverityTag key={severity} severity={severity} size={15} />,
      alarms.bySeverity[severity] ?? 0,
    ]),
    ...alarms.byRule.map(({ rule, raised }) => [w.rule[rule] ?? rule, raised]),
    [w.figures.acknowledge, spread(alarms.acknowledge)],
    [w.figures.clear, spread(alarms.clear)],
    [w.figures.breaches, alarms.breaches],
  ]
  return <ReportTable title={w.reports.alarms} heads={[]} rows={rows} />
}

function Hazards({ report: { hazards } }: Props) {
  const { w } = useLanguage()
  const rows = (['opened', 'closed', 'overdue', 'standing', 'overdueNow'] as const).map((name) => [
    w.reports.hazardRows[name],
    hazards[name],
  ])
  return <ReportTable title={w.reports.hazards} heads={[]} rows={rows} />
}

function People({ report: { headcount }, zone }: Props) {
  const { w, text } = useLanguage()
  return (
    <ReportTable
      title={w.reports.people}
      heads={[w.reports.area, w.reports.most, w.reports.limit, w.reports.mostAt, w.reports.least]}
      rows={headcount.map(({ area, name, max, maxAt, min, limit }) => [
        text(name) || area,
        <span key="max" className={limit !== undefined && max > limit ? 'refused' : ''}>
          {w.common.people(max)}
        </span>,
        limit === undefined ? w.common.none : w.common.people(limit),
        dateTime(Date.parse(maxAt), zone),
        w.common.people(min),
      ])}
    />
  )
}

function Quality({ report: { quality } }: Props) {
  const { w } = useLanguage()
  return (
    <ReportTable
      title={w.reports.quality}
      heads={[
        w.reports.kindOf,
        w.reports.points,
        ...['good', 'uncertain', 'bad'].map((grade) => w.quality[grade] ?? grade),
        w.reports.silent,
      ]}
      rows={quality.map(({ kind, points, good, uncertain, bad, silent }) => [
        w.kind[kind] ?? kind,
        points,
        ...[good, uncertain, bad].map((count) => w.site.readings(count)),
        silent.length === 0 ? w.common.none : silent.join(' · '),
      ])}
    />
  )
}

function Power({ report: { power } }: Props) {
  const { w } = useLanguage()
  const amount = (value: number | undefined, unit: string) =>
    value === undefined ? w.common.none : withUnit(number(value), unit)
  return (
    <ReportTable
      title={w.reports.power}
      heads={[w.reports.meter, w.reports.energy, w.reports.mean, w.reports.max]}
      rows={power.map(({ point, load, energy, mean, max }) => [
        load === undefined ? point : `${point} (${load})`,
        amount(energy, 'kWh'),
        amount(mean, 'kW'),
        amount(max, 'kW'),
      ])}
    />
  )
}
