/** Where readings come from and go on to, how each link stands, and what could not be taken. */
import { dateTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { Ago } from '../parts/ago.tsx'
import { ConfigurationNote } from '../parts/configuration-note.tsx'
import { DeadLetters } from '../parts/dead-letters.tsx'
import { Forwards } from '../parts/forwards.tsx'
import { SourceTable } from '../parts/source-table.tsx'
import { Nothing, Show } from '../parts/states.tsx'
import { useZone } from '../parts/zone.ts'
import { useDesk } from '../store/desk.ts'
import { useMay } from '../store/may.ts'
import { refresh } from '../store/session.ts'

export default function Sources() {
  const { w } = useLanguage()
  const may = useMay('operator')
  const links = useDesk((d) => d.links)
  return (
    <div className="stack">
      <div className="row wrap">
        <h1>{w.sources.title}</h1>
        <AsOf />
      </div>
      {may && <ConfigurationNote />}
      <section className="panel" aria-label={w.sources.title}>
        <Show of={links} retry={() => void refresh()}>
          {({ sources }) =>
            sources.length === 0 ? <Nothing icon="plug" title={w.sources.none} /> : <SourceTable sources={sources} />
          }
        </Show>
      </section>
      <Forwards />
      {may && <DeadLetters />}
    </div>
  )
}

/** How old the figures are, where they are not live. */
function AsOf() {
  const { w } = useLanguage()
  const { state, since } = useDesk((d) => d.stream)
  const skew = useDesk((d) => d.skew)
  const zone = useZone()
  if (state !== 'lost') return null
  const at = since + skew
  return (
    <span className="flag" data-tone="major">
      {w.sources.asOf(dateTime(at, zone))} · <Ago at={at} />
    </span>
  )
}
