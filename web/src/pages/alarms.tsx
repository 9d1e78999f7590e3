/** Alarms: what stands, and what was. */
import { Segmented } from 'antd'
import { lazy, Suspense } from 'react'
import { useLanguage } from '../i18n/language.ts'
import { filterOf } from '../parts/alarm-filters.tsx'
import { SeverityCounts } from '../parts/severity-counts.tsx'
import { StandingAlarms } from '../parts/standing-alarms.tsx'
import { Loading } from '../parts/states.tsx'
import type { Grouping } from '../store/alarm-groups.ts'
import { type Route, setParams } from '../store/route.ts'

const AlarmHistory = lazy(() => import('../parts/alarm-history.tsx'))

export default function Alarms({ route: { params } }: { route: Route }) {
  const { w } = useLanguage()
  const tab = params.get('tab') === 'history' ? 'history' : 'standing'
  const filter = filterOf(params)
  const grouping = groupingOf(params.get('group'))
  return (
    <div className="stack">
      <div className="row wrap">
        <h1>{w.nav.alarms}</h1>
        <Segmented
          value={tab}
          aria-label={w.nav.alarms}
          onChange={(value) => setParams({ tab: value === 'history' ? 'history' : undefined, state: undefined })}
          options={[
            { value: 'standing', label: w.alarms.standing },
            { value: 'history', label: w.alarms.history },
          ]}
        />
        {tab === 'standing' && (
          <>
            <SeverityCounts filter={filter} />
            <span className="grow" />
            <Segmented
              value={grouping}
              aria-label={w.alarms.group}
              onChange={(value) => setParams({ group: value === 'none' ? undefined : value }, { replace: true })}
              options={(['none', 'site', 'area'] as const).map((value) => ({ value, label: w.alarms.groups[value] }))}
            />
          </>
        )}
      </div>
      {tab === 'standing' ? (
        <StandingAlarms filter={filter} grouping={grouping} />
      ) : (
        <Suspense fallback={<Loading />}>
          <AlarmHistory filter={filter} />
        </Suspense>
      )}
    </div>
  )
}

const groupingOf = (word: string | null): Grouping => (word === 'site' || word === 'area' ? word : 'none')
