/** Frames that the consumer has not taken yet: the bound on what a session holds. */
import { MOST_HELD } from './protocol.ts'

export interface Held {
  frames: number
  /** Called whenever some were taken, and at the end. */
  readonly released: Set<() => void>
}

/** Resolves when the consumer has room for another frame, or `over` says that nobody waits for it any more. */
export async function roomIn(held: Held, over: () => boolean): Promise<void> {
  while (held.frames >= MOST_HELD && !over()) {
    const { promise, resolve } = Promise.withResolvers<void>()
    held.released.add(resolve)
    await promise
    held.released.delete(resolve)
  }
}
