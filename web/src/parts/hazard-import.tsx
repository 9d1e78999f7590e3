/** Takes in a list of hazards: choose the file, see row by row what would become of it, then take it. */
import { Button, Select } from 'antd'
import { useRef, useState } from 'react'
import { importHazards } from '../api/files.ts'
import type { ImportReply } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDeed } from '../store/deed.ts'
import { useDesk } from '../store/desk.ts'
import { ImportResult } from './import-result.tsx'
import { ProblemText } from './states.tsx'

/** `done`: something was taken in. */
export function HazardImport({ close, done }: { close: () => void; done: () => void }) {
  const { w, text } = useLanguage()
  const input = useRef<HTMLInputElement>(null)
  const sites = useDesk((d) => d.sites.value) ?? []
  const [file, setFile] = useState<File>()
  const [site, setSite] = useState('')
  const [reply, setReply] = useState<ImportReply>()
  const { busy, problem, run, forget } = useDeed()
  const ask = (given: { file: File; site: string; dryRun: boolean }) =>
    run(async () => {
      setReply(undefined)
      const fresh = await importHazards(given)
      setReply(fresh)
      if (!given.dryRun) done()
    })
  const choose = (chosen: File | undefined, of: string) => {
    forget()
    setFile(chosen)
    setSite(of)
    setReply(undefined)
    if (chosen) void ask({ file: chosen, site: of, dryRun: true })
  }
  // The file does not say where its rows belong: it is chosen here.
  const siteless = reply?.refused.some(({ code }) => code === 'site-missing')
  const again = () => {
    if (input.current) input.current.value = ''
    choose(undefined, site)
  }
  return (
    <section className="panel" aria-label={w.hazards.import.title}>
      <header>
        <h2>{w.hazards.import.title}</h2>
      </header>
      <p className="panel-note">{w.hazards.import.hint}</p>
      <div className="panel-form row wrap">
        <Button disabled={busy} onClick={() => input.current?.click()}>
          {w.hazards.import.choose}
        </Button>
        <input
          ref={input}
          type="file"
          className="sr"
          tabIndex={-1}
          aria-label={w.hazards.import.file}
          accept=".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          onChange={({ target }) => choose(target.files?.[0], site)}
        />
        <span className={file ? undefined : 'dim'}>{file?.name ?? w.hazards.import.noFile}</span>
        <Select
          value={site}
          disabled={busy}
          {...(siteless && { status: 'warning' as const })}
          onChange={(of) => choose(file, of)}
          aria-label={w.hazards.import.site}
          style={{ width: 260 }}
          options={[
            { value: '', label: w.hazards.import.named },
            ...sites.map((each) => ({ value: each.site, label: w.hazards.import.rest(text(each.name)) })),
          ]}
        />
        {busy && <span role="status">{w.hazards.import.reading}</span>}
      </div>
      {siteless && (
        <p className="inline-note" role="status">
          {w.hazards.import.siteless}
        </p>
      )}
      {problem && (
        <p className="inline-note" data-tone="error" role="alert">
          <ProblemText problem={problem} />
        </p>
      )}
      {reply && <ImportResult reply={reply} />}
      <div className="panel-form row wrap">
        {reply?.dryRun && file && (
          <Button
            type="primary"
            loading={busy}
            disabled={reply.taken === 0}
            onClick={() => void ask({ file, site, dryRun: false })}
          >
            {w.hazards.import.take(reply.taken)}
          </Button>
        )}
        {reply && !reply.dryRun && <Button onClick={again}>{w.hazards.import.another}</Button>}
        <Button onClick={close}>{w.common.close}</Button>
        {reply?.dryRun && reply.taken > 0 && <span className="quiet">{w.hazards.import.forGood}</span>}
      </div>
    </section>
  )
}
