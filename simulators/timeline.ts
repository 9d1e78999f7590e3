/** What is to happen when, in simulated time: a heap of calls, run in order as the time is let run on. */
import type { Duration, Instant } from '../src/model/time.ts'

export interface Timeline {
  readonly now: Instant
  /** Calls back once; calls of one instant keep the order in which they were asked for. */
  at(instant: Instant, call: () => void): void
  after(delay: Duration, call: () => void): void
  /** Calls back after `phase` and then every `period`, which is asked for anew each time. */
  every(period: () => Duration, phase: Duration, call: () => void): void
  /** Runs everything up to and including `instant`. */
  run(instant: Instant): void
}

interface Due {
  readonly at: Instant
  readonly order: number
  readonly call: () => void
}

export function createTimeline(start: Instant): Timeline {
  const heap: Due[] = []
  let now = start
  let order = 0

  const before = (a: Due, b: Due) => a.at < b.at || (a.at === b.at && a.order < b.order)

  function push(due: Due): void {
    let i = heap.push(due) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!before(due, heap[parent]!)) break
      heap[i] = heap[parent]!
      i = parent
    }
    heap[i] = due
  }

  function pop(): Due {
    const top = heap[0]!
    const last = heap.pop()!
    if (heap.length === 0) return top
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1
      if (!before(heap[child]!, last)) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = last
    return top
  }

  const at = (instant: Instant, call: () => void) => {
    // Whole milliseconds, as devices give them; the past is not told anew.
    push({ at: Math.max(now, Math.round(instant)), order: order++, call })
  }
  const after = (delay: Duration, call: () => void) => at(now + delay, call)

  return {
    get now() {
      return now
    },
    at,
    after,
    every(period, phase, call) {
      const again = () => {
        call()
        after(period(), again)
      }
      after(phase, again)
    },
    run(instant) {
      while (heap.length > 0 && heap[0]!.at <= instant) {
        const due = pop()
        now = due.at
        due.call()
      }
      now = Math.max(now, instant)
    },
  }
}
