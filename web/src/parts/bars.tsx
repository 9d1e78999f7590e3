/** Plain bars: a share beside its words, and counts over time. */
import type { ReactNode } from 'react'

interface BarRow {
  readonly key: string
  readonly name: ReactNode
  readonly value: number
  readonly said: string
  /** A colour variable; the accent where there is none. */
  readonly colour?: string
}

/** Lengths are relative to the longest. */
export function BarRows({ rows, label }: { rows: readonly BarRow[]; label: string }) {
  const most = Math.max(1, ...rows.map(({ value }) => value))
  return (
    <ul className="bar-rows" aria-label={label}>
      {rows.map(({ key, name, value, said, colour }) => (
        <li key={key}>
          <span className="bar-name">{name}</span>
          <span className="bar-track" aria-hidden="true">
            <i style={{ width: `${(value / most) * 100}%`, ...(colour && { background: `var(${colour})` }) }} />
          </span>
          <b className="nowrap">{said}</b>
        </li>
      ))}
    </ul>
  )
}

interface ColumnsProps {
  readonly columns: readonly { readonly key: string; readonly value: number; readonly said: string }[]
  readonly label: string
}

/** Counts over time, oldest first. */
export function Columns({ columns, label }: ColumnsProps) {
  const most = Math.max(1, ...columns.map(({ value }) => value))
  return (
    <div className="columns" role="img" aria-label={label}>
      <span className="columns-most">{most}</span>
      {columns.map(({ key, value, said }) => (
        <span key={key} title={said}>
          <i style={{ height: `${(value / most) * 100}%` }} />
        </span>
      ))}
    </div>
  )
}
