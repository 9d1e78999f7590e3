/** Where readings come from, how each link stands, and what could not be taken. */
import type { SourceBody, SourceList } from '../api/types.ts'
import { ago, dateTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { DeadLetters } from '../parts/dead-letters.tsx'
import { Nothing, Show } from '../parts/states.tsx'
import { useZone } from '../parts/zone.ts'
import { useNow } from '../store/clock.ts'
import { useDesk } from '../store/desk.ts'
import { useFetched } from '../store/fetched.ts'
import { useMay } from '../store/may.ts'

export default function Sources() {
  const { w } = useLanguage()
  const may = useMay('operator')
  const of = useFetched<SourceList>('sources', { every: 3_000 })
  return (
    <div className="stack">
      <h1>{w.sources.title}</h1>
      <section className="panel" aria-label={w.sources.title}>
        <Show of={of} retry={of.reload}>
          {({ sources }) =>
            sources.length === 0 ? <Nothing icon="plug" title={w.sources.none} /> : <Table sources={sources} />
          }
        </Show>
      </section>
      {may && <DeadLetters />}
    </div>
  )
}

function Table({ sources }: { sources: readonly SourceBody[] }) {
  const { lang, w } = useLanguage()
  const live = useDesk((d) => d.links.value)
  const zone = useZone()
  const now = useNow()
  return (
    <table className="plain" aria-label={w.sources.title}>
      <thead>
        <tr>
          <th scope="col">{w.sources.name}</th>
          <th scope="col">{w.sources.link}</th>
          <th scope="col">{w.sources.since}</th>
          <th scope="col">{w.sources.peer}</th>
          <th scope="col" className="num">
            {w.sources.frames}
          </th>
          <th scope="col" className="num">
            {w.sources.readings}
          </th>
          <th scope="col" className="num">
            {w.sources.duplicates}
          </th>
          <th scope="col" className="num">
            {w.sources.refused}
          </th>
        </tr>
      </thead>
      <tbody>
        {sources.map((source) => {
          const { state, since, reason, peer } = live?.find((link) => link.name === source.name) ?? source
          const from = Date.parse(since)
          return (
            <tr key={source.name}>
              <td>
                <b>{source.name}</b>
                <span className="under">{source.adapter}</span>
              </td>
              <td>
                <span
                  className="link-pill"
                  data-state={state === 'up' ? 'live' : state === 'down' ? 'lost' : 'connecting'}
                >
                  <span className="dot" />
                  {w.link[state]}
                </span>
                {reason !== undefined && state !== 'up' && <span className="under reason">{reason}</span>}
              </td>
              <td className="nowrap">
                {ago(now - from, lang)}
                <span className="under">{dateTime(from, zone)}</span>
              </td>
              <td className="mono">{peer}</td>
              <td className="num">{source.frames.toLocaleString('en-US')}</td>
              <td className="num">{source.readings.toLocaleString('en-US')}</td>
              <td className="num">{source.duplicates.toLocaleString('en-US')}</td>
              <td className={source.refused > 0 ? 'num refused' : 'num'}>{source.refused.toLocaleString('en-US')}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
