/** Heads against the limit, as numbers and as a bar; over the limit cannot be missed. */
import type { AreaBody } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { over } from '../store/sites.ts'

export function Occupancy({ area, compact = false }: { area: AreaBody; compact?: boolean }) {
  const { w } = useLanguage()
  const { count, limit } = area
  const excess = over(area)
  const name = `${w.common.people(count)}${limit === undefined ? '' : ` / ${limit}`}${excess ? `, ${w.site.over(excess)}` : ''}`
  return (
    <span className="occupancy" data-over={excess > 0 || undefined} data-compact={compact || undefined}>
      <span className="sr">{name}</span>
      <span className="occupancy-number" aria-hidden="true">
        <b>{count}</b>
        {limit !== undefined && <span> / {limit}</span>}
      </span>
      {limit === undefined ? (
        compact && <span className="bar-none" />
      ) : (
        <span className="bar" aria-hidden="true">
          {excess > 0 ? (
            <>
              <i style={{ width: `${(limit / count) * 100}%` }} />
              <i className="bar-over" />
            </>
          ) : (
            <i style={{ width: `${limit === 0 ? 0 : (count / limit) * 100}%` }} />
          )}
        </span>
      )}
      {excess > 0 && (
        <span className="flag" data-tone="critical" aria-hidden="true">
          {w.site.over(excess)}
        </span>
      )}
    </span>
  )
}
