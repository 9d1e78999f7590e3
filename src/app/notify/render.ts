/** Transitions put into one message, in the form a channel asks for. */
import { SEVERITIES, type Transition } from '../../model/alarm.ts'
import type { Json } from '../../model/json.ts'
import type { ChannelAdapter, Message, WaitingItem } from '../../model/notification.ts'
import type { Installation } from '../../model/site.ts'
import type { Instant } from '../../model/time.ts'
import type { Disguise } from '../privacy/disguise.ts'
import { serialiseTransition } from '../wire.ts'
import { factsOf, linkTo } from './facts.ts'
import { escapeHtml, htmlOf } from './html.ts'
import type { Names } from './names.ts'
import type { Facts } from './placeholders.ts'
import type { Target } from './route.ts'
import type { Templates } from './settings.ts'
import { cut, type Form, fill, type Tongue, templateOf } from './templates.ts'
import { COLOUR_WORDS, WORDS } from './words.ts'

/** Characters of one SMS. */
const SMS = 70
/** Alarms that a text about several names; the others it counts. */
export const NAMED = { short: 1, markdown: 20, mail: 200, event: 1 } as const

export interface Composing {
  readonly target: Target
  readonly form: ChannelAdapter['form']
  readonly templates: Templates
  readonly baseUrl: string | undefined
  readonly installation: Installation
  readonly hiding: Names
  /** Makes ids of messages. */
  readonly digest: Disguise['digest']
  readonly now: Instant
}

/** The same items on the same target make the same id. Items are at least one, the most severe first and with their transitions. */
export function compose(items: readonly WaitingItem[], composing: Composing): Message {
  const { target, form, now, hiding } = composing
  const first = items[0]!
  const told = items.flatMap(({ transition }) => transition ?? [])
  const tongues: readonly Tongue[] = target.language === 'both' ? ['zh', 'en'] : [target.language]
  const written = tongues.map((language) => write(told, { ...composing, language, items }))
  const titles = written.map(({ title }) => title).join(' / ')
  const text = written.map(({ text }) => text).join(form === 'short' ? '\n' : '\n\n')
  return {
    id: idOf(items, composing),
    at: now,
    severity: first.severity,
    title: titles,
    text,
    ...(form === 'mail' && { html: htmlOf(written, { severity: first.severity, title: titles }) }),
    ...(form === 'event' && { data: dataOf(told, composing) }),
    ...(items.length === 1 && { subject: forSystems(told[0]!, { target, hiding }).alarm }),
    recipients: target.recipients,
  }
}

/** A message of items that cannot be put into words: how many and how severe they are, and where to look. */
export function composeBare(
  items: readonly WaitingItem[],
  { target, form, baseUrl, now, digest }: Pick<Composing, 'target' | 'form' | 'baseUrl' | 'now' | 'digest'>,
): Message {
  const first = items[0]!
  const title = cut(
    (['zh', 'en'] as const)
      .map((language) => `${COLOUR_WORDS[first.severity][language]} ${WORDS.alarms[language](items.length)}`)
      .join(' / '),
    SMS,
  )
  const page = pageOf(baseUrl)
  return {
    id: idOf(items, { target, digest }),
    at: now,
    severity: first.severity,
    title,
    text: form === 'short' ? title : [title, ...page].join('\n'),
    ...(form === 'event' && { data: { transitions: [] } }),
    recipients: target.recipients,
  }
}

function pageOf(baseUrl: string | undefined): readonly string[] {
  return baseUrl === undefined ? [] : [`${baseUrl.replace(/\/$/, '')}/#/alarms`]
}

/** A message that says of itself that it is a test. */
export function composeTest({
  id,
  target,
  form,
  now,
}: Pick<Composing, 'target' | 'form' | 'now'> & { readonly id: string }): Message {
  const title = `${WORDS.test.zh} / ${WORDS.test.en}`
  return {
    id,
    at: now,
    severity: 'notice',
    title: cut(title, SMS),
    text: form === 'short' ? cut(WORDS.test.zh, SMS) : `${WORDS.test.zh}\n${WORDS.test.en}`,
    ...(form === 'mail' && { html: `<p>${escapeHtml(WORDS.test.zh)}</p><p>${escapeHtml(WORDS.test.en)}</p>` }),
    ...(form === 'event' && { data: { test: true, transitions: [] } }),
    recipients: target.recipients,
  }
}

/** It goes with the message: a plain hash of ids would tell whom they name to whoever tries all cards. */
function idOf(items: readonly WaitingItem[], { target, digest }: Pick<Composing, 'target' | 'digest'>): string {
  return digest([items[0]!.channel, target.id, ...items.map(({ id }) => id)].join('\n'))
}

/** As an event holds it. */
function forSystems(transition: Transition, { target, hiding }: Pick<Composing, 'target' | 'hiding'>): Transition {
  return target.names ? transition : hiding.pseudonyms(transition)
}

function write(
  told: readonly Transition[],
  {
    language,
    form,
    templates,
    target,
    installation,
    baseUrl,
    hiding,
    items,
  }: Composing & { readonly language: Tongue; readonly items: readonly WaitingItem[] },
): { title: string; text: string } {
  const facts = (transition: Transition): Facts => {
    const given = factsOf(transition, { language, installation, baseUrl, hiding, names: target.names })
    return form === 'markdown' ? plain(given) : given
  }
  const filled = (of: Form, transition: Transition) =>
    fill(templateOf(of, { language, own: templates }), facts(transition))
  const only = told[0]!
  if (items.length === 1) {
    const body = { short: 'short', markdown: 'medium', mail: 'long', event: 'short' } as const
    const text = filled(body[form], only)
    return { title: filled('title', only), text: form === 'short' ? cut(text, SMS) : text }
  }
  const head = `${WORDS.alarms[language](items.length)}（${countsOf(items, language)}）`
  const title = language === 'zh' ? head : head.replace('（', ' (').replace('）', ')')
  const named = NAMED[form]
  const lines = told.slice(0, named).map((transition) => filled('line', transition))
  if (form === 'short') return { title, text: cut(`${title} ${lines[0]}`, SMS) }
  const rest = items.length > lines.length ? [WORDS.others[language](items.length - lines.length)] : []
  return { title, text: [...lines, ...rest, ...pageOf(baseUrl)].join('\n') }
}

/** A card's number or a declared name may hold anything: in a group it makes no link, no picture and no line of its own. */
function plain({ link, ...facts }: Facts): Facts {
  const inert = (fact: string) => fact.replace(/\s+/g, ' ').replaceAll('[', '［').replaceAll(']', '］')
  const entries = Object.entries(facts).map(([name, fact]) => [name, inert(fact)])
  return { ...(Object.fromEntries(entries) as Omit<Facts, 'link'>), link }
}

/** `红 2，橙 5`. */
function countsOf(items: readonly WaitingItem[], language: Tongue): string {
  return SEVERITIES.flatMap((severity) => {
    const count = items.filter((item) => item.severity === severity).length
    return count === 0 ? [] : `${COLOUR_WORDS[severity][language]} ${count}`
  }).join(language === 'zh' ? '，' : ', ')
}

/** All of them, as every sink sees them; without `names` as viewers do, also their ids. */
function dataOf(told: readonly Transition[], composing: Composing): Json {
  const { installation, baseUrl, hiding } = composing
  const transitions = told.map((transition) => {
    const body = serialiseTransition(forSystems(transition, composing), installation)
    const url = linkTo(hiding.link(transition), baseUrl)
    return { ...body, ...(url !== '' && { url }) }
  })
  return { transitions } as unknown as Json
}
