/** How long an alarm of each severity may wait, for its acknowledgement and for its disposal. */
import { type DutyTree, SEVERITIES } from '../api/types.ts'
import { duration } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { SeverityTag } from './severity.tsx'

export function ResponseClocks({ clocks }: { clocks: NonNullable<DutyTree['clocks']> }) {
  const { lang, w } = useLanguage()
  return (
    <section className="panel" aria-label={w.desks.clocks}>
      <header>
        <h2>{w.desks.clocks}</h2>
      </header>
      <p className="panel-note">{w.desks.clocksHint}</p>
      <div className="sideways">
        <table className="plain stacked" aria-label={w.desks.clocks}>
          <thead>
            <tr>
              <th scope="col">{w.desks.severity}</th>
              <th scope="col" className="num">
                {w.desks.ack}
              </th>
              <th scope="col" className="num">
                {w.desks.dispose}
              </th>
            </tr>
          </thead>
          <tbody>
            {SEVERITIES.map((severity) => (
              <tr key={severity}>
                <td className="wide">
                  <SeverityTag severity={severity} size={16} />
                </td>
                <td className="num nowrap" data-label={w.desks.ack}>
                  {duration(clocks[severity].ackMs, lang)}
                </td>
                <td className="num nowrap" data-label={w.desks.dispose}>
                  {duration(clocks[severity].clearMs, lang)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
