/** A binary heap of wake-ups, ordered by instant and then by owner, so that equal instants fire in one fixed order. */
import type { Instant } from './time.ts'

export interface Wake<T> {
  readonly at: Instant
  /** Breaks ties; also the identity of the owner. */
  readonly order: number
  readonly owner: T
}

export interface Wakes<T> {
  push(wake: Wake<T>): void
  /** The earliest, left in place. */
  peek(): Wake<T> | undefined
  pop(): Wake<T> | undefined
}

export function createWakes<T>(): Wakes<T> {
  const heap: Wake<T>[] = []
  const before = (a: Wake<T>, b: Wake<T>) => a.at < b.at || (a.at === b.at && a.order < b.order)

  function sink(start: number): void {
    let i = start
    const item = heap[i]!
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (!before(heap[child]!, item)) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = item
  }

  return {
    push(wake) {
      let i = heap.length
      heap.push(wake)
      while (i > 0) {
        const parent = (i - 1) >> 1
        if (!before(wake, heap[parent]!)) break
        heap[i] = heap[parent]!
        i = parent
      }
      heap[i] = wake
    },
    peek: () => heap[0],
    pop() {
      const top = heap[0]
      const last = heap.pop()
      if (heap.length > 0 && last) {
        heap[0] = last
        sink(0)
      }
      return top
    },
  }
}
