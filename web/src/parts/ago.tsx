/** How long ago something was, counting by itself: what it stands in is not drawn again each second. */
import { ago } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useNow } from '../store/clock.ts'

/** `at`: an instant of the service's clock; absent: just now. */
export function Ago({ at }: { at: number | undefined }) {
  const { lang } = useLanguage()
  const now = useNow()
  return ago(now - (at ?? now), lang)
}
