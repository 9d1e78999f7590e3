/** Counts of the whole ledger, as tiles. */
import type { HazardStatisticsBody } from '../api/types.ts'
import { duration } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useFetched } from '../store/fetched.ts'
import { Show } from './states.tsx'

export function HazardTotals() {
  const { lang, w } = useLanguage()
  const of = useFetched<HazardStatisticsBody>('hazards/statistics', { every: 15_000 })
  return (
    <Show of={of} retry={of.reload} lines={1}>
      {({ total, overdue, supervised, byGrade, byState, meanTimeToClose }) => (
        <dl className="tiles">
          <Tile name={w.hazards.totals.total} value={String(total)} />
          {(['open', 'assigned', 'rectified', 'verified'] as const).map((state) => (
            <Tile key={state} name={w.hazards.states[state]} value={String(byState[state] ?? 0)} />
          ))}
          <Tile name={w.hazards.totals.overdue} value={String(overdue)} tone={overdue > 0 ? 'critical' : ''} />
          <Tile name={w.hazards.totals.major} value={String(byGrade.major)} />
          <Tile name={w.hazards.totals.supervised} value={String(supervised)} />
          <Tile
            name={w.hazards.totals.mean}
            value={meanTimeToClose === undefined ? w.hazards.noMean : duration(meanTimeToClose, lang)}
            small
          />
        </dl>
      )}
    </Show>
  )
}

interface TileProps {
  readonly name: string
  readonly value: string
  readonly tone?: string
  readonly small?: boolean
}

export function Tile({ name, value, tone = '', small = false }: TileProps) {
  return (
    <div className="panel" data-tone={tone || undefined}>
      <dt>{name}</dt>
      <dd data-small={small || undefined}>{value}</dd>
    </div>
  )
}
