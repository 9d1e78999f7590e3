/** The figures held against good practice; a number nobody has read in the standard says so. */
import type { AlarmKpi } from '../api/types.ts'
import { number } from '../format/value.ts'
import { useLanguage } from '../i18n/language.ts'

type Held = AlarmKpi['benchmark'][number]

export function Benchmark({ kpi: { benchmark } }: { kpi: AlarmKpi }) {
  const { w, text } = useLanguage()
  return (
    <section className="panel" aria-label={w.figures.benchmark}>
      <header className="wrap">
        <h2>{w.figures.benchmark}</h2>
        <span className="quiet grow">{w.figures.benchmarkHint}</span>
      </header>
      <div className="sideways">
        <table className="plain stacked" aria-label={w.figures.benchmark}>
          <thead>
            <tr>
              <th scope="col">{w.figures.figure}</th>
              <th scope="col" className="num">
                {w.figures.value}
              </th>
              <th scope="col" className="num">
                {w.figures.target}
              </th>
              <th scope="col">
                <span className="sr">{w.alarms.state}</span>
              </th>
              <th scope="col">{w.figures.source}</th>
            </tr>
          </thead>
          <tbody>
            {benchmark.map((held) => (
              <tr key={held.id}>
                <td className="wide">
                  <b>{text(held.title)}</b>
                </td>
                <td className="num nowrap" data-label={w.figures.value}>
                  {amount(held.value, held, w.figures.units)}
                </td>
                <td className="num nowrap" data-label={w.figures.target}>
                  {amount(held.target, held, w.figures.units)}
                </td>
                <td>
                  <span className="flag" data-tone={held.met ? 'ok' : 'major'}>
                    {held.met ? w.figures.met : w.figures.missed}
                  </span>
                </td>
                <td data-label={w.figures.source}>
                  {text(held.source)}
                  <span className={held.confirmed ? 'under' : 'under refused'}>
                    {held.confirmed ? w.figures.confirmed : w.figures.unconfirmed}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

/** Shares in percent, anything else with its unit. */
function amount(value: number, { unit }: Held, units: Readonly<Record<string, string>>): string {
  if (unit === 'share') return percent(value)
  return [number(value), units[unit] ?? unit].filter(Boolean).join('\u00a0')
}

export const percent = (share: number): string => `${number(Math.round(share * 1000) / 10)}%`
