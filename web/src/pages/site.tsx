/** One site: its alarms, areas, points, trend and people. */
import { useMemo, useState } from 'react'
import type { PointList, SiteView } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { AlarmList } from '../parts/alarm-list.tsx'
import { Areas } from '../parts/areas.tsx'
import { DataQuality } from '../parts/data-quality.tsx'
import { People } from '../parts/people.tsx'
import { Points } from '../parts/points.tsx'
import { SeverityTag } from '../parts/severity.tsx'
import { SiteLine } from '../parts/site-line.tsx'
import { Nothing, Show } from '../parts/states.tsx'
import { TrendPanel } from '../parts/trend-panel.tsx'
import { byUrgency } from '../store/alarms.ts'
import { useDesk } from '../store/desk.ts'
import { useFetched } from '../store/fetched.ts'
import type { Route } from '../store/route.ts'
import { refresh } from '../store/session.ts'

export default function Site({ route: { name: id = '' } }: { route: Route }) {
  const { w } = useLanguage()
  const sites = useDesk((d) => d.sites)
  return (
    <Show of={sites} retry={() => void refresh()}>
      {(all) => {
        const site = all.find((found) => found.site === id)
        return site ? <Found site={site} /> : <Nothing title={w.site.unknownSite} detail={id} />
      }}
    </Show>
  )
}

function Found({ site }: { site: SiteView }) {
  const { w } = useLanguage()
  const [area, setArea] = useState<string>()
  const [picked, setPicked] = useState<readonly string[]>()
  const points = useFetched<PointList>(`sites/${encodeURIComponent(site.site)}/points`, { every: 2_000 })
  const alarms = useDesk((d) => d.alarms.value)
  const mine = useMemo(
    () => [...(alarms?.values() ?? [])].filter((alarm) => alarm.last.site === site.site).sort(byUrgency),
    [alarms, site.site],
  )
  return (
    <div className="stack">
      <SiteHead site={site} />
      <DataQuality site={site} />
      {mine.length > 0 && (
        <section className="panel scroll site-alarms" aria-label={w.overview.alarms}>
          <AlarmList alarms={mine} label={w.overview.alarms} withSite={false} />
        </section>
      )}
      <div className="halves">
        <div className="stack">
          <Areas site={site} chosen={area} choose={setArea} />
          <People site={site} />
        </div>
        <div className="stack">
          <TrendPanel site={site} points={points.value?.points} picked={picked} pick={setPicked} />
          <Points
            site={site}
            of={points}
            area={area}
            clearArea={() => setArea(undefined)}
            pick={(point) => setPicked([point])}
          />
        </div>
      </div>
    </div>
  )
}

function SiteHead({ site }: { site: SiteView }) {
  const { w, text } = useLanguage()
  const underground = site.kind === 'coal-mine' || site.kind === 'metal-mine'
  return (
    <header className="site-head">
      <h1>{text(site.name)}</h1>
      <span className="quiet">
        <SiteLine site={site} />
      </span>
      <span className="grow" />
      <span className="head-figure">
        <b>{underground ? site.underground : site.people}</b>{' '}
        {underground ? w.overview.people : w.overview.peopleOnSite}
      </span>
      {site.alarms.worst ? (
        <SeverityTag severity={site.alarms.worst} size={22} />
      ) : (
        <span className="quiet">{w.calm}</span>
      )}
    </header>
  )
}
