/** A change of one rule item touches no other, and one that changes nothing leaves no trace; a match that still has everything is none. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inlineInstallation } from '../../src/app/cases/inline.ts'
import type { Stimulus } from '../../src/app/cases/stimuli.ts'
import { createFold } from '../../src/app/fold.ts'
import { serialiseTransition } from '../../src/app/wire.ts'
import type { Transition } from '../../src/model/alarm.ts'
import type { Quality, Value } from '../../src/model/reading.ts'
import type { Installation } from '../../src/model/site.ts'
import { SECOND } from '../../src/model/time.ts'
import { RULES } from '../../src/rules/index.ts'
import { DECLARED, deliver, LENGTH, mine, orderly, START, wild } from './mine.ts'
import { runs } from './thorough.ts'

const END = START + LENGTH + 3 * 60_000

type Item = Readonly<Record<string, unknown>> & { readonly id: string; readonly match?: object }

/** The mine with one item changed, by its place in the pack. */
function changed(i: number, change: (item: Item) => object): Installation {
  const rules = (DECLARED.rules as readonly Item[]).map((item, at) => (at === i ? change(item) : item))
  return inlineInstallation({ ...DECLARED, rules })
}

/** What is told of the items that `wanted` names, where the configuration is read again at those instants. */
function play(
  stimuli: readonly Stimulus[],
  next: readonly Installation[],
  wanted: (item: string) => boolean,
): Transition[] {
  let fold = createFold({ installation: mine, rules: RULES })
  let offset = 0
  const told: Transition[] = []
  const reloads = next.map((installation, i) => ({ at: START + ((i + 1) * LENGTH) / (next.length + 1), installation }))
  const waiting = [...stimuli]
  for (let at = START; at <= END; at += SECOND) {
    while (waiting[0] && waiting[0].at <= at) {
      const { point: id, ts, value, quality = 'good', received } = waiting.shift()!.line as Record<string, unknown>
      const point = { siteId: 'mine', id: id as string }
      const reading = { point, ts: ts as number, value: value as Value | null, quality: quality as Quality }
      fold.apply({ type: 'reading', at: received as number, reading, offset: ++offset }, told)
    }
    fold.apply({ type: 'tick', at, offset: ++offset }, told)
    if (reloads[0] && reloads[0].at <= at) {
      const { installation } = reloads.shift()!
      fold = createFold({ installation, rules: RULES, saved: JSON.parse(JSON.stringify(fold.save())) })
      fold.apply({ type: 'config', at, hash: installation.hash, offset: ++offset }, told)
    }
  }
  // What hindsight names as evidence is as coarse as the limits of all items let it be: what it finds is another property's business.
  return told.filter(({ instance, cause }) => wanted(instance) && cause !== 'retrospective')
}

/** Everything but where in the journal: a change of the configuration is an entry of its own. */
const bytes = (told: readonly Transition[]) =>
  told.map((one) => JSON.stringify(serialiseTransition({ ...one, offset: 0 }, mine))).join('\n')

test('one item with another severity, delays and match touches no other; read again unchanged, nothing at all', () => {
  const items = fc.nat({ max: DECLARED.rules.length - 1 })
  fc.assert(
    fc.property(wild, items, fc.constantFrom('nowhere', 'face', 'maint'), ([news, lags], i, id) => {
      const stimuli = deliver(news, lags)
      const { id: name } = DECLARED.rules[i]!
      const others = (item: string) => item !== name
      const next = changed(i, (item) => ({
        ...item,
        severity: 'notice',
        clearAfter: '7s',
        match: { ...item.match, id },
      }))
      const same = changed(i, (item) => item)
      const straight = play(stimuli, [], () => true)
      expect(bytes(play(stimuli, [same, same, same], () => true))).toBe(bytes(straight))
      const untouched = straight.filter(({ instance }) => others(instance))
      expect(bytes(play(stimuli, [next, same, next], others))).toBe(bytes(untouched))
    }),
    { numRuns: runs(10, 100), endOnFailure: true },
  )
}, 180_000)

test('an item whose match is written otherwise, and still has all it had, tells what it would have told', () => {
  const rest = ['left', 'gas', 'silent', 'unmonitored', 'face', 'shift', 'handover']
  const items = fc.constantFrom(...DECLARED.rules.flatMap(({ id }, i) => (rest.includes(id) ? [i] : [])))
  fc.assert(
    fc.property(orderly, items, (news, i) => {
      const stimuli = deliver(news, [])
      const next = changed(i, (item) => ({ ...item, match: { ...item.match, site: ['mine', 'other'] } }))
      const same = changed(i, (item) => item)
      const told = (configurations: readonly Installation[]) =>
        play(stimuli, configurations, () => true)
          .map(({ id, cause, at, severity }) => `${id} ${cause} ${at} ${severity}`)
          .sort()
      expect(told([next, same, next])).toEqual(told([]))
    }),
    { numRuns: runs(10, 100), endOnFailure: true },
  )
}, 180_000)
