/** Says, impossible to overlook, that what is shown is no longer live. */
import { clockTime, duration } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useLocalNow } from '../store/clock.ts'
import { useDesk } from '../store/desk.ts'
import { reconnect } from '../store/session.ts'
import { Glyph } from './icons.tsx'
import { useZone } from './zone.ts'

export function LostBanner() {
  const { lang, w } = useLanguage()
  const since = useDesk((d) => d.stream.since)
  const skew = useDesk((d) => d.skew)
  const zone = useZone()
  const now = useLocalNow()
  return (
    <div className="lost" role="alert" aria-label={w.lost.title}>
      <Glyph name="plug" size={26} />
      <b>{w.lost.title}</b>
      {/* The seconds are for the eye: read out every second they would drown everything else. */}
      <span aria-live="off">{w.lost.detail(clockTime(since + skew, zone), duration(now - since, lang))}</span>
      <button type="button" onClick={reconnect}>
        {w.lost.retry}
      </button>
    </div>
  )
}
