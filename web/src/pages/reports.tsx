/** Duty reports (值班报表): what a shift, a day or a month was like, to read and to keep. */
import { AutoComplete, Button, Input, Segmented, Select } from 'antd'
import { download } from '../api/files.ts'
import { type Problem, query } from '../api/http.ts'
import type { ReportBody } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { ReportParts } from '../parts/report-parts.tsx'
import { Nothing, Show } from '../parts/states.tsx'
import { useDesk } from '../store/desk.ts'
import { useFetched } from '../store/fetched.ts'
import { notify } from '../store/notices.ts'
import { type Route, setParams } from '../store/route.ts'

const KINDS = ['shift', 'day', 'month'] as const
type Kind = (typeof KINDS)[number]
const FORMATS = ['csv', 'xlsx'] as const

export default function Reports({ route: { params } }: { route: Route }) {
  const { w, text } = useLanguage()
  const sites = useDesk((d) => d.sites.value) ?? []
  const kind = KINDS.find((one) => one === params.get('kind')) ?? 'shift'
  const site = sites.find((one) => one.site === params.get('site')) ?? sites[0]
  const date = params.get('date') ?? ''
  const shift = kind === 'shift' ? (params.get('shift') ?? '') : ''
  const path = (format?: string) => `reports/${kind}${query({ site: site?.site, date, shift, format })}`
  const of = useFetched<ReportBody>(site && path(), { every: 60_000 })
  const change = (changed: Readonly<Record<string, string | undefined>>) => setParams(changed, { replace: true })
  const save = (format: string) =>
    download(path(format)).catch((error: unknown) =>
      notify({ tone: 'error', title: w.reports.failed, problem: error as Problem }),
    )
  const shifts = [...new Set([site?.shift?.id, site?.lastShift?.id].flatMap((id) => id ?? []))]
  if (!site) return <Nothing title={w.reports.noSites} />
  return (
    <div className="stack">
      <div className="row wrap">
        <h1>{w.reports.title}</h1>
        <Segmented<Kind>
          value={kind}
          aria-label={w.reports.kind}
          onChange={(value) => change({ kind: value, date: undefined, shift: undefined })}
          options={KINDS.map((value) => ({ value, label: w.reports.kinds[value] }))}
        />
        <Select
          value={site.site}
          onChange={(value) => change({ site: value, shift: undefined })}
          aria-label={w.reports.site}
          style={{ width: 200 }}
          options={sites.map((each) => ({ value: each.site, label: text(each.name) }))}
        />
        <Input
          type={kind === 'month' ? 'month' : 'date'}
          value={date}
          onChange={({ target }) => change({ date: target.value })}
          aria-label={kind === 'month' ? w.reports.month : w.reports.date}
          title={w.reports.today}
          style={{ width: 170 }}
        />
        {kind === 'shift' && (
          <AutoComplete
            value={shift}
            onChange={(value) => change({ shift: value })}
            aria-label={w.reports.shift}
            placeholder={w.reports.running}
            style={{ width: 180 }}
            allowClear
            options={shifts.map((value) => ({ value, label: w.shift[value] ?? value }))}
          />
        )}
        <span className="grow" />
        {FORMATS.map((format) => (
          <Button
            key={format}
            disabled={of.value === undefined}
            onClick={() => void save(format)}
            aria-label={w.reports.downloadOne(w.reports.download[format])}
          >
            ↓ {w.reports.download[format]}
          </Button>
        ))}
      </div>
      <Show of={of} retry={of.reload} lines={8}>
        {(report) => <ReportParts report={report} zone={site.timezone} />}
      </Show>
    </div>
  )
}
