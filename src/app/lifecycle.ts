/** Named clean-ups, run last in first out, each within a bound: one that hangs must not keep the others from closing. */
import type { Duration } from '../model/time.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import { within } from './within.ts'

export interface Lifecycle {
  onStop(name: string, clean: () => unknown): void
  /** Idempotent; never throws. */
  stop(): Promise<void>
}

export function createLifecycle({ clock, log, bound }: { clock: Clock; log: Log; bound: Duration }): Lifecycle {
  const cleanups: { name: string; clean: () => unknown }[] = []
  let stopping: Promise<void> | undefined

  async function run(): Promise<void> {
    for (let next = cleanups.pop(); next; next = cleanups.pop()) {
      const { name, clean } = next
      try {
        if (!(await within(clean(), { clock, bound }))) log.warn(`${name} did not stop within ${bound} ms`)
      } catch (error) {
        log.warn(`${name} failed to stop: ${String(error)}`)
      }
    }
  }

  return {
    onStop: (name, clean) => cleanups.push({ name, clean }),
    stop() {
      stopping ??= run()
      return stopping
    },
  }
}
