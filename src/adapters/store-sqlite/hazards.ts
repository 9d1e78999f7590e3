/** The list of hazards as the port has it, asked of the storage thread. */
import type { Hazard, HazardStep } from '../../model/hazard.ts'
import type { HazardStore } from '../../model/hazard-store.ts'
import { parseBody } from '../sqlite/damage.ts'
import type { Thread } from '../sqlite/thread.ts'
import type { StoreHandlers } from './worker.ts'

export function hazardsOf(thread: Thread<StoreHandlers>, file: string): HazardStore {
  const parse = <T>(body: string) => parseBody<T>(body, { file, kind: 'store' })
  return {
    async put(steps) {
      if (steps.length > 0) await thread.call('putHazards', { argument: steps })
    },
    async list(query) {
      const { bodies, next } = await thread.call('listHazards', { argument: query })
      const items = bodies.map((body) => parse<Hazard>(body))
      return next === undefined ? { items } : { items, next }
    },
    async get(hazard) {
      const body = await thread.call('getHazard', { argument: hazard })
      return body === undefined ? undefined : parse<Hazard>(body)
    },
    steps: async (hazard) =>
      (await thread.call('hazardSteps', { argument: hazard })).map((body) => parse<HazardStep>(body)),
    known: (query) => thread.call('knownHazards', { argument: query }),
    counts: () => thread.call('countHazards'),
    between: (query) => thread.call('hazardsBetween', { argument: query }),
  }
}
