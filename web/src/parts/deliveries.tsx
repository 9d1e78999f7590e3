/** By which channels people were told of an alarm, and of which step. */
import type { AlarmDetail } from '../api/types.ts'
import { dateTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useMay } from '../store/may.ts'
import { DeliveryState } from './delivery-state.tsx'
import { useZone } from './zone.ts'

export function Deliveries({ detail: { alarm, deliveries, timeline, last } }: { detail: AlarmDetail }) {
  const { w } = useLanguage()
  const zone = useZone(last.site)
  const may = useMay('operator')
  if (deliveries.length === 0) return null
  const causes = new Map(timeline.map(({ id, cause }) => [id, cause]))
  return (
    <section className="drawer-section" aria-label={w.deliveries.title}>
      <h3>{w.deliveries.title}</h3>
      <div className="scroll">
        <table className="plain stacked" aria-label={w.deliveries.title}>
          <thead>
            <tr>
              <th scope="col">{w.deliveries.channel}</th>
              <th scope="col">{w.deliveries.step}</th>
              <th scope="col">{w.alarms.state}</th>
              <th scope="col">{w.deliveries.at}</th>
            </tr>
          </thead>
          <tbody>
            {deliveries.map(({ channel, transition, state, at, attempts }) => {
              const cause = causes.get(transition)
              return (
                <tr key={`${channel} ${transition}`}>
                  <td data-label={w.deliveries.channel}>{channel}</td>
                  <td data-label={w.deliveries.step}>{cause === undefined ? transition : w.cause[cause]}</td>
                  <td data-label={w.alarms.state}>
                    <DeliveryState state={state} />
                  </td>
                  <td className="nowrap" data-label={w.deliveries.at}>
                    {dateTime(Date.parse(at), zone)}
                    {attempts > 0 && <span className="under">{w.deliveries.attempts(attempts)}</span>}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      {may && (
        <p className="drawer-foot">
          <a className="link" href={`#/notifications?about=${encodeURIComponent(alarm)}`}>
            {w.deliveries.all}
          </a>
        </p>
      )}
    </section>
  )
}
