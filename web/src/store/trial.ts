/** A back-test as the page runs it: started, asked for until it is done, ended when it is cancelled or nobody looks any more. */
import { useEffect, useRef, useState } from 'react'
import { ask, Problem } from '../api/http.ts'
import type { BacktestJob, ComparisonBody } from '../api/types.ts'

export type TrialState =
  | { readonly state: 'idle' | 'cancelled' | 'lost' }
  | { readonly state: 'running'; readonly progress?: BacktestJob['progress'] }
  | { readonly state: 'done'; readonly result: ComparisonBody }
  | { readonly state: 'failed'; readonly problem: Problem }

const EVERY = 700

export interface Trial {
  readonly of: TrialState
  /** Ends the one that runs. */
  start(body: unknown): void
  cancel(): void
}

export function useTrial(): Trial {
  const [of, set] = useState<TrialState>({ state: 'idle' })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  return {
    of,
    start(body) {
      running.current?.abort()
      const stop = new AbortController()
      running.current = stop
      set({ state: 'running' })
      void run(body, { signal: stop.signal, tell: (state) => !stop.signal.aborted && set(state) })
    },
    cancel() {
      running.current?.abort()
      set({ state: 'cancelled' })
    },
  }
}

async function run(
  body: unknown,
  { signal, tell }: { signal: AbortSignal; tell: (state: TrialState) => void },
): Promise<void> {
  try {
    // Not aborted itself: whether it was started has to be known to end it.
    let job = await ask<BacktestJob>('backtest', { method: 'POST', body })
    const path = `backtest/${encodeURIComponent(job.job)}`
    // Whether it ended by itself meanwhile does not matter.
    const end = () => void ask(path, { method: 'DELETE' }).catch(() => {})
    if (signal.aborted) return end()
    signal.addEventListener('abort', end)
    while (job.state === 'running' && !signal.aborted) {
      tell({ state: 'running', progress: job.progress })
      await new Promise((resolve) => setTimeout(resolve, EVERY))
      job = await ask<BacktestJob>(path, { signal })
    }
    if (job.result) return tell({ state: 'done', result: job.result })
    const { code = 'internal', detail, remedy } = job.problem ?? {}
    tell({ state: 'failed', problem: new Problem({ code, status: 0, title: detail ?? code, remedy }) })
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem({ code: 'page', status: 0, title: String(error) })
    tell(problem.code === 'backtest-unknown' ? { state: 'lost' } : { state: 'failed', problem })
  }
}
