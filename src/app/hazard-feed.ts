/** Brings the ledger's steps to the list of hazards; what the list does not take is kept for the next ones. */
import type { HazardStep } from '../model/hazard.ts'
import type { HazardStore } from '../model/hazard-store.ts'
import type { Log } from './log.ts'

export interface HazardFeed {
  /** Resolves once they are stored, or have failed to be, which is logged. */
  put(steps: readonly HazardStep[]): Promise<void>
  /** Rejects where something is still not stored: a snapshot must not run ahead of the list. */
  drain(): Promise<void>
}

export function createHazardFeed({ store, log }: { store: Pick<HazardStore, 'put'>; log: Log }): HazardFeed {
  let unstored: readonly HazardStep[] = []
  let tail: Promise<void> = Promise.resolve()

  async function write(steps: readonly HazardStep[]): Promise<void> {
    const batch = unstored.length > 0 ? [...unstored, ...steps] : steps
    unstored = batch
    await store.put(batch)
    unstored = []
  }

  return {
    put(steps) {
      tail = tail.then(() => write(steps)).catch((error: unknown) => log.error(`hazard list: ${String(error)}`))
      return tail
    },
    async drain() {
      await tail
      if (unstored.length > 0) await write([])
    },
  }
}
