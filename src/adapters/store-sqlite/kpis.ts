/** Figures of past alarms, asked of a thread of their own that is started with the first question. */
import type { AlarmKpis } from '../../model/alarm-kpi.ts'
import { openThread, type Thread } from '../sqlite/thread.ts'
import type { KpiHandlers } from './kpi-worker.ts'

/** `file` must have been opened by its writer before. */
export function kpisOf(file: string): AlarmKpis {
  let opening: Promise<Thread<KpiHandlers>> | undefined

  function started(): Promise<Thread<KpiHandlers>> {
    opening ??= openThread<KpiHandlers>(new URL('./kpi-worker.ts', import.meta.url), { file }).then(
      ({ thread }) => thread,
    )
    // The next question tries again.
    opening.catch(() => {
      opening = undefined
    })
    return opening
  }

  return {
    figures: async (query) => (await started()).call('figures', { argument: query }),
    async close() {
      const thread = await opening?.catch(() => undefined)
      opening = undefined
      await thread?.close()
    },
  }
}
