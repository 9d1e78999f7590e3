/** What a trial found: in words, in numbers, and alarm by alarm. */
import type { ReactNode } from 'react'
import type { ComparisonBody, EpisodeBody, RuleBody, ShiftedBody } from '../api/types.ts'
import { measured } from '../format/alarm.ts'
import { dateTime, duration } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { openAlarm } from '../store/route.ts'
import { SeverityTag } from './severity.tsx'
import { Nothing } from './states.tsx'
import { useZone } from './zone.ts'

interface Props {
  readonly rule: RuleBody
  readonly result: ComparisonBody
}

export function TrialResult({ rule, result }: Props) {
  const { w } = useLanguage()
  const zone = useZone(rule.sites[0])
  const { totals, onlyNow, onlyThen, both, days } = result
  const span = `${dateTime(Date.parse(result.from), zone)} – ${dateTime(Date.parse(result.to), zone)} (${zone})`
  if (totals.was === 0 && totals.would === 0) return <Nothing icon="check" title={w.trial.quiet} detail={span} />
  return (
    <div className="trial-body">
      <p className="trial-summary" role="status">
        {inWords(totals, w.trial)}
      </p>
      <p className="quiet small">{span}</p>
      <dl className="tiles">
        <Tile name={w.trial.was} value={totals.was} />
        <Tile name={w.trial.would} value={totals.would} />
        <Tile name={w.trial.onlyNow} value={totals.onlyNow} loud />
        <Tile name={w.trial.onlyThen} value={totals.onlyThen} loud />
      </dl>
      <Part title={w.trial.onlyNow} of={onlyNow}>
        <Episodes episodes={onlyNow} label={w.trial.onlyNow} unit={rule.unit} />
      </Part>
      <Part title={w.trial.onlyThen} of={onlyThen}>
        <Episodes episodes={onlyThen} label={w.trial.onlyThen} unit={rule.unit} known />
      </Part>
      <Part title={w.trial.both} of={both}>
        <Shifts pairs={both} />
      </Part>
      {days.length > 1 && <Days days={days} />}
      {result.cut && <p className="inline-note">{w.trial.cut}</p>}
    </div>
  )
}

type Words = ReturnType<typeof useLanguage>['w']['trial']

function inWords({ was, would, onlyNow, onlyThen, shifted, same }: ComparisonBody['totals'], w: Words): string {
  if (onlyNow + onlyThen + shifted === 0) return `${w.nothing} ${w.equal(same)}`
  return [
    w.summary(was, would),
    onlyNow > 0 && w.more(onlyNow),
    onlyThen > 0 && w.fewer(onlyThen),
    shifted > 0 && w.moved(shifted),
    same > 0 && w.equal(same),
  ]
    .filter((part) => part !== false)
    .join(' ')
}

function Tile({ name, value, loud = false }: { name: string; value: number; loud?: boolean }) {
  return (
    <div data-loud={(loud && value > 0) || undefined}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function Part({ title, of, children }: { title: string; of: readonly unknown[]; children: ReactNode }) {
  const { w } = useLanguage()
  return (
    <section aria-label={title}>
      <h3 className="part-head">
        {title} <span className="quiet">{of.length}</span>
      </h3>
      {of.length === 0 ? <p className="dim">{w.trial.noneOf}</p> : <div className="sideways">{children}</div>}
    </section>
  )
}

/** An alarm's name, as the way to its details where it is on record. */
function Named({ episode: { alarm, text: words }, known }: { episode: EpisodeBody; known: boolean }) {
  const { w, text } = useLanguage()
  return (
    <>
      {known ? (
        <button
          type="button"
          className="link-button"
          aria-label={w.alarms.open(text(words))}
          onClick={() => openAlarm(alarm)}
        >
          {text(words)}
        </button>
      ) : (
        <b>{text(words)}</b>
      )}
      <span className="under mono">{alarm}</span>
    </>
  )
}

interface EpisodesProps {
  readonly episodes: readonly EpisodeBody[]
  readonly label: string
  readonly unit: string | undefined
  /** They were raised, so their details can be opened. */
  readonly known?: boolean
}

function Episodes({ episodes, label, unit, known = false }: EpisodesProps) {
  const { lang, w } = useLanguage()
  return (
    <table className="plain" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{w.alarms.severity}</th>
          <th scope="col">{w.alarms.alarm}</th>
          <th scope="col">{w.alarms.raised}</th>
          <th scope="col">{w.trial.lasted}</th>
          <th scope="col" className="num">
            {w.drawer.value} / {w.drawer.limit}
          </th>
        </tr>
      </thead>
      <tbody>
        {episodes.map((episode) => (
          <tr key={`${episode.alarm} ${episode.raised}`}>
            <td>
              <SeverityTag severity={episode.severity} size={16} />
            </td>
            <td>
              <Named episode={episode} known={known} />
            </td>
            <td className="nowrap">
              <At time={episode.raised} site={episode.site} />
            </td>
            <td className="nowrap">
              <Lasted episode={episode} />
            </td>
            <td className="num nowrap">
              {[episode.value, episode.limit]
                .map((value) => measured(value, episode, { unit, lang }))
                .filter((said) => said !== undefined)
                .join(' / ') || w.common.none}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function At({ time, site }: { time: string; site: string }) {
  const zone = useZone(site)
  return (
    <time dateTime={time} title={zone}>
      {dateTime(Date.parse(time), zone)}
    </time>
  )
}

function Lasted({ episode: { raised, cleared, found, site } }: { episode: EpisodeBody }) {
  const { lang, w } = useLanguage()
  const zone = useZone(site)
  if (found !== undefined) return <span className="quiet">{w.trial.found(dateTime(Date.parse(found), zone))}</span>
  if (cleared === undefined) return <span className="quiet">{w.trial.openEnd}</span>
  return duration(Date.parse(cleared) - Date.parse(raised), lang)
}

function Shifts({ pairs }: { pairs: readonly ShiftedBody[] }) {
  const { w } = useLanguage()
  return (
    <table className="plain" aria-label={w.trial.both}>
      <thead>
        <tr>
          <th scope="col">{w.alarms.severity}</th>
          <th scope="col">{w.alarms.alarm}</th>
          <th scope="col">{w.alarms.raised}</th>
          <th scope="col">{w.trial.difference}</th>
        </tr>
      </thead>
      <tbody>
        {pairs.map((pair) => {
          const [was] = pair.was
          if (!was) return null
          return (
            <tr key={`${pair.alarm} ${was.raised}`}>
              <td>
                <SeverityTag severity={was.severity} size={16} />
              </td>
              <td>
                <Named episode={was} known />
              </td>
              <td className="nowrap">
                <At time={was.raised} site={was.site} />
              </td>
              <td>
                <Difference pair={pair} />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function Difference({ pair }: { pair: ShiftedBody }) {
  const { lang, w } = useLanguage()
  if (pair.same) return <span className="dim">{w.trial.same}</span>
  const moved = (by: number) =>
    by < 0 ? w.trial.earlier(duration(-by, lang)) : by > 0 ? w.trial.later(duration(by, lang)) : w.trial.sameTime
  const ends = pair.would.at(-1)?.cleared === undefined
  const worst = pair.would[0]?.severity
  return (
    <ul className="figures">
      {pair.raisedBy !== 0 && (
        <li>
          {w.trial.rises} <b>{moved(pair.raisedBy)}</b>
        </li>
      )}
      {pair.clearedBy === undefined ? (
        <li>{ends ? w.trial.clearsNoMore : w.trial.clearsNow}</li>
      ) : (
        pair.clearedBy !== 0 && (
          <li>
            {w.trial.clears} <b>{moved(pair.clearedBy)}</b>
          </li>
        )
      )}
      {worst !== undefined && worst !== pair.was[0]?.severity && (
        <li>
          → <SeverityTag severity={worst} size={14} />
        </li>
      )}
      {pair.was.length !== pair.would.length && <li>{w.trial.episodes(pair.was.length, pair.would.length)}</li>}
    </ul>
  )
}

function Days({ days }: { days: ComparisonBody['days'] }) {
  const { w } = useLanguage()
  return (
    <section aria-label={w.trial.perDay}>
      <h3 className="part-head">{w.trial.perDay}</h3>
      <table className="plain narrow" aria-label={w.trial.perDay}>
        <thead>
          <tr>
            <th scope="col">{w.trial.day}</th>
            <th scope="col" className="num">
              {w.trial.was}
            </th>
            <th scope="col" className="num">
              {w.trial.would}
            </th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ day, was, would }) => (
            <tr key={day}>
              <td>{day}</td>
              <td className="num">{was}</td>
              <td className="num">{would}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
