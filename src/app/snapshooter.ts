/** Takes snapshots of the fold now and then, so that a restart replays only the tail. */
import type { Offset } from '../model/entry.ts'
import type { Json } from '../model/json.ts'
import type { Snapshots } from '../model/ports.ts'
import type { Fold } from './fold.ts'
import type { Log } from './log.ts'

export interface Snapshooter {
  /** Told after each batch, once the projections have been given it; takes a snapshot when enough entries have passed since the last. */
  judged(offset: Offset): void
  /** Takes one now. */
  take(): Promise<void>
}

export function createSnapshooter(options: {
  readonly snapshots: Snapshots
  /** Entries between snapshots. */
  readonly every: number
  readonly fold: () => Fold
  /** What the page knew beside it. */
  readonly view: () => Json
  readonly offset: () => Offset
  /** Resolves when every projection holds what was judged so far: a snapshot must not run ahead of them. Where one rejects,
   *  no snapshot is taken, and the tail that a restart replays stays long enough to give it again. */
  readonly settle: () => Promise<void>
  readonly log: Log
}): Snapshooter {
  const { snapshots, every, fold, view, offset, settle, log } = options
  let last = offset()
  /** Where one was last tried: after a failure, the next one waits as long as after a success. */
  let tried = last
  let taking: Promise<void> | undefined

  async function save(): Promise<void> {
    const at = offset()
    if (at === last) return
    tried = at
    // The state is written out at once: the fold goes on changing it while the projections settle.
    const state = JSON.parse(JSON.stringify({ ...(fold().save() as object), view: view() })) as Json
    const { hash } = fold().installation
    await settle()
    await snapshots.save({ offset: at, hash, state })
    last = at
  }

  function take(): Promise<void> {
    taking ??= save()
      .catch((error: unknown) => log.error(`snapshot: ${String(error)}`))
      .finally(() => {
        taking = undefined
      })
    return taking
  }

  return {
    judged(at) {
      if (at - tried >= every && !taking) void take()
    },
    async take() {
      await taking
      await take()
    },
  }
}
