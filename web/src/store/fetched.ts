/** A resource of one view: fetched when shown, again every so often, and on request; the old value stays while a new one comes. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { ask, Problem } from '../api/http.ts'
import { type Loaded, useDesk } from './desk.ts'

export interface Fetched<T> extends Loaded<T> {
  readonly reload: () => void
}

interface Pace {
  /** Milliseconds; 0 for once. */
  readonly every?: number
}

/** `path` undefined fetches nothing; another path begins anew. */
export function useFetched<T>(path: string | undefined, pace: Pace = {}): Fetched<T> {
  return useLoaded(path, (signal) => ask<T>(path!, { signal }), pace)
}

/** The same of what takes more than one request: `path` names it, `load` brings it. */
export function useLoaded<T>(
  path: string | undefined,
  load: (signal: AbortSignal) => Promise<T>,
  { every = 0 }: Pace = {},
): Fetched<T> {
  const [state, setState] = useState<{ path: string | undefined } & Loaded<T>>({ path })
  const [turn, setTurn] = useState(0)
  const reload = useCallback(() => setTurn((n) => n + 1), [])
  const begun = useRef(0)
  // When the service is back, what was missed meanwhile is fetched at once.
  const lost = useDesk((d) => d.stream.state === 'lost')

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` and `lost` ask for a fresh fetch; `load` is what `path` names
  useEffect(() => {
    if (path === undefined) return
    const stop = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const run = async () => {
      const mine = ++begun.current
      try {
        const value = await load(stop.signal)
        if (mine === begun.current) setState({ path, value })
      } catch (error) {
        if (stop.signal.aborted) return
        const problem =
          error instanceof Problem ? error : new Problem({ code: 'page', status: 0, title: String(error) })
        setState((before) =>
          before.path === path && before.value !== undefined
            ? { path, value: before.value, problem }
            : { path, problem },
        )
      }
      if (every > 0 && !stop.signal.aborted) timer = setTimeout(run, every)
    }
    void run()
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [path, every, turn, lost])

  if (state.path !== path) return { reload }
  const { path: _, ...loaded } = state
  return { ...loaded, reload }
}
