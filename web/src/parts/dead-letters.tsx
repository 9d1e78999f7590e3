/** Dead letters (死信): what could not be taken, why, and the button that tries again. */
import { Button } from 'antd'
import { useState } from 'react'
import { ask, type Problem, query } from '../api/http.ts'
import type { LetterBody, LetterList } from '../api/types.ts'
import { dateTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useFetched } from '../store/fetched.ts'
import { useMay } from '../store/may.ts'
import { notify } from '../store/notices.ts'
import { Nothing, Show } from './states.tsx'
import { useZone } from './zone.ts'

export function DeadLetters() {
  const { w } = useLanguage()
  const [code, setCode] = useState('')
  const [cursor, setCursor] = useState<number>()
  const of = useFetched<LetterList>(`dead-letters${query({ code, cursor, limit: 50 })}`, { every: 10_000 })
  const choose = (wanted: string) => {
    setCode(wanted)
    setCursor(undefined)
  }
  return (
    <section className="panel" aria-label={w.sources.letters}>
      <header className="wrap">
        <h2>{w.sources.letters}</h2>
        <span className="quiet grow">{w.sources.lettersHint}</span>
      </header>
      <Show of={of} retry={of.reload}>
        {({ items, next, counts }) => (
          <>
            <Codes counts={counts} code={code} choose={choose} />
            {items.length === 0 ? (
              <Nothing icon="check" title={w.sources.noLetters} detail={w.sources.noLettersDetail} />
            ) : (
              <ul className="letters" aria-label={w.sources.letters}>
                {items.map((letter) => (
                  <Letter key={letter.id} letter={letter} changed={of.reload} />
                ))}
              </ul>
            )}
            {(next !== undefined || cursor !== undefined) && (
              <p className="pages row">
                {cursor !== undefined && <Button onClick={() => setCursor(undefined)}>{w.common.page(1)}</Button>}
                {next !== undefined && <Button onClick={() => setCursor(next)}>{w.alarms.more}</Button>}
              </p>
            )}
          </>
        )}
      </Show>
    </section>
  )
}

function Codes({
  counts,
  code,
  choose,
}: {
  counts: LetterList['counts']
  code: string
  choose: (code: string) => void
}) {
  const { w } = useLanguage()
  const codes = Object.entries(counts).sort(([, a], [, b]) => b - a)
  if (codes.length === 0) return null
  return (
    <fieldset className="codes" aria-label={w.sources.code}>
      <button type="button" aria-pressed={code === ''} onClick={() => choose('')}>
        {w.sources.anyCode}
      </button>
      {codes.map(([name, count]) => (
        <button key={name} type="button" aria-pressed={code === name} onClick={() => choose(name)}>
          <span className="mono">{name}</span> <b>{count}</b>
        </button>
      ))}
    </fieldset>
  )
}

function Letter({ letter, changed }: { letter: LetterBody; changed: () => void }) {
  const { w, text } = useLanguage()
  const zone = useZone()
  const may = useMay('supervisor')
  const [busy, setBusy] = useState(false)
  const replay = async () => {
    setBusy(true)
    try {
      const { accepted } = await ask<{ accepted: number }>(`dead-letters/${letter.id}/replay`, { method: 'POST' })
      notify({ tone: 'done', title: w.sources.replayOk(accepted) })
    } catch (error) {
      notify({ tone: 'error', title: w.sources.replayStill, problem: error as Problem })
    } finally {
      setBusy(false)
      changed()
    }
  }
  return (
    <li className="letter">
      <div className="letter-head">
        <span className="mono letter-code">{letter.code}</span>
        <span className="grow">{letter.detail}</span>
        {letter.replayed ? (
          <span className="quiet">{w.sources.replayed}</span>
        ) : (
          may && (
            <Button
              size="small"
              loading={busy}
              onClick={() => void replay()}
              aria-label={w.sources.replayLetter(letter.id)}
            >
              {w.sources.replay}
            </Button>
          )
        )}
      </div>
      {letter.explained && (
        <div className="quiet">
          {/* Names of settings are marked for the reference; here they are plain. */}
          {`${text(letter.explained.what)} · ${w.sources.remedy}: ${text(letter.explained.remedy)}`.replaceAll('`', '')}
        </div>
      )}
      <pre className="payload">{letter.payload}</pre>
      <div className="under">
        {dateTime(Date.parse(letter.at), zone)} · {letter.source} · <span className="mono">{letter.topic}</span> ·{' '}
        {w.sources.bytes(letter.bytes)}
      </div>
    </li>
  )
}
