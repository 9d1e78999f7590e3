/** One site on the overview, to be read from across the room. */
import type { SiteView } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { siteHref } from '../store/route.ts'
import { useSiteDetail } from '../store/site-detail.ts'
import { pressing } from '../store/sites.ts'
import { Glyph } from './icons.tsx'
import { Occupancy } from './occupancy.tsx'
import { SeverityShape } from './severity.tsx'
import { SiteLine } from './site-line.tsx'

export function SiteCard({ site }: { site: SiteView }) {
  const { w, text } = useLanguage()
  const { worst } = site.alarms
  const name = text(site.name)
  const mine = site.kind === 'coal-mine' || site.kind === 'metal-mine'
  const areas = pressing(site.areas).slice(0, 3)
  return (
    <article className="card panel" data-severity={worst ?? 'none'} aria-label={name}>
      <a className="card-head" href={siteHref(site.site)} aria-label={w.overview.open(name)}>
        <span className="card-worst">
          {worst ? <SeverityShape severity={worst} size={26} /> : <Glyph name="check" size={22} />}
          {worst ? w.severity[worst] : w.calm}
        </span>
        <h2 className="clip">{name}</h2>
        <span className="card-kind clip">
          <SiteLine site={site} />
        </span>
      </a>
      <dl className="card-numbers">
        <Figure
          label={mine ? w.overview.people : w.overview.peopleOnSite}
          value={mine ? site.underground : site.people}
        />
        <Figure label={w.overview.standing} value={site.alarms.active} />
        <Figure label={w.overview.unacked} value={site.alarms.unacknowledged} loud={site.alarms.unacknowledged > 0} />
      </dl>
      {areas.length > 0 && (
        <ul className="card-areas">
          {areas.map((area) => (
            <li key={area.id}>
              <span className="clip grow">{text(area.name)}</span>
              {area.monitoring === 'unwatched' && (
                <span className="flag" data-tone="major" title={w.monitoringHint.unwatched}>
                  <Glyph name="blind" size={15} />
                  {w.monitoringShort.unwatched}
                </span>
              )}
              <Occupancy area={area} compact />
            </li>
          ))}
        </ul>
      )}
      <CardFoot site={site} />
    </article>
  )
}

function Figure({ label, value, loud = false }: { label: string; value: number; loud?: boolean }) {
  return (
    <div data-loud={loud || undefined}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
}

/** How the points stand comes with the site's details, fetched now and then. */
function CardFoot({ site }: { site: SiteView }) {
  const { w } = useLanguage()
  const { value } = useSiteDetail(site.site)
  if (!value) return <footer className="card-foot" aria-busy="true" />
  const { total, live, silent, bad, unknown, other } = value.points
  const tallies = [
    ['silent', silent, 'major'],
    ['bad', bad, 'major'],
    ['unknown', unknown, 'dim'],
  ] as const
  return (
    <footer className="card-foot">
      <span className="grow nowrap">{w.overview.pointsLive(live, total - other)}</span>
      {tallies
        .filter(([, count]) => count > 0)
        .map(([state, count, tone]) => (
          <span key={state} className="flag" data-tone={tone}>
            {w.pointState[state]} {count}
          </span>
        ))}
    </footer>
  )
}
