/** Says on every page that the service's disk runs full, or that nobody can say, and what to do: a full disk ends the watch. */
import type { DiskBody } from '../api/types.ts'
import { bytes } from '../format/bytes.ts'
import { duration } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useFetched } from '../store/fetched.ts'
import { Glyph } from './icons.tsx'

/** Milliseconds between two looks: the service itself looks once a minute. */
const EVERY = 30_000

export function DiskBanner() {
  const { lang, w } = useLanguage()
  const { value } = useFetched<DiskBody>('disk', { every: EVERY })
  if (!value || value.state === 'enough') return null
  const { state, free, size, lastsMs, reason } = value
  return (
    <div className="disk" role="alert" aria-label={w.disk.title}>
      <Glyph name="alert" size={20} />
      <div>
        <b>{state === 'low' ? w.disk.title : w.disk.unread}</b>{' '}
        {state === 'low' && free !== undefined && size !== undefined
          ? w.disk.room(bytes(free), Math.round((free / size) * 1000) / 10)
          : reason}
        {lastsMs !== undefined && w.disk.lasts(duration(lastsMs, lang))} {w.disk.remedy}
      </div>
    </div>
  )
}
