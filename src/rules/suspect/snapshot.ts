/** Snapshots of `suspect`, by names, so that they outlive a change of the configuration. */
import type { Json } from '../../model/json.ts'
import type { Scope } from '../../model/rule.ts'
import { loadRef, saveRef } from '../evidence.ts'
import { loadStatement, saveStatement } from '../statement.ts'
import type { SuspectParams } from './params.ts'
import { type State, start } from './state.ts'
import { emptySlice, type Slice } from './track.ts'

type Row = readonly [
  id: string,
  now: SavedSlice,
  next: SavedSlice,
  last: Json,
  linked: boolean,
  recent: number[],
  figures: readonly [
    usual: number,
    moves: number,
    level: number,
    middle: number,
    learnt: number,
    ...runs: [number, number, number],
  ],
  fresh: boolean,
  suspect: boolean,
  statement: Json,
]

/** No bounds before the first good value. */
type SavedSlice = readonly [low: number | null, high: number | null, good: number, bad: number]

export function saveState({ tracks, slice }: State): Json {
  return {
    slice: slice ?? null,
    tracks: tracks
      // Bad readings count, too: they decide whether a slice tells anything.
      .filter(({ last, now, next }) => last || now.bad > 0 || next.bad > 0)
      .map((t) => [
        t.point.id,
        saveSlice(t.now),
        saveSlice(t.next),
        saveRef(t.last),
        t.linked,
        [...t.recent],
        [t.usual, t.moves, t.level, t.middle, t.learnt, t.steady, t.run, t.longest],
        t.fresh,
        t.suspect,
        saveStatement(t.statement),
      ]),
  } as unknown as Json
}

export function loadState(json: Json, scope: Scope<SuspectParams>): State {
  const saved = json as unknown as { readonly slice: number | null; readonly tracks: readonly Row[] }
  const state = start(scope)
  state.slice = saved.slice ?? undefined
  const tracks = new Map(state.tracks.map((track) => [track.point.id, track]))
  for (const [id, now, next, last, linked, recent, figures, fresh, suspect, statement] of saved.tracks) {
    const track = tracks.get(id)
    if (!track) continue
    const [usual, moves, level, middle, learnt, steady, run, longest] = figures
    const ref = loadRef(last, scope.site)
    Object.assign(track, { recent, usual, moves, level, middle, learnt, steady, run, longest, fresh, suspect })
    track.now = loadSlice(now)
    track.next = loadSlice(next)
    track.last = ref
    track.linked = linked && ref !== undefined
    track.statement = loadStatement(statement)
  }
  return state
}

function saveSlice({ low, high, good, bad }: Slice): SavedSlice {
  return good > 0 ? [low, high, good, bad] : [null, null, 0, bad]
}

function loadSlice([low, high, good, bad]: SavedSlice): Slice {
  return low === null || high === null ? { ...emptySlice(), bad } : { low, high, good, bad }
}
