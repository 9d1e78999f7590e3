/** One message of the list of notifications. */
import { Button } from 'antd'
import type { NotificationBody } from '../api/types.ts'
import { dateTime, shortTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useNow } from '../store/clock.ts'
import { openAlarm } from '../store/route.ts'
import { DeliveryState } from './delivery-state.tsx'
import { SeverityShape } from './severity.tsx'
import { useZone } from './zone.ts'

export function MessageRow({ item, resend }: { item: NotificationBody; resend: () => void }) {
  const { w } = useLanguage()
  const zone = useZone()
  const now = useNow()
  const { channel, state, severity, title, text, recipients, alarm, transitions, attempts, answer } = item
  const again = state === 'failed' || state === 'dead'
  return (
    <tr data-state={state}>
      <td className="nowrap" data-label={w.notifications.written}>
        {dateTime(Date.parse(item.written), zone)}
      </td>
      <td data-label={w.notifications.channel}>{channel}</td>
      <td className="message wide">
        <span className="row">
          <SeverityShape severity={severity} size={16} />
          <span className="sr">{w.severity[severity]}</span>
          <b>{title}</b>
        </span>
        <details>
          <summary>
            {w.notifications.whole} · {w.notifications.tells(transitions)}
          </summary>
          <pre className="payload">{text}</pre>
        </details>
      </td>
      <td data-label={w.notifications.to}>{recipients.length === 0 ? w.common.none : recipients.join(' · ')}</td>
      <td data-label={w.notifications.state}>
        <DeliveryState state={state} />
        <span className="under">
          {w.notifications.attempts(attempts)}
          {item.next !== undefined && ` · ${w.notifications.next(shortTime(Date.parse(item.next), { zone, now }))}`}
        </span>
        {answer !== undefined && <span className="under reason mono">{answer}</span>}
      </td>
      <td className="wide">
        <span className="row end">
          {alarm !== undefined && (
            <Button size="small" type="text" onClick={() => openAlarm(alarm)}>
              {w.notifications.openAlarm}
            </Button>
          )}
          {again && (
            <Button size="small" onClick={resend} aria-label={w.notifications.resendOne(title)}>
              {w.notifications.resend}
            </Button>
          )}
        </span>
      </td>
    </tr>
  )
}
