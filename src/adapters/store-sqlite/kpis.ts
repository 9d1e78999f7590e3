/** Figures of past alarms, asked of a thread of their own: started with the first question, and again, with back-off, when it dies. */
import { setTimeout as wait } from 'node:timers/promises'
import type { AlarmKpis } from '../../model/alarm-kpi.ts'
import { DavyError } from '../../model/errors.ts'
import { openThread, type Thread } from '../sqlite/thread.ts'
import type { KpiHandlers } from './kpi-worker.ts'

const FIRST_PAUSE = 100
const LONGEST_PAUSE = 10_000

/** `file` must have been opened by its writer before. `warn` hears of each death. A question that was under way then is refused with
 *  `storage-lost`; later ones wait for the next thread. `module` is the thread's entry. */
export function kpisOf(
  file: string,
  {
    warn = () => {},
    module = new URL('./kpi-worker.ts', import.meta.url),
  }: { readonly warn?: (message: string) => void; readonly module?: URL } = {},
): AlarmKpis {
  const stop = new AbortController()
  let opening: Promise<Thread<KpiHandlers>> | undefined
  let pause = 0
  let restarts = 0
  let reason: string | undefined

  function failed(error: unknown): void {
    reason = error instanceof Error ? error.message : String(error)
    opening = undefined
    pause = Math.min(Math.max(pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
    if (stop.signal.aborted) return
    warn(`figures of past alarms: ${reason}; its thread is started anew in ${pause} ms`)
    void started().catch(() => {})
  }

  async function start(): Promise<Thread<KpiHandlers>> {
    if (pause > 0) {
      restarts += 1
      await wait(pause, undefined, { signal: stop.signal, ref: false })
    }
    const remedy = 'ask again: it is started anew by itself'
    const { thread } = await openThread<KpiHandlers>(module, { file }, { onLost: failed, remedy })
    reason = undefined
    return thread
  }

  function started(): Promise<Thread<KpiHandlers>> {
    if (!opening) {
      opening = start()
      opening.catch(failed)
    }
    return opening
  }

  return {
    async figures(query) {
      if (stop.signal.aborted) throw new DavyError('storage-lost', { message: 'the store is closed' })
      const figures = await (await started()).call('figures', { argument: query })
      pause = 0
      return figures
    },
    reader: () => ({ up: reason === undefined, restarts, ...(reason !== undefined && { reason }) }),
    async close() {
      stop.abort()
      const thread = await opening?.catch(() => undefined)
      await thread?.close().catch(() => {})
    },
  }
}
