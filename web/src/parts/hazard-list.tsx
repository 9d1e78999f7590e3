/** Hazards with filters, counts, files for a spreadsheet, and the way to report one. */
import { Button, Checkbox, Select } from 'antd'
import { useState } from 'react'
import { download } from '../api/files.ts'
import { type Problem, query } from '../api/http.ts'
import type { HazardList as List } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDesk } from '../store/desk.ts'
import { useFetched } from '../store/fetched.ts'
import { useMay } from '../store/may.ts'
import { notify } from '../store/notices.ts'
import { setParams } from '../store/route.ts'
import { HazardImport } from './hazard-import.tsx'
import { HazardReport } from './hazard-report.tsx'
import { HazardTable } from './hazard-table.tsx'
import { HazardTotals } from './hazard-totals.tsx'
import { Nothing, Show } from './states.tsx'

const STATES = ['open', 'assigned', 'rectified', 'verified', 'closed'] as const
const GRADES = ['major', 'general'] as const
const FORMATS = ['csv', 'xlsx'] as const

export function HazardList({ params }: { params: URLSearchParams }) {
  const { w, text } = useLanguage()
  const may = useMay('operator')
  const sites = useDesk((d) => d.sites.value) ?? []
  const [open, setOpen] = useState<'report' | 'import'>()
  const toggle = (part: 'report' | 'import') => setOpen(open === part ? undefined : part)
  const [cursor, setCursor] = useState<string>()
  const word = (name: string) => params.get(name) ?? ''
  const filters = { state: word('state'), site: word('site'), grade: word('grade'), overdue: word('overdue') }
  const of = useFetched<List>(`hazards${query({ ...filters, cursor, limit: 100 })}`, { every: 10_000 })
  const filtered = Object.values(filters).some((value) => value !== '')
  const choose = (change: Readonly<Record<string, string | undefined>>) => {
    setCursor(undefined)
    setParams(change, { replace: true })
  }
  const save = (format: (typeof FORMATS)[number]) =>
    download(`hazards/export${query({ ...filters, format })}`).catch((error: unknown) =>
      notify({ tone: 'error', title: w.hazards.exportFailed, problem: error as Problem }),
    )
  return (
    <div className="stack">
      <div className="row wrap">
        <h1 className="grow">{w.hazards.list}</h1>
        {may &&
          FORMATS.map((format) => (
            <Button key={format} onClick={() => void save(format)}>
              {w.hazards.export[format]}
            </Button>
          ))}
        {may && (
          <>
            <Button aria-expanded={open === 'import'} onClick={() => toggle('import')}>
              {w.hazards.import.title}…
            </Button>
            <Button type="primary" aria-expanded={open === 'report'} onClick={() => toggle('report')}>
              {w.hazards.report}…
            </Button>
          </>
        )}
      </div>
      {open === 'report' && <HazardReport close={() => setOpen(undefined)} done={of.reload} />}
      {open === 'import' && <HazardImport close={() => setOpen(undefined)} done={of.reload} />}
      <HazardTotals />
      <section className="panel" aria-label={w.hazards.list}>
        <header>
          <search className="filters">
            <Select
              value={filters.state}
              onChange={(state) => choose({ state })}
              aria-label={w.hazards.state}
              style={{ width: 160 }}
              options={[
                { value: '', label: w.hazards.anyState },
                ...STATES.map((value) => ({ value, label: w.hazards.states[value] })),
              ]}
            />
            <Select
              value={filters.site}
              onChange={(site) => choose({ site })}
              aria-label={w.hazards.site}
              style={{ width: 190 }}
              options={[
                { value: '', label: w.alarms.anySite },
                ...sites.map(({ site, name }) => ({ value: site, label: text(name) })),
              ]}
            />
            <Select
              value={filters.grade}
              onChange={(grade) => choose({ grade })}
              aria-label={w.hazards.grade}
              style={{ width: 160 }}
              options={[
                { value: '', label: w.hazards.anyGrade },
                ...GRADES.map((value) => ({ value, label: w.hazards.grades[value] })),
              ]}
            />
            <Checkbox
              checked={filters.overdue === 'true'}
              onChange={({ target }) => choose({ overdue: target.checked ? 'true' : undefined })}
            >
              {w.hazards.overdueOnly}
            </Checkbox>
          </search>
        </header>
        <Show of={of} retry={of.reload} lines={6}>
          {({ items, next }) => (
            <>
              {items.length === 0 ? (
                <Nothing
                  icon="check"
                  title={w.hazards.none}
                  detail={filtered ? w.hazards.noneDetail : w.hazards.empty}
                />
              ) : (
                <HazardTable hazards={items} />
              )}
              {(next !== undefined || cursor !== undefined) && (
                <p className="pages row">
                  {cursor !== undefined && <Button onClick={() => setCursor(undefined)}>{w.common.page(1)}</Button>}
                  {next !== undefined && <Button onClick={() => setCursor(next)}>{w.hazards.more}</Button>}
                </p>
              )}
            </>
          )}
        </Show>
      </section>
    </div>
  )
}
