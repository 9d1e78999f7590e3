/** What keeps an alarm from people: by whom, why, and until when. */
import type { HushBody } from '../api/types.ts'
import { byText } from '../format/by.ts'
import { dateTime, duration } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useNow } from '../store/clock.ts'
import { useDesk } from '../store/desk.ts'
import { openAlarm } from '../store/route.ts'

export function AlarmHush({ hush, zone }: { hush: HushBody; zone: string }) {
  const { lang, w, text } = useLanguage()
  const now = useNow()
  const cause = useDesk((d) => d.alarms.value?.has(hush.by) ?? false)
  const until = hush.until === undefined ? undefined : Date.parse(hush.until)
  const end =
    until === undefined
      ? w.hush.open
      : `${dateTime(until, zone)} (${until > now ? w.hush.left(duration(until - now, lang)) : w.hush.over})`
  return (
    <section className="inline-note hush" aria-label={w.marks[hush.kind]}>
      <b>{w.hush[hush.kind]}</b>
      <dl className="facts">
        <dt>{hush.kind === 'suppressed' ? w.hush.cause : w.hush.by}</dt>
        <dd>
          {cause ? (
            <button type="button" className="link-button" onClick={() => openAlarm(hush.by)}>
              {hush.by}
            </button>
          ) : (
            byText(hush.by, w)
          )}
        </dd>
        {hush.reason !== undefined && (
          <>
            <dt>{w.hush.reason}</dt>
            <dd>{hush.why ? text(hush.why) : `“${hush.reason}”`}</dd>
          </>
        )}
        {hush.witness !== undefined && (
          <>
            <dt>{w.hush.witness}</dt>
            <dd>{hush.witness}</dd>
          </>
        )}
        <dt>{w.hush.until}</dt>
        <dd>
          {end}
          {hush.once && ` · ${w.hush.once}`}
        </dd>
      </dl>
      <span className="quiet small">{w.hush.true}</span>
    </section>
  )
}
