/** `suspect`: a value that lost its variability, or stepped to a flat floor, while its peers kept theirs (疑似包裹、冻结探头). */
import { POINT_KINDS, type PointKind } from '../../model/point.ts'
import type { Out, Rule } from '../../model/rule.ts'
import { calm, note } from '../statement.ts'
import { Params, type SuspectParams } from './params.ts'
import { loadState, saveState } from './snapshot.ts'
import { type State, start } from './state.ts'
import { able, close, fallen, flattened, liveliness, SLICES, type Track, take, variability } from './track.ts'
import { evidenceOf, livelyText, rounded, suspectText } from './wording.ts'

const kinds = (Object.keys(POINT_KINDS) as PointKind[]).filter((kind) => /^(gas|env)\./.test(kind))

export const suspect: Rule<SuspectParams, State> = {
  name: 'suspect',
  title: { zh: '疑似失真', en: 'Suspect sensor' },
  key: 'point',
  watches: kinds,
  // A peer is one whatever the item's match says of it.
  hears: kinds,
  matches: 'points',
  partition: 'site',
  hindsight: 'alone',
  outlives: ['match'],
  defaults: { raiseAfter: 0, clearAfter: 0, severity: 'minor' },
  params: Params,

  begin: (scope) => start(scope),

  reading(state, reading, out) {
    const track = state.slots[reading.point.index - state.base]
    if (track === undefined || reading.quality === 'uncertain') return
    const slice = Math.floor(reading.ts / state.pace.slice)
    if (state.slice === undefined) {
      state.slice = slice
      wish(state, out)
    } else if (slice > state.slice + 1) {
      advance(state, slice - 1, out)
    }
    const its = slice > state.slice ? track.next : track.now
    if (reading.quality === 'good' && typeof reading.value === 'number') {
      take(track, its, reading)
    } else {
      its.bad += 1
      track.linked = false
    }
  },

  /** Ends slices once the site's news of them is complete. */
  wake(state, out) {
    advance(state, Math.floor(out.settled / state.pace.slice), out)
    wish(state, out)
  },

  save: saveState,
  load: loadState,
}

function wish({ slice, pace }: State, out: Out): void {
  if (slice !== undefined) out.wakeAt(Math.max((slice + 1) * pace.slice, out.now + 1))
}

/** Ends every slice before that one. Of a long silence only the slices that anything was heard in. */
function advance(state: State, until: number, out: Out): void {
  if (state.slice === undefined) return
  for (let ended = 0; state.slice < until; ended++) {
    if (ended === 2) {
      state.slice = until
      break
    }
    for (const track of state.tracks) close(track, state.pace, state.scope.params)
    state.slice += 1
    for (const track of state.tracks) if (track.judged) judge(state, track, out)
  }
}

function judge(state: State, track: Track, out: Out): void {
  const { params, instance } = state.scope
  if (!able(track, state.pace, params)) return
  const share = liveliness(track)
  const still = flattened(track, params)
  const lively = still ? contrast(state, track) : NOBODY
  if (track.suspect) {
    // Once raised it is for the point itself to move again, whatever its peers do.
    if (share >= params.kept) track.suspect = false
  } else if (lively.length > 0) {
    track.run += 1
    // It has been as flat before, and moved again by itself.
    if (track.run > 2 * track.longest) {
      track.suspect = true
      track.run = 0
    }
  } else {
    if (!still && track.run > track.longest) track.longest = track.run
    track.run = 0
  }
  if (!track.suspect && calm(track.statement)) return
  const at = state.slice! * state.pace.slice
  const active = track.suspect
  if (!note(track.statement, { active, at, clearAfter: instance.clearAfter })) return
  out.condition({
    key: track.point.id,
    truth: active ? 'active' : 'inactive',
    at,
    value: rounded(variability(track)),
    limit: rounded(track.usual * (active && !fallen(track, params) ? params.flat : params.kept)),
    text: active ? suspectText(state, track, lively) : livelyText(state, track),
    evidence: evidenceOf(track, lively),
  })
}

const NOBODY: readonly Track[] = []

/** The peers that kept their variability all through the window, if enough of those that can be judged did: when work begins again, one moves before the other. */
function contrast({ pace, scope: { params } }: State, { peers }: Track): readonly Track[] {
  let judged = 0
  const lively: Track[] = []
  for (const peer of peers) {
    if (!able(peer, pace, params)) continue
    judged += 1
    if (peer.steady === SLICES && !fallen(peer, params)) lively.push(peer)
  }
  return lively.length >= judged * params.agree ? lively : NOBODY
}
