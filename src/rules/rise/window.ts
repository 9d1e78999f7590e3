/** The lowest good value of the last while: candidates only, so that a reading costs the same however long the while. */
import type { EntryRef } from '../../model/entry.ts'
import type { Duration, Instant } from '../../model/time.ts'

/** Candidates kept at most. Only a value that has been rising all the while has so many. */
const KEPT = 512
/** Values so close together, as a share of the window, may be thinned to one: by so much a rise may end late. */
const CLOSE = 1 / 128

/** Candidates in order of time, and so of value: no later value is as low as one that is still here. The first is the lowest. */
export interface Window {
  readonly span: Duration
  readonly lows: EntryRef[]
  /** Until when each counts: its own instant or, after thinning, that of a dropped one after it. */
  readonly until: Instant[]
  /** Where they begin in `lows` and `until`: those before are over. */
  head: number
}

export function createWindow(span: Duration): Window {
  return { span, lows: [], until: [], head: 0 }
}

/** Forgets what is older than the window at `at`; the lowest of what is left, if anything is. */
export function lowest(window: Window, at: Instant): EntryRef | undefined {
  const { lows, until, span } = window
  while (window.head < lows.length && until[window.head]! < at - span) window.head += 1
  if (window.head === lows.length || window.head > 64) compact(window)
  return lows[window.head]
}

/** Takes in a number that is not older than those before it. */
export function push(window: Window, entry: EntryRef): void {
  const { lows, until, head } = window
  while (lows.length > head && (lows[lows.length - 1]!.value as number) >= (entry.value as number)) {
    lows.pop()
    until.pop()
  }
  lows.push(entry)
  until.push(entry.ts)
  if (lows.length - head > KEPT) thin(window)
}

function compact(window: Window): void {
  const { lows, until, head } = window
  lows.copyWithin(0, head)
  lows.length -= head
  until.copyWithin(0, head)
  until.length -= head
  window.head = 0
}

/** Of values that lie close together the lowest stays, for as long as the last would have: a rise may end a little late, and is never missed. */
function thin(window: Window): void {
  compact(window)
  const { lows, until, span } = window
  // The newest stays as it was read: the next value is compared with it.
  const last = lows.length - 1
  let kept = 0
  for (let i = 0; i <= last; i++) {
    if (i > 0 && i < last && until[i]! - lows[kept - 1]!.ts <= span * CLOSE) {
      until[kept - 1] = until[i]!
      continue
    }
    lows[kept] = lows[i]!
    until[kept] = until[i]!
    kept += 1
  }
  lows.length = kept
  until.length = kept
}
