/** The proof of one episode: made on request, judged again by the service, shown, and kept as a file. */
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { fetchProof, type Proof as Proven } from '../api/evidence.ts'
import { Problem } from '../api/http.ts'
import type { AlarmDetail, PointBody } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { useMay } from '../store/may.ts'
import { ProofReport } from './proof-report.tsx'
import { Failure, Loading } from './states.tsx'

type State =
  | { readonly state: 'idle' | 'making' }
  | { readonly state: 'made'; readonly proof: Proven }
  | { readonly state: 'failed'; readonly problem: Problem }

interface Props {
  readonly detail: AlarmDetail
  readonly points: readonly PointBody[]
}

export function Proof({ detail: { alarm, episode }, points }: Props) {
  const { w } = useLanguage()
  const may = useMay('operator')
  const [of, set] = useState<State>({ state: 'idle' })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const make = () => {
    const stop = new AbortController()
    running.current = stop
    set({ state: 'making' })
    fetchProof(alarm, { episode, signal: stop.signal }).then(
      (proof) => set({ state: 'made', proof }),
      (error: unknown) => {
        if (stop.signal.aborted) return
        const problem =
          error instanceof Problem ? error : new Problem({ code: 'page', status: 0, title: String(error) })
        set({ state: 'failed', problem })
      },
    )
  }
  const stop = () => {
    running.current?.abort()
    set({ state: 'idle' })
  }
  return (
    <section className="drawer-section" aria-label={w.proof.title}>
      <h3>{w.proof.title}</h3>
      {!may && <p className="quiet">{w.proof.operatorOnly}</p>}
      {may && of.state === 'idle' && (
        <>
          <p className="quiet small">{w.proof.hint}</p>
          <Button onClick={make}>{w.proof.make}</Button>
        </>
      )}
      {of.state === 'making' && (
        <div className="stack">
          <p className="row" role="status">
            {w.proof.making} <Button onClick={stop}>{w.proof.stop}</Button>
          </p>
          <Loading lines={3} />
        </div>
      )}
      {of.state === 'failed' && <Failure title={w.proof.failed} problem={of.problem} retry={make} />}
      {of.state === 'made' && <ProofReport proof={of.proof} points={points} />}
    </section>
  )
}
