/** Runs back into readings: what a site's live sources said within a window, as far as it is remembered. */
import type { PermitCommand } from '../model/command.ts'
import type { EntryRef } from '../model/entry.ts'
import type { Point, PointKind } from '../model/point.ts'
import type { Passage, Reading, Sighting } from '../model/reading.ts'
import type { Site } from '../model/site.ts'
import type { Instant } from '../model/time.ts'
import type { Run } from './run.ts'

/** What a site remembers. */
export interface Memory {
  /** Event time from which on it is whole; before it, only what was still so. */
  since: Instant
  /** Runs of each subject, in order of time: a point, or a card or person by `nameOf`. */
  readonly subjects: Map<Point | string, Run[]>
  permits: { readonly at: Instant; readonly command: PermitCommand }[]
  runs: number
  sweepAt: Instant
}

export interface Wanted {
  readonly from: Instant
  readonly until: Instant
  readonly kinds: ReadonlySet<PointKind>
  /** The readings they will be judged with: who passed a gate is looked for where the runs know them. */
  readonly beside: readonly Reading[]
}

export interface Recalled {
  /** In order of event time; those from before the window say what was so at its beginning. */
  readonly readings: readonly Reading[]
  readonly permits: readonly { readonly at: Instant; readonly command: PermitCommand }[]
  /** How far back the memory reaches. */
  readonly since: Instant
}

/** A point that has a `silentAfter` is heard again well within it. */
const AGAIN = 0.8

export function recall(memory: Memory | undefined, { from, until, kinds, beside }: Wanted): Recalled {
  if (!memory) return { readings: [], permits: [], since: until }
  const readings: Reading[] = []
  const passages = passagesOf(beside)
  for (const [subject, runs] of memory.subjects) {
    // The last that began by then stands for what was so.
    let first = Math.max(
      0,
      runs.findLastIndex((run) => run.from <= from),
    )
    const { shape } = runs[0]!.point
    // A lock is known by the last few steps; who passed without a name says nothing of what came after.
    if (shape === 'session') first = 0
    else if (shape === 'passage' && typeof subject === 'object') first = runs.findIndex((run) => run.from > from)
    if (first < 0) continue
    for (let i = first; i < runs.length && runs[i]!.from <= until; i++) {
      const run = runs[i]!
      if (kinds.has(run.point.kind)) expand(run, { from, until, passages, into: readings })
    }
  }
  readings.sort((a, b) => a.ts - b.ts)
  const permits = memory.permits.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
  return { readings, permits, since: memory.since }
}

interface Window {
  readonly from: Instant
  readonly until: Instant
  readonly passages: ReadonlyMap<string, readonly Instant[]>
  readonly into: Reading[]
}

function expand(run: Run, { from, until, passages, into }: Window): void {
  const { point, to, last } = run
  const end = Math.min(to, until)
  into.push(said(run, run.from))
  if (point.silentAfter !== undefined) {
    const every = Math.max(1, Math.floor(point.silentAfter * AGAIN))
    const skipped = Math.max(0, Math.floor((from - run.from) / every))
    for (let ts = run.from + (skipped || 1) * every; ts < end; ts += every) into.push(said(run, ts))
  } else if (point.shape === 'sighting') {
    for (const ts of passages.get(holder(point.site, run.value as Sighting)) ?? [])
      if (ts > run.from && ts < end) into.push(said(run, ts))
  }
  if (to > run.from && to <= until) into.push({ ...said(run, to), point: last })
}

function said({ point, value, quality, ref }: Run, ts: Instant): Reading {
  return { point, ts, value, quality, received: ts, timing: 'live', ...(ref !== undefined && { ref }) }
}

/** When each person, or card nobody holds, passed a gate. */
function passagesOf(readings: readonly Reading[]): ReadonlyMap<string, readonly Instant[]> {
  const passages = new Map<string, Instant[]>()
  for (const { point, value, ts } of readings) {
    if (point.shape !== 'passage' || value === null) continue
    const name = holder(point.site, value as Passage)
    const known = passages.get(name)
    if (known) known.push(ts)
    else passages.set(name, [ts])
  }
  return passages
}

function holder(
  { people, cards }: Site,
  { person, card }: { readonly person?: string; readonly card?: string },
): string {
  const known = people.get(person ?? '') ?? cards.get(card ?? '')
  return known?.id ?? person ?? `card:${card}`
}

/** The first reading of the run that covers it: the one that was really taken. */
export function witness(memory: Memory | undefined, ref: EntryRef): EntryRef {
  const value = JSON.stringify(ref.value)
  for (const runs of memory?.subjects.values() ?? []) {
    for (const run of runs) {
      if (run.point.id !== ref.point.id && run.last.id !== ref.point.id) continue
      if (ref.ts <= run.from || ref.ts > run.to || JSON.stringify(run.value) !== value) continue
      return { point: run.point, ts: run.from, value: run.value, ...(run.ref !== undefined && { ref: run.ref }) }
    }
  }
  return ref
}
