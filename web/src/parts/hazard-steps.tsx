/** A hazard's life, newest first. */
import type { HazardStepBody } from '../api/types.ts'
import { dateTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'

export function HazardSteps({ steps, zone }: { steps: readonly HazardStepBody[]; zone: string }) {
  const { w } = useLanguage()
  return (
    <ol className="timeline">
      {[...steps].reverse().map(({ id, at, cause, by, text, state, owner, deadline }) => (
        <li key={id} style={cause === 'overdue' ? ({ '--dot': 'var(--critical-fill)' } as React.CSSProperties) : {}}>
          <time dateTime={at} className="quiet">
            {dateTime(Date.parse(at), zone)}
          </time>
          <div>
            <b>{w.hazards.causes[cause] ?? cause}</b>
            {by !== undefined && <span className="quiet"> · {w.drawer.by(by)}</span>}
            {text !== undefined && <div className="said">“{text}”</div>}
            <div className="under">
              {[
                w.hazards.states[state],
                owner !== undefined && `${w.hazards.owner}: ${owner}`,
                deadline !== undefined && `${w.hazards.deadline}: ${dateTime(Date.parse(deadline), zone).slice(0, 16)}`,
              ]
                .filter(Boolean)
                .join(' · ')}
            </div>
          </div>
        </li>
      ))}
    </ol>
  )
}
