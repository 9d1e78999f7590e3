/** One thing asked of the service at a time: whether it is under way, and why it was refused. */
import { useState } from 'react'
import { Problem } from '../api/http.ts'

export interface Deed {
  readonly busy: boolean
  readonly problem: Problem | undefined
  /** Resolves with whether it was done; a refusal becomes `problem`. */
  run(deed: () => Promise<unknown>): Promise<boolean>
  forget(): void
}

export function useDeed(): Deed {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  return {
    busy,
    problem,
    forget: () => setProblem(undefined),
    async run(deed) {
      setBusy(true)
      setProblem(undefined)
      try {
        await deed()
        return true
      } catch (error) {
        setProblem(error instanceof Problem ? error : new Problem({ code: 'page', status: 0, title: String(error) }))
        return false
      } finally {
        setBusy(false)
      }
    },
  }
}
