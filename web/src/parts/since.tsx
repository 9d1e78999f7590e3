/** How long ago, with the time under it. */
import { ago, dateTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useNow } from '../store/clock.ts'

/** `at` in milliseconds. */
export function Since({ at, zone }: { at: number; zone: string }) {
  const { lang } = useLanguage()
  const now = useNow()
  return (
    <>
      {ago(now - at, lang)}
      <span className="under">{dateTime(at, zone)}</span>
    </>
  )
}
