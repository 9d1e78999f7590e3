/** An alarm's timeline and the readings behind it. */
import { Button } from 'antd'
import { useState } from 'react'
import type { AlarmDetail, EvidenceBody, PointBody } from '../api/types.ts'
import { isOwn, measured } from '../format/alarm.ts'
import { byText } from '../format/by.ts'
import { dateTime, exactTime } from '../format/time.ts'
import { valueText, withUnit } from '../format/value.ts'
import { useLanguage } from '../i18n/language.ts'
import type { Lang } from '../i18n/words.ts'
import { useZone } from './zone.ts'

interface Props {
  readonly detail: AlarmDetail
  /** Of the alarm's site, for kinds and units. */
  readonly points: readonly PointBody[]
}

const SHOWN = 12

/** Newest first: what happened last is what the officer asks about. */
export function Timeline({ detail, points }: Props) {
  const { lang, w, text } = useLanguage()
  const zone = useZone(detail.last.site)
  const [all, setAll] = useState(false)
  const steps = [...detail.timeline].reverse()
  const shown = all ? steps : steps.slice(0, SHOWN)
  return (
    <section className="drawer-section" aria-label={w.drawer.timeline}>
      <h3>{w.drawer.timeline}</h3>
      <ol className="timeline">
        {shown.map((step) => (
          <li
            key={step.id}
            style={
              { '--dot': step.to === 'unacked' ? `var(--${step.severity}-fill)` : undefined } as React.CSSProperties
            }
          >
            <time
              dateTime={step.at}
              className="quiet"
              title={`${w.drawer.judged}: ${exactTime(Date.parse(step.received), zone)}`}
            >
              {dateTime(Date.parse(step.at), zone)}
            </time>
            <div>
              <b>{w.cause[step.cause]}</b>
              {step.cause === 'raised' && <span className="quiet"> · {w.severity[step.severity]}</span>}
              {step.by === undefined && (
                <span className="quiet">
                  {[step.value, step.limit]
                    .map((value) => measured(value, step, { points, lang }))
                    .filter((said) => said !== undefined)
                    .map((said, index) => `${index === 0 ? ' · ' : ' / '}${said}`)}
                </span>
              )}
              {step.by !== undefined && <span className="quiet"> · {w.drawer.by(byText(step.by, w))}</span>}
              {step.why ? <div>{text(step.why)}</div> : step.reason !== undefined && <div>“{step.reason}”</div>}
              {step.by === undefined && <div className="under">{text(step.text)}</div>}
            </div>
          </li>
        ))}
      </ol>
      {!all && steps.length > SHOWN && (
        <Button type="text" onClick={() => setAll(true)}>
          {w.drawer.earlier(steps.length - SHOWN)}
        </Button>
      )}
    </section>
  )
}

/** Readings with their times; the step that used them says when they were judged. */
export function Evidence({ detail, points }: Props) {
  const { lang, w } = useLanguage()
  const zone = useZone(detail.last.site)
  const arrivals = arrivalOf(detail)
  return (
    <section className="drawer-section" aria-label={w.drawer.evidence}>
      <h3>{w.drawer.evidence}</h3>
      {detail.evidence.length === 0 ? (
        <p className="quiet">{isOwn(detail.last.rule) ? w.drawer.ownEvidence : w.drawer.noEvidence}</p>
      ) : (
        <div className="scroll">
          <table className="plain stacked" aria-label={w.drawer.evidence}>
            <thead>
              <tr>
                <th scope="col">{w.site.point}</th>
                <th scope="col">{w.site.value}</th>
                <th scope="col">{w.drawer.measured}</th>
                <th scope="col">{w.drawer.judged}</th>
              </tr>
            </thead>
            <tbody>
              {detail.evidence.map((reading) => (
                <tr key={keyOf(reading)}>
                  <td className="mono wide">
                    {reading.point}
                    {reading.ref !== undefined && <span className="under">{reading.ref}</span>}
                  </td>
                  <td className="wide" data-label={w.site.value}>
                    {evidenceValue(reading, { points, lang })}
                  </td>
                  <td className="nowrap" data-label={w.drawer.measured}>
                    {exactTime(Date.parse(reading.ts), zone)}
                  </td>
                  <td className="nowrap" data-label={w.drawer.judged}>
                    {exactTime(Date.parse(arrivals.get(keyOf(reading)) ?? detail.last.received), zone)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function evidenceValue(reading: EvidenceBody, { points, lang }: { points: readonly PointBody[]; lang: Lang }): string {
  const point = points.find((found) => found.id === reading.point)
  return withUnit(valueText(reading.value, { kind: point?.kind ?? '', lang }), point?.unit)
}

const keyOf = (reading: EvidenceBody): string =>
  `${reading.point} ${reading.ts} ${reading.ref ?? ''} ${JSON.stringify(reading.value)}`

/** By reading, when the first step that rests on it was judged. */
function arrivalOf({ timeline }: AlarmDetail): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const step of timeline)
    for (const reading of step.evidence) if (!found.has(keyOf(reading))) found.set(keyOf(reading), step.received)
  return found
}
