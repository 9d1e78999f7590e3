/** Where readings come from and go on to, how each link stands, and what could not be taken. */
import type { SourceList } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { ConfigurationNote } from '../parts/configuration-note.tsx'
import { DeadLetters } from '../parts/dead-letters.tsx'
import { Forwards } from '../parts/forwards.tsx'
import { SourceTable } from '../parts/source-table.tsx'
import { Nothing, Show } from '../parts/states.tsx'
import { useFetched } from '../store/fetched.ts'
import { useMay } from '../store/may.ts'

export default function Sources() {
  const { w } = useLanguage()
  const may = useMay('operator')
  const of = useFetched<SourceList>('sources', { every: 3_000 })
  return (
    <div className="stack">
      <h1>{w.sources.title}</h1>
      {may && <ConfigurationNote />}
      <section className="panel" aria-label={w.sources.title}>
        <Show of={of} retry={of.reload}>
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
