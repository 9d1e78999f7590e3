/** What viewers see of personal data: a pseudonym in place of every person and card, wherever the API speaks of one. */
import { RESPONSE } from '../../alerts/escalate.ts'
import { OVERDUE_INSTANCE } from '../../alerts/ledger/overdue.ts'
import { FLOOD } from '../../alerts/surroundings.ts'
import type { Hush, Remark, Transition } from '../../model/alarm.ts'
import type { EntryRef } from '../../model/entry.ts'
import { type KeyKind, replaceSubjects } from '../../model/key.ts'
import type { AlarmRecord, AlarmStore } from '../../model/ports.ts'
import type { Installation, Person, Site } from '../../model/site.ts'
import { FAULT_INSTANCE } from '../../rules/faults.ts'
import { RULES } from '../../rules/index.ts'
import { instanceOf } from '../instance-of.ts'
import { subjectOf } from '../subject-of.ts'
import { type Pseudonym, SIGN } from './pseudonyms.ts'
import { maskName } from './stars.ts'
import { type Lexicon, lexiconOf, replaceWords, siteLexicon, type WordKind } from './words.ts'

/** Masked transitions and alarms remembered: a stream's readers and a list's pages ask for the same ones. */
const REMEMBERED = 5_000

export interface Masking {
  /** A person's or card's number; `card:…` keeps its beginning. */
  number(site: string, number: string): string
  name(site: string, person: Pick<Person, 'id' | 'name'>): string
  /** A reading's value: the card and the person in it. */
  value(site: string, value: EntryRef['value']): EntryRef['value']
  transition(transition: Transition): Transition
  record(record: AlarmRecord): AlarmRecord
  /** A remark on the alarm that `transitions` are of. */
  remark(remark: Remark, transitions: readonly Transition[]): Remark
  /** An alarm's id, where nothing else of it is told. */
  alarm(alarm: string): string
  /** Words that people or rules wrote about a site. */
  text(site: string, text: string): string
  /** The alarm that a viewer means by an id; an id without a pseudonym is returned as it is. Only what is shown under the same id
   *  again may be shown: the real id of a personal alarm finds it, too. */
  find(alarm: string): Promise<string>
}

/** Whether an alarm's key or evidence names a person or a card: then a look at it goes on record. */
export function isPersonal(transition: Transition, installation: Pick<Installation, 'sites' | 'rules'>): boolean {
  const { rule, key } = subjectOf(transition, installation)
  const { evidence } = transition
  const kind = kindOf(rule)
  if (kind && replaceSubjects({ kind, key }, () => '') !== key) return true
  return evidence.some(({ value }) => namesIn(value).length > 0)
}

const NO_WORDS = lexiconOf(new Map())

export function createMasking({
  pseudonym,
  installation,
  alarms,
}: {
  pseudonym: Pseudonym
  installation: () => Installation
  alarms: Pick<AlarmStore, 'beginning'>
}): Masking {
  const lexicons = new WeakMap<Site, Lexicon>()
  const transitions = new Map<string, Transition>()
  /** Pseudonymous id → id. */
  const ids = new Map<string, string>()
  let masked: Installation | undefined

  /** Text of a site; `about`: what it is known to speak of. */
  function say(text: string, { site, about }: { site: string; about: Lexicon }): string {
    const declared = installation().sites.get(site)
    const lexicon = (declared && lexicons.get(declared)) ?? (declared ? siteLexicon(declared) : NO_WORDS)
    if (declared) lexicons.set(declared, lexicon)
    const replace = (word: string, kind: WordKind) => (kind === 'name' ? maskName(word) : pseudonym(site, word))
    return replaceWords(text, { lexicon, extra: about, replace })
  }

  function keyOf({ site, rule, key }: { site: string; rule: string; key: string }): string {
    if (rule === RESPONSE) return reference(key, { site, about: NO_WORDS })
    const kind = kindOf(rule)
    if (!kind) return key
    // Who passed a gate without a name is known by the gate.
    const points = installation().sites.get(site)?.points
    return replaceSubjects({ kind, key }, (subject) => (points?.has(subject) ? subject : pseudonym(site, subject)))
  }

  /** Another alarm, of which nothing but its id is known here. */
  function reference(alarm: string, { site, about }: { site: string; about: Lexicon }): string {
    const instance = instanceOf(installation(), alarm)
    const head = `${site}/`
    if (instance) {
      const begin = `${head}${instance.id}/`
      const { rule } = instance
      return alarm.startsWith(begin) ? begin + keyOf({ site, rule, key: alarm.slice(begin.length) }) : alarm
    }
    const clock = `${head}${RESPONSE}/`
    if (alarm.startsWith(clock)) return clock + reference(alarm.slice(clock.length), { site, about })
    if (BUILT_IN.some((id) => alarm.startsWith(`${head}${id}/`))) return alarm
    // Of a rule item that is no more, so nothing tells whom it names.
    if (alarm.startsWith(head)) return head + pseudonym(site, alarm)
    return say(alarm, { site, about })
  }

  function mask(t: Transition): Transition {
    const { site } = t
    const about = subjectsOf([t], installation())
    const text = (plain: string) => say(plain, { site, about })
    const key = keyOf(t)
    const alarm = t.alarm.slice(0, t.alarm.length - t.key.length) + key
    const hush = ({ by, reason, why, witness, ...rest }: Hush): Hush => ({
      ...rest,
      by: rest.kind === 'suppressed' ? reference(by, { site, about }) : by,
      ...(reason !== undefined && { reason: text(reason) }),
      ...(why && { why: { zh: text(why.zh), en: text(why.en) } }),
      ...(witness !== undefined && { witness: text(witness) }),
    })
    if (alarm !== t.alarm) remember(ids, [alarm, t.alarm])
    return {
      ...t,
      id: alarm + t.id.slice(t.alarm.length),
      alarm,
      key,
      text: { zh: text(t.text.zh), en: text(t.text.en) },
      ...(t.reason !== undefined && { reason: text(t.reason) }),
      ...(t.hush && { hush: hush(t.hush) }),
      ...(t.group !== undefined && { group: reference(t.group, { site, about }) }),
      ...(t.members && {
        members: { ...t.members, alarms: t.members.alarms.map((each) => reference(each, { site, about })) },
      }),
      evidence: t.evidence.map(evidence),
    }
  }

  function evidence(ref: EntryRef): EntryRef {
    if (namesIn(ref.value).length === 0) return ref
    // The source's own id of a sighting leads whoever has its log back to the card.
    const { point, ts, value } = ref
    return { point, ts, value: masking.value(point.siteId, value) }
  }

  const masking: Masking = {
    number(site, number) {
      const bare = number.replace(/^card:/, '')
      return number.slice(0, number.length - bare.length) + pseudonym(site, bare)
    },
    // The people file may give a number and no name, which then stands for it.
    name: (site, { id, name }) => (name === id ? pseudonym(site, id) : maskName(name)),
    value(site, value) {
      if (typeof value !== 'object' || value === null) return value
      const names = Object.entries(value).map(([field, of]) =>
        NAMING.includes(field) && typeof of === 'string' ? [field, pseudonym(site, of)] : [field, of],
      )
      return Object.fromEntries(names)
    },
    transition(transition) {
      // Words that a new configuration declares hold for what is read again, too.
      if (masked !== installation()) transitions.clear()
      masked = installation()
      const before = transitions.get(transition.id)
      // A newer program that judges the journal again may have another event under the id.
      if (before?.offset === transition.offset) return before
      const fresh = mask(transition)
      remember(transitions, [transition.id, fresh])
      return fresh
    },
    record(record) {
      const last = masking.transition(record.last)
      return { ...record, alarm: last.alarm, last }
    },
    remark(remark, of) {
      const site = of[0]?.site ?? ''
      const about = subjectsOf(of, installation())
      const text = (plain: string) => say(plain, { site, about })
      if ('text' in remark) return { ...remark, text: text(remark.text) }
      if ('assigned' in remark) return { ...remark, assigned: text(remark.assigned) }
      return { ...remark, attached: { ...remark.attached, name: text(remark.attached.name) } }
    },
    alarm: (alarm) => reference(alarm, { site: alarm.slice(0, alarm.indexOf('/')), about: NO_WORDS }),
    text: (site, text) => say(text, { site, about: NO_WORDS }),
    async find(alarm) {
      const sign = alarm.indexOf(SIGN)
      if (sign < 0) return alarm
      const seen = ids.get(alarm)
      if (seen !== undefined) return seen
      const prefix = alarm.slice(0, sign).replace(/card:$/, '')
      const site = [...installation().sites.keys()].find((id) => prefix.startsWith(`${id}/`))
      // Without a rule item in front of it, it is none of ours, and would have the whole store looked through.
      if (site === undefined || !prefix.slice(site.length + 1).includes('/')) return alarm
      for (const { alarm: id, rule } of await alarms.beginning(prefix)) {
        // The key of a response clock is a whole id, and begins before what is masked in it.
        const begin = rule === RESPONSE ? `${site}/${RESPONSE}/` : prefix
        if (begin + keyOf({ site, rule, key: id.slice(begin.length) }) !== alarm) continue
        remember(ids, [alarm, id])
        return id
      }
      return alarm
    },
  }
  return masking
}

/** Alarms of the service about itself: their keys are rule items, hazards and desks. */
const BUILT_IN: readonly string[] = [FAULT_INSTANCE.id, OVERDUE_INSTANCE.id, FLOOD]

/** Fields of values that name somebody. */
const NAMING: readonly string[] = ['card', 'person']

function kindOf(rule: string): KeyKind | undefined {
  return RULES.get(rule)?.key
}

function namesIn(value: EntryRef['value']): string[] {
  if (typeof value !== 'object' || value === null) return []
  return NAMING.map((field) => (value as unknown as Record<string, unknown>)[field]).filter(
    (name) => typeof name === 'string',
  )
}

/** Everybody whom an alarm is known to be about, and all that they are known by: unknown cards and the shortest numbers, too. */
function subjectsOf(transitions: readonly Transition[], installation: Installation): Lexicon {
  const site = installation.sites.get(transitions[0]?.site ?? '')
  const found = new Map<string, WordKind>()
  const add = (subject: string) => {
    // A gate stands for who passed it.
    if (site?.points.has(subject)) return
    found.set(subject, 'number')
    const person = site?.people.get(subject) ?? site?.cards.get(subject)
    if (!person) return
    found.set(person.name, 'name')
    for (const number of [person.id, ...person.cards]) found.set(number, 'number')
  }
  for (const transition of transitions) {
    const { evidence } = transition
    const { rule, key } = subjectOf(transition, installation)
    const kind = kindOf(rule)
    if (kind) {
      replaceSubjects({ kind, key }, (subject) => {
        add(subject)
        return subject
      })
    }
    for (const { value } of evidence) for (const name of namesIn(value)) add(name)
  }
  return lexiconOf(found)
}

/** The oldest goes when there are too many. */
function remember<T>(map: Map<string, T>, [key, value]: readonly [string, T]): void {
  map.set(key, value)
  if (map.size > REMEMBERED) map.delete(map.keys().next().value!)
}
