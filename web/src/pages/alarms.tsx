/** Alarms: what stands, and what was. */
import { Segmented } from 'antd'
import { lazy, Suspense } from 'react'
import { useLanguage } from '../i18n/language.ts'
import { filterOf } from '../parts/alarm-filters.tsx'
import { StandingAlarms } from '../parts/standing-alarms.tsx'
import { Loading } from '../parts/states.tsx'
import { type Route, setParams } from '../store/route.ts'

const AlarmHistory = lazy(() => import('../parts/alarm-history.tsx'))

export default function Alarms({ route: { params } }: { route: Route }) {
  const { w } = useLanguage()
  const tab = params.get('tab') === 'history' ? 'history' : 'standing'
  const filter = filterOf(params)
  return (
    <div className="stack">
      <div className="row">
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
      </div>
      {tab === 'standing' ? (
        <StandingAlarms filter={filter} />
      ) : (
        <Suspense fallback={<Loading />}>
          <AlarmHistory filter={filter} />
        </Suspense>
      )}
    </div>
  )
}
