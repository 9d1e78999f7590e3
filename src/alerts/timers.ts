/** Which alarms a tick concerns: a heap of the instants at which each waits for its delay, its shelf, its next telling. */
import type { Instant } from '../model/time.ts'
import { createWakes, type Wakes } from '../model/wakes.ts'

export interface Timers<T> {
  /** Looks again at when the item is due; to be called after whatever may have changed it. */
  watch(item: T): void
  /** Everything due at `now`. What is not done with by then, because its site's news is not complete, is given again at each tick. */
  take(now: Instant): readonly T[]
  /** The earliest instant at which `take` gives something; infinity for none. */
  first(): Instant
}

/** Stale entries borne before the heap is built anew. */
const SLACK = 1_024

/** `dueOf`: infinity for what waits for nothing. */
export function createTimers<T>(dueOf: (item: T) => Instant): Timers<T> {
  /** The one entry of each item that counts. */
  const slots = new Map<T, { readonly at: Instant; readonly order: number }>()
  let heap: Wakes<T> = createWakes<T>()
  let size = 0
  let count = 0
  /** Their instant has passed. */
  const ready = new Set<T>()

  function push(at: Instant, order: number, owner: T): void {
    heap.push({ at, order, owner })
    size += 1
  }

  function top() {
    for (let next = heap.peek(); next; next = heap.peek()) {
      if (slots.get(next.owner)?.at === next.at && !ready.has(next.owner)) return next
      heap.pop()
      size -= 1
    }
    return undefined
  }

  return {
    watch(item) {
      const at = dueOf(item)
      const slot = slots.get(item)
      if (at === (slot?.at ?? Number.POSITIVE_INFINITY)) return
      ready.delete(item)
      if (!Number.isFinite(at)) {
        slots.delete(item)
        return
      }
      const order = slot?.order ?? ++count
      slots.set(item, { at, order })
      push(at, order, item)
      if (size <= 2 * slots.size + SLACK) return
      heap = createWakes<T>()
      size = 0
      for (const [owner, one] of slots) if (!ready.has(owner)) push(one.at, one.order, owner)
    },
    take(now) {
      for (let next = top(); next && next.at <= now; next = top()) {
        heap.pop()
        size -= 1
        ready.add(next.owner)
      }
      return [...ready]
    },
    first() {
      let first = top()?.at ?? Number.POSITIVE_INFINITY
      for (const item of ready) first = Math.min(first, slots.get(item)!.at)
      return first
    },
  }
}
