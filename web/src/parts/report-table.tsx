/** One part of a report: names at the left, figures at the right. */
import type { ReactNode } from 'react'
import { useLanguage } from '../i18n/language.ts'

interface Props {
  readonly title: string
  /** None: rows of a name and a figure. */
  readonly heads: readonly string[]
  readonly rows: readonly (readonly ReactNode[])[]
}

export function ReportTable({ title, heads, rows }: Props) {
  const { w } = useLanguage()
  return (
    <section className="panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      {rows.length === 0 ? (
        <p className="panel-form dim">{w.reports.nothing}</p>
      ) : (
        <div className="sideways">
          <table className="plain" aria-label={title}>
            {heads.length > 0 && (
              <thead>
                <tr>
                  {heads.map((head, n) => (
                    <th key={head} scope="col" className={n === 0 ? '' : 'num'}>
                      {head}
                    </th>
                  ))}
                </tr>
              </thead>
            )}
            <tbody>
              {rows.map((cells, row) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of a finished report
                <tr key={row}>
                  {cells.map((cell, n) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns in a fixed order
                    <td key={n} className={n === 0 ? '' : 'num'}>
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
