/** The figures site by site: each has a desk of its own. */
import { query } from '../api/http.ts'
import type { AlarmKpi, SiteView } from '../api/types.ts'
import { duration } from '../format/time.ts'
import { number } from '../format/value.ts'
import { useLanguage } from '../i18n/language.ts'
import { useFetched } from '../store/fetched.ts'
import { setParams } from '../store/route.ts'

/** Each is a question of its own; more are reached by choosing the site. */
const MOST = 20

export function SiteFigures({ sites, from }: { sites: readonly SiteView[]; from: string }) {
  const { w } = useLanguage()
  return (
    <section className="panel" aria-label={w.figures.sites}>
      <header>
        <h2>{w.figures.sites}</h2>
      </header>
      <div className="sideways">
        <table className="plain" aria-label={w.figures.sites}>
          <thead>
            <tr>
              <th scope="col">{w.alarms.site}</th>
              {[
                w.figures.raised,
                w.figures.rate,
                w.figures.peak,
                w.figures.standing,
                w.figures.stale,
                w.figures.ackMedian,
                w.figures.met,
              ].map((name) => (
                <th key={name} scope="col" className="num">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sites.slice(0, MOST).map((site) => (
              <Row key={site.site} site={site} from={from} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Row({ site, from }: { site: SiteView; from: string }) {
  const { lang, w, text } = useLanguage()
  const { value, problem } = useFetched<AlarmKpi>(`alarms/kpi${query({ from, site: site.site })}`, { every: 60_000 })
  const cells: readonly (readonly [string, string])[] | undefined = value && [
    ['raised', String(value.raised)],
    ['rate', number(value.rates.perHour.average)],
    ['peak', number(value.rates.perTenMinutes.peak)],
    ['standing', String(value.standing)],
    ['stale', String(value.stale)],
    ['acknowledge', value.acknowledge ? duration(value.acknowledge.medianMs, lang) : w.common.none],
    ['met', `${value.benchmark.filter(({ met }) => met).length} / ${value.benchmark.length}`],
  ]
  return (
    <tr>
      <td>
        <button type="button" className="link-button" onClick={() => setParams({ site: site.site })}>
          {text(site.name)}
        </button>
      </td>
      {cells ? (
        cells.map(([name, cell]) => (
          <td key={name} className="num nowrap">
            {cell}
          </td>
        ))
      ) : (
        <td colSpan={7} className="dim">
          {problem ? w.common.failed : w.common.loading}
        </td>
      )}
    </tr>
  )
}
