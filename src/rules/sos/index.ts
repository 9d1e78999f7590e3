/** `sos`: a card calls for help (求救), whoever holds it, until it is seen well without calling. */
import Type from 'typebox'
import type { EntryRef } from '../../model/entry.ts'
import type { Json } from '../../model/json.ts'
import type { Reading, Sighting } from '../../model/reading.ts'
import { entryRef, type Out, type Rule, type Scope } from '../../model/rule.ts'
import type { Text } from '../../model/text.ts'
import { loadRef, refOf, sameRef, saveRef } from '../evidence.ts'
import { pointName } from '../names.ts'
import { calm, loadStatement, note, type Statement, saveStatement, silence } from '../statement.ts'

/** One card that calls, or did just now. */
interface Call {
  /** The sighting with which it began. */
  first: EntryRef | undefined
  statement: Statement
}

interface State {
  readonly scope: Scope<unknown>
  /** Readers whose word raises; every reader's word may end a call. */
  readonly readers: ReadonlySet<string>
  readonly calls: Map<string, Call>
}

export const sos: Rule<unknown, State> = {
  name: 'sos',
  title: { zh: '求救', en: 'Call for help' },
  key: 'card',
  watches: ['card.reader'],
  hears: ['card.reader'],
  matches: 'points',
  partition: 'site',
  outlives: ['match', 'numbers'],
  defaults: { raiseAfter: 0, clearAfter: 0, severity: 'critical' },
  params: Type.Object({}),

  begin: (scope) => start(scope),

  reading(state, reading, out) {
    const { card, sos, gone } = reading.value as Sighting
    if (reading.quality === 'bad' || (sos !== true && state.calls.size === 0)) return
    const call = state.calls.get(card)
    if (sos === true) {
      if (call || state.readers.has(reading.point.id))
        say(state, call ?? { first: undefined, statement: silence() }, { card, active: true, reading, out })
      return
    }
    // A card that was lost has not said that it is well; nor has one that was seen doubtfully.
    if (call && reading.quality === 'good' && !gone) say(state, call, { card, active: false, reading, out })
  },

  save: ({ calls }) =>
    [...calls].map(([card, { first, statement }]) => [card, saveRef(first), saveStatement(statement)]),

  load(saved, scope) {
    const state = start(scope)
    for (const [card, first, statement] of saved as unknown as [string, Json, Json][]) {
      state.calls.set(card, { first: loadRef(first, scope.site), statement: loadStatement(statement) })
    }
    return state
  },
}

function start(scope: Scope<unknown>): State {
  return { scope, readers: new Set(scope.points.map(({ id }) => id)), calls: new Map() }
}

interface Said {
  readonly card: string
  readonly active: boolean
  readonly reading: Reading
  readonly out: Out
}

function say({ scope, calls }: State, call: Call, { card, active, reading, out }: Said): void {
  const latest = entryRef(reading)
  const at = reading.ts
  if (active) call.first ??= latest
  const first = call.first && !sameRef(call.first, latest) ? [refOf(call.first)] : []
  if (note(call.statement, { active, at, clearAfter: scope.instance.clearAfter })) {
    const text = active ? callText(card, { scope, reading }) : wellText(card, reading)
    out.condition({ key: card, truth: active ? 'active' : 'inactive', at, text, evidence: [...first, latest] })
  }
  if (!active) call.first = undefined
  if (calm(call.statement)) calls.delete(card)
  else calls.set(card, call)
}

/** By numbers of card and person, never by name. */
function callText(card: string, { scope, reading }: { scope: Scope<unknown>; reading: Reading }): Text {
  const { zh, en } = pointName(reading.point)
  const person = scope.site.cards.get(card)
  return person
    ? { zh: `${person.id}（标识卡 ${card}）在${zh}求救`, en: `${person.id} (card ${card}) calls for help at ${en}` }
    : {
        zh: `标识卡 ${card}（持卡人不明）在${zh}求救`,
        en: `Card ${card}, which nobody is known to hold, calls for help at ${en}`,
      }
}

function wellText(card: string, { point }: Reading): Text {
  const { zh, en } = pointName(point)
  return { zh: `标识卡 ${card} 不再求救（${zh}）`, en: `Card ${card} no longer calls for help, seen at ${en}` }
}
