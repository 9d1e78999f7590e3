/** How weighty a hazard is and how its deadline stands, in words. */
import type { HazardBody } from '../api/types.ts'
import { dateTime, duration } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useNow } from '../store/clock.ts'

export function HazardFlags({ hazard: { grade, overdue, supervision } }: { hazard: HazardBody }) {
  const { w } = useLanguage()
  return (
    <span className="marks">
      <span className="flag" data-tone={grade === 'major' ? 'major' : 'minor'}>
        {w.hazards.grades[grade]}
      </span>
      {overdue && (
        <span className="flag" data-tone="critical">
          {w.hazards.overdue}
        </span>
      )}
      {supervision && (
        <span
          className="flag"
          data-tone="notice"
          title={w.hazards.order(w.hazards.levels[supervision.level], supervision.order)}
        >
          {w.hazards.supervision}
        </span>
      )}
    </span>
  )
}

/** The deadline, and how long to it while it still runs. */
export function HazardDeadline({ hazard, zone }: { hazard: HazardBody; zone: string }) {
  const { lang, w } = useLanguage()
  const now = useNow()
  if (hazard.deadline === undefined) return <span className="dim">{w.hazards.noDeadline}</span>
  const at = Date.parse(hazard.deadline)
  const runs = hazard.state === 'open' || hazard.state === 'assigned'
  return (
    <>
      {dateTime(at, zone).slice(0, 16)}
      {runs && (
        <span className={hazard.overdue ? 'under refused' : 'under'}>
          {at < now ? w.hazards.overdueBy(duration(now - at, lang)) : w.hazards.left(duration(at - now, lang))}
        </span>
      )}
    </>
  )
}
