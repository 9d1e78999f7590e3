/** An item's `work`, for rules that know no calendar: what they say holds in shifts of that kind only, and is judged anew at each change. */
import type { Json } from '../model/json.ts'
import type { Out, Rule, Scope, Stated } from '../model/rule.ts'
import { nextShiftChange, shiftAt } from '../model/shift.ts'
import type { Instant } from '../model/time.ts'
import { concerns } from './concerns.ts'
import { loadRef, saveRef } from './evidence.ts'

interface State {
  readonly scope: Scope<unknown>
  inner: unknown
  /** What the rule says is so, whatever the shift. */
  readonly held: Map<string, Stated>
  /** Since `turned` and until `change`, a shift of the item's kind runs. */
  on: boolean
  turned: Instant
  change: Instant
  /** When the rule itself wants to be woken. */
  wake: Instant
}

type Saved = readonly [
  inner: Json,
  turned: Instant,
  wake: Instant | null,
  held: readonly (readonly [stated: Json, evidence: readonly Json[]])[],
  on: boolean,
]

/** The rule as an item with `work` has it. Event time decides in which shift something began; the arrival clock, when a shift is over. */
export function atWork(rule: Rule): Rule {
  /** Calls the rule with a voice that knows the hour. */
  function speak<R>(state: State, out: Out, call: (voice: Out) => R): R {
    if (out.now >= state.change) turn(state, out)
    const voice: Out = {
      get now() {
        return out.now
      },
      get settled() {
        return out.settled
      },
      condition: (stated) => say(state, stated, out),
      wakeAt(at) {
        state.wake = Math.min(state.wake, at)
      },
    }
    const result = call(voice)
    out.wakeAt(Math.min(state.wake, state.change))
    return result
  }

  return {
    ...rule,
    begin(scope, out) {
      const state = stateAt(scope, out.now)
      state.inner = speak(state, out, (voice) => rule.begin(scope, voice))
      return state
    },
    ...(rule.reading && {
      reading: (state, reading, out) =>
        speak(state as State, out, (voice) => rule.reading!((state as State).inner, reading, voice)),
    }),
    ...(rule.move && {
      move: (state, move, out) =>
        speak(state as State, out, (voice) => rule.move!((state as State).inner, move, voice)),
    }),
    ...(rule.permit && {
      permit: (state, permit, out) =>
        speak(state as State, out, (voice) => rule.permit!((state as State).inner, permit, voice)),
    }),
    ...(rule.link && {
      link: (state, link, out) =>
        speak(state as State, out, (voice) => rule.link!((state as State).inner, link, voice)),
    }),
    wake(given, out) {
      const state = given as State
      speak(state, out, (voice) => {
        if (state.wake > out.now) return
        state.wake = Number.POSITIVE_INFINITY
        rule.wake?.(state.inner, voice)
      })
    },
    redeclared(given, out) {
      const state = given as State
      const { on, change } = stateAt(state.scope, out.now)
      turnTo(state, { at: out.now, on, change }, out)
      speak(state, out, (voice) => rule.redeclared?.(state.inner, voice))
    },
    save(given) {
      const { inner, turned, wake, held, on } = given as State
      const kept = [...held.values()].map(({ evidence, ...stated }) => [stated, evidence.map(saveRef)])
      return [rule.save(inner), turned, Number.isFinite(wake) ? wake : null, kept, on] as unknown as Json
    },
    load(saved, scope) {
      const [inner, turned, wake, held, on] = saved as unknown as Saved
      const state = stateAt(scope, turned)
      state.on = on
      state.inner = rule.load(inner, scope)
      state.wake = wake ?? Number.POSITIVE_INFINITY
      for (const [stated, evidence] of held) {
        const refs = evidence.map((ref) => loadRef(ref, scope.site)!)
        const one = { ...(stated as unknown as Omit<Stated, 'evidence'>), evidence: refs }
        if (concerns(one.key, { rule, ...scope })) state.held.set(one.key, one)
      }
      return state
    },
  }
}

function stateAt(scope: Scope<unknown>, at: Instant): State {
  return {
    scope,
    inner: undefined,
    held: new Map(),
    on: runs(scope, at),
    turned: at,
    change: nextShiftChange(at, calendarOf(scope)),
    wake: Number.POSITIVE_INFINITY,
  }
}

const calendarOf = ({ site }: Scope<unknown>) => ({ shifts: site.shifts, zone: site.timezone })

function runs(scope: Scope<unknown>, at: Instant): boolean {
  return shiftAt(at, calendarOf(scope))?.shift.work === scope.instance.work
}

function say(state: State, stated: Stated, out: Out): void {
  const { key, truth, at } = stated
  if (truth !== 'active') {
    if (truth === 'inactive') state.held.delete(key)
    if (truth === 'inactive' || state.on) out.condition(notBefore(state, stated))
    return
  }
  const known = state.held.has(key)
  state.held.set(key, stated)
  // By a clock that is ahead it belongs to the next shift: told as that begins, unless this one goes over into it.
  if (at >= state.change && !(state.on && runs(state.scope, at))) return
  if (at >= state.turned ? state.on : runs(state.scope, at)) {
    // What was so before was told in its shift, and ended with it.
    if (known && !state.on) return
    out.condition(stated)
    if (!state.on) out.condition(over(stated, state.turned))
  } else if (state.on) out.condition({ ...stated, at: state.turned })
}

/** What was told from the beginning of its shift on does not end before it. */
function notBefore({ on, turned, scope }: State, stated: Stated): Stated {
  return on && stated.at < turned && !runs(scope, stated.at) ? { ...stated, at: turned } : stated
}

/** The shifts that have changed by now, one after the other. */
function turn(state: State, out: Out): void {
  while (state.change <= out.now) {
    const { on, change } = stateAt(state.scope, state.change)
    turnTo(state, { at: state.change, on, change }, out)
  }
}

function turnTo(
  state: State,
  { at, on, change }: { readonly at: Instant; readonly on: boolean; readonly change: Instant },
  out: Out,
): void {
  const before = state.on
  state.turned = at
  state.on = on
  state.change = change
  if (on === before) return
  for (const stated of state.held.values())
    out.condition(on ? { ...stated, at: Math.max(at, stated.at) } : over(stated, Math.max(at, stated.at)))
}

function over(stated: Stated, at: Instant): Stated {
  const { zh, en } = stated.text
  const text = { zh: `${zh}（所限班次已结束）`, en: `${en} (the shift it holds in is over)` }
  return { ...stated, truth: 'inactive', at, text }
}
