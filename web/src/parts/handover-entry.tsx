/** One entry of the shift log, with the alarms that stood then. */
import type { HandoverEntry as Entry } from '../api/types.ts'
import { dateTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDesk } from '../store/desk.ts'
import { openAlarm } from '../store/route.ts'
import { SeverityTag } from './severity.tsx'
import { useZone } from './zone.ts'

/** `desk`: its name. */
export function HandoverEntry({ entry, desk }: { entry: Entry; desk: string }) {
  const { w, text } = useLanguage()
  const zone = useZone()
  const alarms = useDesk((d) => d.alarms.value)
  const { at, by, outgoing, incoming, count, standing } = entry
  return (
    <li className="entry">
      <div className="row wrap">
        <time dateTime={at} className="nowrap">
          {dateTime(Date.parse(at), zone)}
        </time>
        <b>
          {outgoing} → {incoming}
        </b>
        <span className="quiet">{desk}</span>
      </div>
      <p className={entry.text === '' ? 'dim' : 'said'}>{entry.text === '' ? w.shiftLog.nothing : entry.text}</p>
      {standing.length === 0 ? (
        <span className="under">{w.shiftLog.stood(count)}</span>
      ) : (
        <details>
          <summary>
            {w.shiftLog.stood(count)}
            {standing.length < count && ` · ${w.shiftLog.shown(standing.length)}`}
          </summary>
          <ul className="stood">
            {standing.map(({ alarm, severity, state }) => {
              const now = alarms?.get(alarm)
              return (
                <li key={alarm}>
                  <SeverityTag severity={severity} size={15} />
                  <button type="button" className="link-button grow" onClick={() => openAlarm(alarm)}>
                    {now ? text(now.last.text) : <span className="mono">{alarm}</span>}
                  </button>
                  <span className="quiet small">{w.state[state]}</span>
                </li>
              )
            })}
          </ul>
        </details>
      )}
      <span className="under">{w.shiftLog.by(by)}</span>
    </li>
  )
}
