/** What each site's live readings said of late, thinned to runs: what its late readings are judged together with. */
import type { PermitCommand } from '../model/command.ts'
import type { EntryRef } from '../model/entry.ts'
import type { Json } from '../model/json.ts'
import type { Point } from '../model/point.ts'
import type { Reading } from '../model/reading.ts'
import type { Installation, Site } from '../model/site.ts'
import { type Duration, HOUR, type Instant, MINUTE } from '../model/time.ts'
import { amended, type Permit, permitEnd } from '../model/welding.ts'
import { type Memory, type Recalled, recall, type Wanted, witness } from './recall.ts'
import { continues, type Grain, loadRun, type Run, type RunRow, runOf, saveRun } from './run.ts'
import { nameOf } from './subjects.ts'

/** How far back everything is remembered: a shift. What was so at its beginning is remembered too, however old. */
const SPAN: Duration = 8 * HOUR
const SWEEP: Duration = 10 * MINUTE
/** Runs of all sites together; each has an even share, but no less than `LEAST`. */
const ROOM = 1_200_000
const LEAST = 20_000
const MOST = 200_000
const PERMITS = 1_000

export interface Recollection {
  /** Takes a live reading in. */
  add(reading: Reading): void
  permit(command: PermitCommand, at: Instant): void
  recall(site: Site, wanted: Wanted): Recalled
  /** The reading that was really taken, for one that a run stands for. */
  witness(site: Site, ref: EntryRef): EntryRef
  save(): Json
}

export interface RecollectionOptions {
  readonly installation: Installation
  /** By index of the point; absent for a point whose past nothing asks for. */
  readonly grains: readonly (Grain | undefined)[]
  readonly saved?: Json
}

type Saved = readonly (readonly [
  site: string,
  since: Instant,
  sweepAt: Instant,
  subjects: readonly (readonly RunRow[])[],
  permits: readonly (readonly [Instant, Json])[],
])[]

export function createRecollection({ installation, grains, saved }: RecollectionOptions): Recollection {
  const memories: Memory[] = []
  /** The newest run of a point, by its index: most readings only prolong it. What is not here is looked up. */
  let newest: (Run | undefined)[] = []
  const room = Math.min(MOST, Math.max(LEAST, Math.floor(ROOM / Math.max(1, installation.sites.size))))
  for (const [id, since, sweepAt, subjects, permits] of (saved as unknown as Saved | undefined) ?? []) {
    const site = installation.sites.get(id)
    if (!site) continue
    const memory: Memory = { since, sweepAt, subjects: new Map(), permits: [], runs: 0 }
    for (const rows of subjects) {
      for (const row of rows) {
        const run = loadRun(row, { points: site.points, grains })
        if (run) append(memory, run)
      }
    }
    memory.permits = permits.map(([at, command]) => ({ at, command: command as unknown as PermitCommand }))
    memories[site.index] = memory
  }

  function memoryOf(site: Site, at: Instant): Memory {
    memories[site.index] ??= { since: at, sweepAt: at + SWEEP, subjects: new Map(), permits: [], runs: 0 }
    return memories[site.index]!
  }

  return {
    add(reading) {
      const { point, ts, received } = reading
      const grain = grains[point.index]
      // A bad card or passage names nobody.
      if (!grain || (reading.value === null && (point.shape === 'sighting' || point.shape === 'passage'))) return
      const memory = memoryOf(point.site, ts)
      const name = nameOf(point, reading.value)
      const known = name === undefined ? newest[point.index] : undefined
      const open = known ?? memory.subjects.get(name ?? point)?.at(-1)
      if (open && continues(open, reading)) {
        open.to = ts
        open.last = point
        if (name === undefined) newest[point.index] = open
      } else {
        const run = runOf(reading, grain)
        append(memory, run)
        if (name === undefined) newest[point.index] = run
      }
      if (received >= memory.sweepAt) {
        memory.sweepAt = received + SWEEP
        sweep(memory, received - SPAN)
      }
      while (memory.runs > room) {
        shrink(memory, room)
        newest = []
      }
    },
    permit(command, at) {
      const site = installation.sites.get(command.site)
      if (!site) return
      const memory = memoryOf(site, at)
      memory.permits.push({ at: Math.min(command.ts, at), command })
      if (memory.permits.length > PERMITS) memory.permits.shift()
    },
    recall: (site, wanted) => recall(memories[site.index], wanted),
    witness: (site, ref) => witness(memories[site.index], ref),
    save: () =>
      [...installation.sites.values()].flatMap(({ id, index }) => {
        const memory = memories[index]
        if (!memory) return []
        const { since, sweepAt, subjects, permits } = memory
        return [
          [
            id,
            since,
            sweepAt,
            [...subjects.values()].map((runs) => runs.map(saveRun)),
            permits.map((p) => [p.at, p.command]),
          ],
        ]
      }) as unknown as Json,
  }
}

function append(memory: Memory, run: Run): void {
  const subject = nameOf(run.point, run.value) ?? run.point
  const runs = memory.subjects.get(subject)
  if (runs) runs.push(run)
  else memory.subjects.set(subject, [run])
  memory.runs += 1
}

/** Of a welding chip's steps the last few are needed to know its lock; of all else the last is enough. */
const needed = ({ shape }: Point): number => (shape === 'session' ? 6 : 1)

/** Forgets what was over before `horizon`. */
function sweep(memory: Memory, horizon: Instant): void {
  if (horizon <= memory.since) return
  memory.since = horizon
  for (const [subject, runs] of memory.subjects) {
    const keep = needed(runs[0]!.point)
    let over = 0
    while (over + keep < runs.length && runs[over + keep]!.from <= horizon) over += 1
    if (over > 0) runs.splice(0, over)
    memory.runs -= over
    // Who has left, and whoever passed a gate without a name, says nothing of what came after.
    const { to, value, point } = runs.at(-1)!
    if (to > horizon || !leaves(point, value)) continue
    memory.runs -= runs.length
    memory.subjects.delete(subject)
  }
  memory.permits = stillHeld(memory.permits, horizon)
}

/** Without the permits that were over by then. All commands of one stay or go together: a further one says only what changes. */
function stillHeld(permits: Memory['permits'], horizon: Instant): Memory['permits'] {
  const open = new Map<string, { permit?: Permit; end: Instant }>()
  const lives = permits.map(({ at, command }) => {
    const life = open.get(command.permit) ?? { end: at }
    if (command.state === 'closed') {
      life.end = at
      open.delete(command.permit)
    } else {
      life.permit = amended(life.permit, command)
      life.end = permitEnd(life.permit)
      open.set(command.permit, life)
    }
    return life
  })
  return permits.filter((_, i) => lives[i]!.end > horizon)
}

function leaves({ shape }: Point, value: Run['value']): boolean {
  if (typeof value !== 'object' || value === null) return shape === 'passage'
  if ('direction' in value) return value.direction === 'out' || (value.card ?? value.person) === undefined
  return 'gone' in value && value.gone === true
}

/** Too much for its room: the older half goes, and where subjects alone fill it, those heard longest ago. */
function shrink(memory: Memory, room: number): void {
  const begun = [...memory.subjects.values()].flatMap((runs) => runs.map(({ from }) => from)).sort((a, b) => a - b)
  sweep(memory, begun[begun.length >> 1]!)
  if (memory.runs <= (room * 3) / 4) return
  const byAge = [...memory.subjects].sort(([, a], [, b]) => a.at(-1)!.to - b.at(-1)!.to)
  for (const [subject, runs] of byAge) {
    if (memory.runs <= room / 2) break
    memory.since = Math.max(memory.since, runs.at(-1)!.to)
    memory.runs -= runs.length
    memory.subjects.delete(subject)
  }
}
