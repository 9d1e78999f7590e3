/** Trying other numbers of one rule item on the past: choose, run, see what differs. */
import { Button, Progress } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { RuleBody } from '../api/types.ts'
import { fieldsOf, proposalOf } from '../format/proposal.ts'
import { severitiesOf } from '../format/severities.ts'
import { number } from '../format/value.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDesk } from '../store/desk.ts'
import { useMay } from '../store/may.ts'
import { type Trial as Running, type TrialState, useTrial } from '../store/trial.ts'
import { SeverityTag } from './severity.tsx'
import { Failure, Nothing, ProblemText } from './states.tsx'
import { TrialFields } from './trial-fields.tsx'
import { TrialResult } from './trial-result.tsx'
import { rangeOf, type Span, TrialSpan } from './trial-span.tsx'
import { useZone } from './zone.ts'

export function Trial({ rule }: { rule: RuleBody }) {
  const { w, text } = useLanguage()
  const may = useMay('supervisor')
  return (
    <div className="stack">
      <header className="site-head">
        <h1>{text(rule.title)}</h1>
        {severitiesOf(rule).map((severity) => (
          <SeverityTag key={severity} severity={severity} />
        ))}
        <span className="quiet">
          {w.rule[rule.rule] ?? rule.rule} · {rule.regulation}
          {rule.clause === undefined ? '' : `/${rule.clause}`} · <span className="mono">{rule.id}</span>
        </span>
        <span className="grow" />
        <a className="link" href="#/rules">
          ← {w.trial.back}
        </a>
      </header>
      {may ? (
        <Bench rule={rule} />
      ) : (
        <section className="panel">
          <Nothing title={w.trial.supervisorOnly} />
        </section>
      )}
    </div>
  )
}

function Bench({ rule }: { rule: RuleBody }) {
  const { w } = useLanguage()
  const fields = useMemo(() => fieldsOf(rule), [rule])
  const [changes, setChanges] = useState<Readonly<Record<string, string>>>({})
  const [span, setSpan] = useState<Span>({ name: 'day', from: '', to: '' })
  const [complaint, setComplaint] = useState<string>()
  const site = useDesk((d) => d.sites.value?.find((found) => found.site === rule.sites[0]))
  const zone = useZone(rule.sites[0])
  const trial = useTrial()
  const flaws = flawsOf(trial.of)

  const run = () => {
    const proposal = proposalOf(rule, { fields, changes })
    const range = rangeOf(span, { site, zone })
    setComplaint(!proposal ? w.trial.nothingChanged : !range ? w.trial.spanMissing : undefined)
    if (proposal && range) trial.start({ rule: rule.id, ...proposal, ...range })
  }
  const running = trial.of.state === 'running'
  const outcome = useRef<HTMLElement>(null)
  const { state } = trial.of
  // On a narrow screen the outcome is below the form.
  useEffect(() => {
    if (state !== 'idle') outcome.current?.scrollIntoView({ block: 'nearest' })
  }, [state])
  return (
    <div className="trial">
      <form
        className="panel"
        aria-label={w.trial.title}
        onSubmit={(event) => {
          event.preventDefault()
          if (!running) run()
        }}
      >
        <header>
          <h2>{w.trial.title}</h2>
        </header>
        <div className="trial-body">
          <p className="quiet small">{w.trial.hint}</p>
          <TrialFields
            rule={rule}
            fields={fields}
            changes={changes}
            flaws={flaws}
            change={(path, value) => setChanges((before) => ({ ...before, [path]: value }))}
            reset={() => setChanges({})}
          />
        </div>
        <footer className="trial-foot">
          <TrialSpan span={span} site={site} zone={zone} set={setSpan} />
          {complaint !== undefined && (
            <p className="inline-note" role="alert">
              {complaint}
            </p>
          )}
          <div className="row">
            <Button type="primary" htmlType="submit" disabled={running}>
              {w.trial.run}
            </Button>
            {running && <Button onClick={trial.cancel}>{w.trial.cancel}</Button>}
          </div>
        </footer>
      </form>
      <section ref={outcome} className="panel" aria-label={w.trial.result}>
        <header>
          <h2>{w.trial.result}</h2>
        </header>
        <Outcome rule={rule} trial={trial} again={run} />
      </section>
    </div>
  )
}

function Outcome({ rule, trial: { of }, again }: { rule: RuleBody; trial: Running; again: () => void }) {
  const { w } = useLanguage()
  switch (of.state) {
    case 'idle':
      return <Nothing icon="chart" title={w.trial.title} detail={w.trial.idle} />
    case 'cancelled':
      return <Nothing title={w.trial.cancelled} />
    case 'lost':
      return <Nothing icon="alert" title={w.trial.lostJob} />
    case 'running': {
      const { done = 0, of: all = 0 } = of.progress ?? {}
      return (
        <div className="state-box" role="status" aria-live="polite">
          <b>{w.trial.running}</b>
          <Progress percent={all > 0 ? Math.floor((done / all) * 100) : 0} style={{ maxWidth: 420 }} />
          {all > 0 && <span className="quiet">{w.trial.progress(number(done), number(all))}</span>}
        </div>
      )
    }
    case 'failed':
      return of.problem.code === 'rule-refused' ? (
        <div className="state-box" data-tone="error" role="alert">
          <b>{w.trial.refused}</b>
          <ProblemText problem={of.problem} />
        </div>
      ) : (
        <Failure title={w.trial.failed} problem={of.problem} retry={again} />
      )
    case 'done':
      return <TrialResult rule={rule} result={of.result} />
  }
}

function flawsOf(of: TrialState): ReadonlyMap<string, string> {
  if (of.state !== 'failed') return new Map()
  return new Map(of.problem.errors.map(({ where, detail }) => [where, detail]))
}
