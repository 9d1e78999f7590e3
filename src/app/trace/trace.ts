/** A trace of one rule on one key: each input it saw, what it said, what was pending, and why it did or did not become an alarm. */
import type { Transition } from '../../model/alarm.ts'
import type { PointKind } from '../../model/point.ts'
import type { Reading } from '../../model/reading.ts'
import type { Out, Rule, Scope, Stated } from '../../model/rule.ts'
import type { Installation } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import type { Fold } from '../fold.ts'
import type { Followed } from './followed.ts'
import { concernsKey, concernsMove, concernsPermit, concernsReading, targetOf } from './target.ts'
import {
  lateLine,
  linkLine,
  moveLine,
  pendingLine,
  permitLine,
  readingLine,
  saidLine,
  summary,
  transitionLine,
  wakeLine,
} from './wording.ts'

export interface Trace {
  /** The rules, those under trace watched: for the fold. Without a trace nothing is wrapped, so nothing is slower. */
  readonly rules: ReadonlyMap<string, Rule>
  watch(fold: Fold): Fold
  /** What remains to be said once the input has ended. */
  end(): void
}

export interface TraceOptions {
  readonly installation: Installation
  readonly rules: ReadonlyMap<string, Rule>
  /** `RULE` or `RULE:KEY`. */
  readonly spec: string
  /** Takes one line, without its end. */
  readonly write: (line: string) => void
}

interface Held {
  readonly scope: Scope<unknown>
  readonly state: unknown
}

const PEOPLE: readonly PointKind[] = ['card.reader', 'gate']

/** Throws `usage` where no such rule is configured. */
export function createTrace({ installation, rules, spec, write }: TraceOptions): Trace {
  const { instances, key } = targetOf(spec, installation)
  const names = new Set([...instances].map(({ rule }) => rule))
  const followed = new Map<string, Followed>()
  let fold: Fold | undefined
  /** The arrival clock of the entry being judged. */
  let at: Instant = 0
  let seen = 0

  function say(line: string, { now }: { now: Instant }): void {
    write(now < at ? `(in hindsight) ${line}` : line)
  }

  function follow(scope: Scope<unknown>, stated: Stated): Followed {
    const { site, instance } = scope
    const alarm = `${site.id}/${instance.id}/${stated.key}`
    let one = followed.get(alarm)
    if (!one) {
      one = { site: site.id, zone: site.timezone, instance, key: stated.key, last: undefined, pending: '' }
      followed.set(alarm, one)
    }
    return one
  }

  /** Calls the rule; shows the input where it concerns the key or made the rule speak of it. */
  function call<T>(scope: Scope<unknown>, input: { line: string; shown: boolean; out: Out }, run: (out: Out) => T): T {
    const { line, shown, out } = input
    let told = false
    const show = () => {
      if (told) return
      told = true
      seen += 1
      say(line, out)
    }
    if (shown) show()
    const { timezone } = scope.site
    return run({
      get now() {
        return out.now
      },
      get settled() {
        return out.settled
      },
      condition(stated) {
        if (concernsKey(key, stated.key)) {
          show()
          say(saidLine(stated, timezone), out)
          if (out.now >= at) follow(scope, stated).last = stated
        }
        out.condition(stated)
      },
      wakeAt: (instant) => out.wakeAt(instant),
    })
  }

  function wrapped(rule: Rule): Rule {
    const on = ({ scope }: Held) => instances.has(scope.instance)
    const inner = (held: unknown) => held as Held
    return {
      ...rule,
      begin(scope, out) {
        if (!instances.has(scope.instance)) return { scope, state: rule.begin(scope, out) }
        const line = `${scope.instance.id} begins at ${scope.site.id}`
        return { scope, state: call(scope, { line, shown: false, out }, (spy) => rule.begin(scope, spy)) }
      },
      ...(rule.reading && {
        reading(held, reading, out) {
          const { scope, state } = inner(held)
          if (!on(inner(held))) rule.reading!(state, reading, out)
          else {
            const input = { line: readingLine(reading), shown: concernsReading(key, reading), out }
            call(scope, input, (spy) => rule.reading!(state, reading, spy))
          }
        },
      }),
      ...(rule.move && {
        move(held, move, out) {
          const { scope, state } = inner(held)
          if (!on(inner(held))) rule.move!(state, move, out)
          else {
            const input = { line: moveLine(move, scope.site), shown: concernsMove(key, move, scope.site), out }
            call(scope, input, (spy) => rule.move!(state, move, spy))
          }
        },
      }),
      ...(rule.permit && {
        permit(held, permit, out) {
          const { scope, state } = inner(held)
          if (!on(inner(held))) rule.permit!(state, permit, out)
          else {
            const input = { line: permitLine(permit, scope.site), shown: concernsPermit(key, permit), out }
            call(scope, input, (spy) => rule.permit!(state, permit, spy))
          }
        },
      }),
      ...(rule.link && {
        link(held, link, out) {
          const { scope, state } = inner(held)
          if (!on(inner(held))) rule.link!(state, link, out)
          else {
            const shown = key === undefined || key === link.source
            call(scope, { line: linkLine(link, scope.site), shown, out }, (spy) => rule.link!(state, link, spy))
          }
        },
      }),
      ...(rule.wake && {
        wake(held, out) {
          const { scope, state } = inner(held)
          if (!on(inner(held))) rule.wake!(state, out)
          else {
            const input = { line: wakeLine(out.now, scope.site.timezone), shown: false, out }
            call(scope, input, (spy) => rule.wake!(state, spy))
          }
        },
      }),
      save: (held) => rule.save(inner(held).state),
      load: (saved, scope) => ({ scope, state: rule.load(saved, scope) }),
    }
  }

  const ids = new Set([...instances].map(({ id }) => id))
  const isOurs = (t: Transition) => ids.has(t.instance) && concernsKey(key, t.key)
  const hears = ({ point }: Reading) =>
    [...instances].some(({ rule: name }) => {
      const { watches, hears: also = [], move } = rules.get(name)!
      return [...watches, ...also, ...(move ? PEOPLE : [])].includes(point.kind)
    })
  const zoneOf = (site: string) => installation.sites.get(site)?.timezone ?? 'UTC'

  return {
    rules: new Map([...rules].map(([name, rule]) => [name, names.has(name) ? wrapped(rule) : rule])),
    watch(given) {
      fold = given
      return {
        ...given,
        apply(entry, into) {
          at = entry.at
          const before = into.length
          const applied = given.apply(entry, into)
          const reading = applied?.reading
          if (reading?.timing === 'late' && hears(reading) && concernsReading(key, reading)) write(lateLine(reading))
          const ours = into.slice(before).filter(isOurs)
          for (const transition of ours) write(transitionLine(transition, zoneOf(transition.site)))
          for (const one of followed.values()) {
            const line = pendingLine(one, given)
            const dropped =
              line === '' && one.pending !== '' && !ours.some((t) => t.key === one.key && t.site === one.site)
            if (dropped) write(`    ${one.key} waits no longer: it did not hold for its delay`)
            else if (line !== one.pending && line !== '') write(line)
            one.pending = line
          }
          return applied
        },
      }
    },
    end() {
      if (!fold) return
      for (const line of summary({
        key,
        spec,
        instances,
        installation,
        rules,
        followed: [...followed.values()],
        fold,
        seen,
      }))
        write(line)
    },
  }
}
