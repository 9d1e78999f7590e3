/** Channels (渠道) of notifications: how each does, what waits, and the button that tries it. */
import type { ChannelBody } from '../api/types.ts'
import { shortTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useNow } from '../store/clock.ts'
import { useMay } from '../store/may.ts'
import { ChannelTest } from './channel-test.tsx'
import { Since } from './since.tsx'
import { useZone } from './zone.ts'

interface Props {
  readonly channels: readonly ChannelBody[]
  changed(): void
}

export function Channels({ channels, changed }: Props) {
  const { w } = useLanguage()
  const may = useMay('supervisor')
  return (
    <>
      <div className="sideways">
        <table className="plain stacked" aria-label={w.notifications.channels}>
          <thead>
            <tr>
              <th scope="col">{w.notifications.channel}</th>
              <th scope="col">{w.notifications.state}</th>
              <th scope="col">{w.notifications.success}</th>
              <th scope="col">{w.notifications.error}</th>
              <th scope="col" className="num" title={w.notifications.waitingHint}>
                {w.notifications.waiting}
              </th>
              <th scope="col" className="num" title={w.notifications.unsentHint}>
                {w.notifications.unsent}
              </th>
              <th scope="col" className="num" title={w.notifications.deadHint}>
                {w.notifications.dead}
              </th>
              {may && (
                <th scope="col">
                  <span className="sr">{w.alarms.actions}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {channels.map((channel) => (
              <Row key={channel.name} channel={channel} may={may} changed={changed} />
            ))}
          </tbody>
        </table>
      </div>
      {!may && <p className="keys">{w.notifications.supervisorOnly}</p>}
    </>
  )
}

const TONES = { unknown: 'dim', up: 'ok', failing: 'major' } as const

function Row({ channel, may, changed }: { channel: ChannelBody; may: boolean; changed: () => void }) {
  const { w, text } = useLanguage()
  const zone = useZone()
  const now = useNow()
  const { name, title, rate, state, failingSince, lacks, lastSuccess, lastError, waiting, unsent, dead } = channel
  return (
    <tr>
      <td className="wide">
        <b>{name}</b>
        <span className="under">
          {text(title)} · {w.notifications.rate(rate.messages, rate.per)}
        </span>
      </td>
      <td data-label={w.notifications.state}>
        <span className="flag" data-tone={TONES[state]}>
          {w.notifications.states[state]}
        </span>
        {failingSince !== undefined && (
          <span className="under">
            {w.notifications.failingSince(shortTime(Date.parse(failingSince), { zone, now }))}
          </span>
        )}
        {lacks !== undefined && <span className="under reason">{w.notifications.lacks[lacks]}</span>}
      </td>
      <td className="nowrap" data-label={w.notifications.success}>
        {lastSuccess === undefined ? (
          <span className="dim">{w.notifications.never}</span>
        ) : (
          <Since at={Date.parse(lastSuccess)} zone={zone} />
        )}
      </td>
      <td data-label={w.notifications.error}>
        {lastError === undefined ? (
          <span className="dim">{w.notifications.never}</span>
        ) : (
          <>
            <Since at={Date.parse(lastError.at)} zone={zone} />
            <span className="under reason">{lastError.answer}</span>
          </>
        )}
      </td>
      <td className="num" data-label={w.notifications.waiting}>
        {waiting}
      </td>
      <td className="num" data-label={w.notifications.unsent}>
        {unsent}
      </td>
      <td data-label={w.notifications.dead} className={dead > 0 ? 'num refused' : 'num'}>
        {dead}
      </td>
      {may && (
        <td>
          <ChannelTest channel={channel} changed={changed} />
        </td>
      )}
    </tr>
  )
}
