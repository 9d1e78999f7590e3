/** Back-tests that run or have run: started once, asked for until they are done, ended when nobody asks any more. */
import { DavyError } from '../../model/errors.ts'
import { type Instant, MINUTE, SECOND } from '../../model/time.ts'
import type { Comparison } from '../backtest.ts'
import type { Clock } from '../clock.ts'
import type { Trial } from '../journal-work.ts'
import type { Log } from '../log.ts'
import type { Service } from '../service.ts'

export interface Job {
  readonly id: string
  readonly rule: string
  readonly progress: { readonly done: number; readonly of: number }
  readonly outcome?:
    | { readonly comparison: Comparison }
    | { readonly code: string; readonly detail: string; readonly remedy?: string | undefined }
}

export interface Jobs {
  /** Throws `busy`. */
  start(trial: Trial): Job
  /** Keeps it alive. */
  find(id: string): Job | undefined
  /** Ends it and forgets it; false where there is none. */
  drop(id: string): boolean
  close(): void
}

/** Outcomes kept. */
const KEPT = 20
/** A running job nobody asks for so long has nobody waiting for it. */
const PATIENCE = MINUTE

interface Running extends Job {
  progress: Job['progress']
  outcome?: NonNullable<Job['outcome']>
  asked: Instant
  readonly abort: AbortController
}

export function createJobs({
  service,
  clock,
  log,
}: {
  service: Pick<Service, 'backtest'>
  clock: Clock
  log: Log
}): Jobs {
  const jobs = new Map<string, Running>()
  let started = 0

  const sweep = clock.every(10 * SECOND, () => {
    for (const job of jobs.values()) if (!job.outcome && clock.now() - job.asked > PATIENCE) drop(job.id)
  })

  function drop(id: string): boolean {
    jobs.get(id)?.abort.abort()
    return jobs.delete(id)
  }

  return {
    start(trial) {
      const abort = new AbortController()
      started += 1
      // The clock keeps names apart over restarts.
      const id = `${clock.now().toString(36)}-${started}`
      const job: Running = { id, rule: String(trial.item.id), progress: { done: 0, of: 0 }, asked: clock.now(), abort }
      const result = service.backtest(trial, {
        signal: abort.signal,
        onProgress(progress) {
          job.progress = progress
        },
      })
      jobs.set(id, job)
      for (const old of jobs.values()) if (jobs.size > KEPT && old.outcome) jobs.delete(old.id)
      result.then(
        (comparison) => {
          job.outcome = { comparison }
        },
        (error: unknown) => {
          const known = error instanceof DavyError
          if (!known) log.error(`back-test of ${job.rule} failed: ${String(error)}`)
          job.outcome = known
            ? { code: error.code, detail: error.message, remedy: error.remedy }
            : { code: 'internal', detail: 'an unexpected failure; it has been logged' }
        },
      )
      return job
    },
    find(id) {
      const job = jobs.get(id)
      if (job) job.asked = clock.now()
      return job
    },
    drop,
    close() {
      sweep.cancel()
      for (const { abort } of jobs.values()) abort.abort()
      jobs.clear()
    },
  }
}
