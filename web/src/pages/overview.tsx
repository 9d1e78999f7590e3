/** The desk at a glance: every site as a card, and what stands, worst first. */
import { useMemo } from 'react'
import { useLanguage } from '../i18n/language.ts'
import { AlarmList } from '../parts/alarm-list.tsx'
import { Glyph } from '../parts/icons.tsx'
import { SiteCard } from '../parts/site-card.tsx'
import { Nothing, Show } from '../parts/states.tsx'
import { byUrgency } from '../store/alarms.ts'
import { useDesk } from '../store/desk.ts'
import { isUp, linkTone } from '../store/links.ts'
import { refresh } from '../store/session.ts'

const SHOWN = 25

export default function Overview() {
  const { w } = useLanguage()
  const sites = useDesk((d) => d.sites)
  const alarms = useDesk((d) => d.alarms)
  const list = useMemo(() => [...(alarms.value?.values() ?? [])].sort(byUrgency), [alarms.value])
  return (
    <div className="stack">
      <h1 className="sr">{w.nav.overview}</h1>
      <section aria-label={w.overview.title}>
        <Show of={sites} retry={() => void refresh()}>
          {(all) =>
            all.length === 0 ? (
              <div className="panel">
                <Nothing title={w.overview.noSites} detail={w.overview.noSitesDetail} />
              </div>
            ) : (
              <div className="cards">
                {all.map((site) => (
                  <SiteCard key={site.site} site={site} />
                ))}
              </div>
            )
          }
        </Show>
      </section>
      <LinkStrip />
      <section className="panel" aria-label={w.overview.alarms}>
        <header>
          <h2 className="grow">{w.overview.alarms}</h2>
          {list.length > 0 && (
            <a className="quiet" href="#/alarms">
              {w.overview.all(list.length)} →
            </a>
          )}
        </header>
        <Show of={alarms} retry={() => void refresh()}>
          {() =>
            list.length === 0 ? (
              <Nothing icon="check" title={w.overview.noAlarms} detail={w.overview.noAlarmsDetail} />
            ) : (
              <AlarmList alarms={list.slice(0, SHOWN)} label={w.overview.alarms} />
            )
          }
        </Show>
      </section>
    </div>
  )
}

/** Every link, of sources and of ways up, in one line: quiet while all are up. */
function LinkStrip() {
  const { w } = useLanguage()
  const links = useDesk((d) => d.links.value)
  if (!links) return null
  const all = [
    ...links.sources.map((link) => ({ ...link, key: `source ${link.name}`, title: link.name })),
    ...links.forwards.map((link) => ({ ...link, key: `way ${link.name}`, title: `${w.sources.way} ${link.name}` })),
  ]
  if (all.length === 0) return null
  const bad = all.filter((link) => !isUp(link))
  return (
    <section className="link-strip" aria-label={w.overview.links}>
      <a href="#/sources" className="row">
        <Glyph name="plug" size={17} />
        {w.overview.links} {w.overview.linksUp(all.length - bad.length, all.length)}
      </a>
      {bad.map((link) => (
        <span key={link.key} className="flag" data-tone={linkTone(link)} title={link.reason}>
          {link.title}: {w.link[link.state]}
        </span>
      ))}
    </section>
  )
}
