/** What a site is and which shift runs, in one line. */
import type { SiteView } from '../api/types.ts'
import { clockTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'

export function SiteLine({ site }: { site: SiteView }) {
  const { w } = useLanguage()
  const words = [w.siteKind[site.kind] ?? site.kind]
  // Producing is what is expected; only what is not is worth a word.
  if (site.status !== 'producing') words.push(w.siteStatus[site.status] ?? site.status)
  if (site.shift) {
    const { id, work, from, until } = site.shift
    const time = (at: string) => clockTime(Date.parse(at), site.timezone).slice(0, 5)
    words.push(`${w.site.shiftOf(w.shift[id] ?? id)} ${time(from)}–${time(until)} (${w.site.work[work] ?? work})`)
  }
  return <>{words.join(' · ')}</>
}
