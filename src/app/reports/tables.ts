/** A duty report as tables for a spreadsheet, titled in both languages. */
import { SEVERITIES } from '../../model/alarm.ts'
import { formatInstant, SECOND } from '../../model/time.ts'
import type { Cell, Table } from '../sheet/table.ts'
import type { Report } from './report.ts'

const KINDS = { shift: '班报 Shift report', day: '日报 Daily report', month: '月报 Monthly report' } as const
const SEVERITY_WORDS = { critical: '红 critical', major: '橙 major', minor: '黄 minor', notice: '蓝 notice' } as const

/** One sheet a part, the summary first. */
export function reportTables({
  site,
  period,
  headcount,
  alarms,
  hazards,
  hazardsNow,
  quality,
  power,
}: Report): Table[] {
  const time = (at: number) => formatInstant(at, site.timezone)
  const seconds = (span: number | undefined) => (span === undefined ? undefined : Math.round(span / SECOND))
  const { acknowledge, clear } = alarms
  const summary: (readonly Cell[])[] = [
    ['报表 Report', KINDS[period.kind]],
    ['企业 Site', `${site.name.zh} ${site.name.en}`],
    ['日期 Date', period.date],
    ['班次 Shift', period.shift?.id],
    ['起 From', time(period.from)],
    ['止 To', time(period.to)],
    ['报警次数 Alarms', alarms.raised],
    ...SEVERITIES.map((severity) => [`其中 of these ${SEVERITY_WORDS[severity]}`, alarms.bySeverity[severity] ?? 0]),
    ['确认用时中位数（秒）Median time to acknowledge, s', seconds(acknowledge?.median)],
    ['确认用时 90%（秒）90 % acknowledged within, s', seconds(acknowledge?.p90)],
    ['解除用时中位数（秒）Median time to clear, s', seconds(clear?.median)],
    ['响应超时 Response clocks that ran out', alarms.breaches],
    ['新增隐患 Hazards found', hazards.opened],
    ['销号隐患 Hazards closed', hazards.closed],
    ['超期隐患 Hazards become overdue', hazards.overdue],
    ['现存隐患 Hazards standing now', hazardsNow.standing],
    ['现超期隐患 Hazards overdue now', hazardsNow.overdue],
  ]
  return [
    { name: '概要 Summary', titles: ['项目 Item', '内容 Value'], rows: summary },
    {
      name: '人数 Headcount',
      titles: ['地点 Area', '名称 Name', '最多 Most', '时间 At', '最少 Least', '限员 Limit', '超员 Over'],
      rows: headcount.map(({ area, max, maxAt, min, limit }) => [
        area.id,
        `${area.name.zh} ${area.name.en}`,
        max,
        time(maxAt),
        min,
        limit,
        limit !== undefined && max > limit ? '是 yes' : '否 no',
      ]),
    },
    {
      name: '报警 Alarms',
      titles: ['规则 Rule', '次数 Raised'],
      rows: alarms.byRule.map(({ rule, raised }) => [rule, raised]),
    },
    {
      name: '数据质量 Data quality',
      titles: ['类型 Kind', '测点 Points', '好 Good', '存疑 Uncertain', '坏 Bad', '无数据 Silent'],
      rows: quality.map(({ kind, points, good, uncertain, bad, silent }) => [
        kind,
        points,
        good,
        uncertain,
        bad,
        silent.join(' '),
      ]),
    },
    {
      name: '用电 Power',
      titles: ['测点 Point', '负荷 Load', '电量 Energy kWh', '平均 Mean kW', '最大 Max kW'],
      rows: power.map(({ point, load, energy, mean, max }) => [point, load, energy, mean, max]),
    },
  ]
}
