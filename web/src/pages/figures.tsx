/** How the alarm desk fares (报警管理指标): against good practice, over time, site by site. */
import { Segmented, Select } from 'antd'
import { query } from '../api/http.ts'
import type { AlarmKpi } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { Benchmark } from '../parts/benchmark.tsx'
import { FigureDetails, FigureTiles } from '../parts/figure-details.tsx'
import { SiteFigures } from '../parts/site-figures.tsx'
import { Show } from '../parts/states.tsx'
import { useDesk } from '../store/desk.ts'
import { useDutyTree } from '../store/desks.ts'
import { useFetched } from '../store/fetched.ts'
import { type Route, setParams } from '../store/route.ts'
import { spanFrom } from '../store/span.ts'

const SPANS = ['1', '7', '30'] as const
type Days = (typeof SPANS)[number]

export default function Figures({ route: { params } }: { route: Route }) {
  const { w, text } = useLanguage()
  const sites = useDesk((d) => d.sites.value) ?? []
  const days = SPANS.find((span) => span === params.get('days')) ?? '1'
  const site = params.get('site') ?? ''
  const desk = params.get('desk') ?? ''
  const desks = useDutyTree().value?.desks ?? []
  const from = spanFrom(Number(days))
  const of = useFetched<AlarmKpi>(`alarms/kpi${query({ from, site, desk })}`, { every: 30_000 })
  return (
    <div className="stack">
      <div className="row wrap">
        <h1 className="grow">{w.figures.title}</h1>
        {(desks.length > 0 || desk !== '') && (
          <Select
            value={desk}
            onChange={(value) => setParams({ desk: value }, { replace: true })}
            aria-label={w.desks.choose}
            style={{ width: 260 }}
            options={[
              { value: '', label: w.desks.all },
              ...desks.map((each) => ({ value: each.desk, label: text(each.name) })),
            ]}
          />
        )}
        <Select
          value={site}
          onChange={(value) => setParams({ site: value }, { replace: true })}
          aria-label={w.alarms.site}
          style={{ width: 220 }}
          options={[
            { value: '', label: w.figures.everySite },
            ...sites.map((each) => ({ value: each.site, label: text(each.name) })),
          ]}
        />
        <Segmented<Days>
          value={days}
          aria-label={w.figures.span}
          onChange={(value) => setParams({ days: value === '1' ? undefined : value }, { replace: true })}
          options={SPANS.map((value) => ({ value, label: w.figures.spans[value] }))}
        />
      </div>
      <Show of={of} retry={of.reload} lines={8}>
        {(kpi) => (
          <>
            <FigureTiles kpi={kpi} />
            <Benchmark kpi={kpi} />
            <FigureDetails kpi={kpi} site={site} />
          </>
        )}
      </Show>
      {site === '' && desk === '' && sites.length > 1 && <SiteFigures sites={sites} from={from} />}
    </div>
  )
}
