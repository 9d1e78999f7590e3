/** Changes of different subjects, which may overtake each other on the way, folded in the order in which they happened. */
import type { Instant } from '../model/time.ts'

export interface Change {
  /** Event time. */
  readonly ts: Instant
  /** Who or what changed: orders changes of one instant. */
  readonly subject: string
}

/** Puts a change in its place: by event time, then by subject. Changes of one subject keep their order of arrival: one that is
 *  older than its subject's last (a clock set right, a silence that ended late) counts as of that instant. */
export function place<C extends Change>(open: C[], change: C): void {
  let i = open.length
  while (i > 0 && after(open[i - 1]!, change)) {
    i--
    const later = open[i]!
    if (later.subject !== change.subject) continue
    open.splice(i + 1, 0, { ...change, ts: later.ts })
    return
  }
  open.splice(i, 0, change)
}

/** Takes out the changes of the earliest instant. */
export function takeInstant<C extends Change>(open: C[]): C[] {
  const first = open[0]
  if (!first) return []
  let n = 1
  while (n < open.length && open[n]!.ts === first.ts) n++
  return open.splice(0, n)
}

function after(a: Change, b: Change): boolean {
  return a.ts > b.ts || (a.ts === b.ts && a.subject > b.subject)
}
