/** The figures themselves: what stands, what was raised when, by what, and how fast it was answered. */
import type { AlarmKpi } from '../api/types.ts'
import { SEVERITIES } from '../api/types.ts'
import { binsOf } from '../format/bins.ts'
import { dateTime, duration } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDesk } from '../store/desk.ts'
import { openAlarm } from '../store/route.ts'
import { BarRows, Columns } from './bars.tsx'
import { percent } from './benchmark.tsx'
import { Tile } from './hazard-totals.tsx'
import { SeverityTag } from './severity.tsx'
import { useZone } from './zone.ts'

const HOUR = 3_600_000
/** Bars that fit beside each other on a phone. */
const BARS = 60

export function FigureTiles({ kpi }: { kpi: AlarmKpi }) {
  const { lang, w } = useLanguage()
  const { flood } = kpi.rates
  return (
    <dl className="tiles" aria-label={w.figures.now}>
      <Tile name={w.figures.standing} value={String(kpi.standing)} />
      <Tile name={w.figures.stale} value={String(kpi.stale)} tone={kpi.stale > 0 ? 'major' : ''} />
      <Tile name={w.figures.shelved} value={String(kpi.shelved)} />
      <Tile name={w.figures.suppressed} value={String(kpi.suppressed)} />
      <Tile name={w.figures.outOfService} value={String(kpi.outOfService)} />
      <Tile name={w.figures.raised} value={String(kpi.raised)} />
      <Tile name={w.figures.breaches} value={String(kpi.breaches)} tone={kpi.breaches > 0 ? 'major' : ''} />
      <Tile name={w.figures.floods} value={String(flood.floods)} tone={flood.floods > 0 ? 'major' : ''} />
      <Tile name={w.figures.floodTime} value={`${duration(flood.timeMs, lang)} (${percent(flood.share)})`} small />
    </dl>
  )
}

export function FigureDetails({ kpi, site }: { kpi: AlarmKpi; site: string }) {
  const { lang, w } = useLanguage()
  const zone = useZone(site)
  const { bins, hours } = binsOf(kpi.perHour, BARS)
  const spread = (of: AlarmKpi['clear']) =>
    of === undefined ? w.figures.none : w.figures.spread(duration(of.medianMs, lang), duration(of.p90Ms, lang))
  return (
    <div className="halves">
      <section className="panel sheet" aria-label={w.figures.perHour}>
        <h2>
          {w.figures.perHour} <span className="quiet small">{w.figures.perBin(duration(hours * HOUR, lang))}</span>
        </h2>
        <Columns
          label={w.figures.perHour}
          columns={bins.map(({ from, raised }) => ({
            key: from,
            value: raised,
            said: w.figures.bar(raised, dateTime(Date.parse(from), zone).slice(0, 16)),
          }))}
        />
        <dl className="facts">
          <dt>{w.figures.acknowledge}</dt>
          <dd>{spread(kpi.acknowledge)}</dd>
          <dt>{w.figures.clear}</dt>
          <dd>{spread(kpi.clear)}</dd>
        </dl>
        <h2>{w.figures.severities}</h2>
        <BarRows
          label={w.figures.severities}
          rows={SEVERITIES.map((severity) => ({
            key: severity,
            name: <SeverityTag severity={severity} size={16} />,
            value: kpi.raisedBySeverity[severity],
            said: String(kpi.raisedBySeverity[severity]),
            colour: `--${severity}-fill`,
          }))}
        />
      </section>
      <section className="panel sheet" aria-label={w.figures.top}>
        <h2>{w.figures.top}</h2>
        {kpi.top.length === 0 ? (
          <p className="dim">{w.figures.none}</p>
        ) : (
          <BarRows
            label={w.figures.top}
            rows={kpi.top.map((of) => ({
              key: of.alarm,
              name: <AlarmName of={of} />,
              value: of.raised,
              said: `${of.raised} · ${percent(of.share)}`,
            }))}
          />
        )}
        <h2>{w.figures.chattering}</h2>
        {kpi.chattering.length === 0 ? (
          <p className="dim">{w.figures.none}</p>
        ) : (
          <ul className="stood">
            {kpi.chattering.map((of) => (
              <li key={of.alarm}>
                <span className="grow">
                  <AlarmName of={of} />
                </span>
                {w.figures.times(of.raised)}
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  )
}

/** By the title of its rule item and what it is about; what the service raises of its own has no item; by its id where the item is no more. */
function AlarmName({ of: { alarm, title, site: place, key } }: { of: AlarmKpi['chattering'][number] }) {
  const { w, text } = useLanguage()
  const [first, own = '', ...rest] = alarm.split('/')
  const name = title ? text(title) : w.rule[own]
  const id = place ?? first
  const site = useDesk((d) => d.sites.value?.find((found) => found.site === id))
  return (
    <button type="button" className="link-button" onClick={() => openAlarm(alarm)}>
      {name ? (
        <>
          {name} <span className="mono small">{key ?? rest.join('/')}</span>
          <span className="under">{site ? text(site.name) : id}</span>
        </>
      ) : (
        <span className="mono">{alarm}</span>
      )}
    </button>
  )
}
