/** What waits for its place in the journal: bounded in number and in bytes, and cut into groups that one commit takes. */
import type { Arriving, Batch } from '../ingest/batch.ts'
import type { Door } from '../ingest/door.ts'
import type { Command } from '../model/command.ts'
import type { HazardStep } from '../model/hazard.ts'
import type { Frame, StreamedTransition } from '../model/ports.ts'
import type { Instant } from '../model/time.ts'
import type { Applied, Fold } from './fold.ts'

/** Puts something through the door that is in force at its place in the journal. */
export type Admit = (door: Door, at: Instant, batch: Batch) => void

export interface CommandOutcome {
  /** Its transitions, once they are stored. */
  readonly transitions: readonly StreamedTransition[]
  readonly refusal?: Applied['refusal']
  /** What happened to hazards, stored as well. */
  readonly hazards?: readonly HazardStep[]
}

/** Whom to tell what became of it. */
interface Asked<T> {
  readonly done: (outcome: T) => void
  readonly failed: (error: unknown) => void
}

/** A frame as the door takes it, and the way back to its source. */
export interface FrameItem extends Arriving {
  readonly type: 'frame'
  readonly frame: Frame
  /** Nothing of it was taken. */
  rejected: boolean
}

/** What came as objects: `bytes`, about, of what waits with it. */
export type ObjectsItem = Asked<void> & { readonly type: 'objects'; readonly admit: Admit; readonly bytes: number }

export type SwapItem = Asked<void> & {
  readonly type: 'swap'
  readonly hash: string
  readonly swap: () => { readonly fold: Fold; readonly door: Door }
}

export type CommandItem = Asked<CommandOutcome> & { readonly type: 'command'; readonly command: Command }

export type Item = FrameItem | ObjectsItem | { readonly type: 'tick' } | CommandItem | SwapItem

export interface Waiting {
  readonly length: number
  push(item: Item): void
  /** Whether sources are to be held back. */
  full(): boolean
  /** The next group, in order; empty where nothing waits. A change of configuration comes alone. */
  take(): readonly Item[]
  /** Everything, where nothing of it will be journaled any more. */
  clear(): readonly Item[]
}

/** Items, and bytes of what came, that may wait before sources are held back. */
const ROOM = 20_000
const ROOM_BYTES = 64 * 1024 * 1024
/** Items, and bytes of what came, in one group commit. */
const GROUP = 5_000
const GROUP_BYTES = 4 * 1024 * 1024

export function createWaiting(): Waiting {
  let queue: Item[] = []
  let bytes = 0

  return {
    get length() {
      return queue.length
    },
    push(item) {
      bytes += bytesOf(item)
      queue.push(item)
    },
    full: () => queue.length >= ROOM || bytes >= ROOM_BYTES,
    take() {
      let size = 0
      let weight = 0
      for (; size < queue.length && size < GROUP && weight < GROUP_BYTES; size++) {
        const item = queue[size]!
        weight += bytesOf(item)
        if (item.type === 'swap') {
          if (size === 0) size = 1
          break
        }
      }
      bytes -= weight
      if (size < queue.length) return queue.splice(0, size)
      const all = queue
      queue = []
      return all
    },
    clear() {
      const all = queue
      queue = []
      bytes = 0
      return all
    },
  }
}

function bytesOf(item: Item): number {
  switch (item.type) {
    case 'frame':
      return item.payload.byteLength
    case 'objects':
      return item.bytes
    default:
      return 0
  }
}
