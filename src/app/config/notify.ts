/** What `notify:` names must be there: channels, recipients and their addresses, sites, rules, zones, placeholders. */
import { CHANNELS } from '../../adapters/channels.ts'
import { RESPONSE } from '../../alerts/escalate.ts'
import { OVERDUE_INSTANCE } from '../../alerts/ledger/overdue.ts'
import { FLOOD } from '../../alerts/surroundings.ts'
import { DUTY_LEVELS, type DutyDesk } from '../../model/duty.ts'
import type { Recipient } from '../../model/notification.ts'
import type { RuleInstance } from '../../model/rule.ts'
import { HOUR, zoneExists } from '../../model/time.ts'
import { FAULT_INSTANCE } from '../../rules/faults.ts'
import { contactsOf } from '../notify/contacts.ts'
import { PLACEHOLDERS } from '../notify/placeholders.ts'
import type { NotifySettings, RouteSettings } from '../notify/settings.ts'
import { placeholdersOf } from '../notify/templates.ts'
import type { Path, YamlFile } from './document.ts'
import { type Known, unknownName } from './known.ts'
import type { SiteNames } from './names.ts'
import { didYouMean } from './nearest.ts'
import type { Problems } from './problem.ts'

interface Context {
  readonly yaml: YamlFile
  readonly names: SiteNames
  readonly rules: readonly RuleInstance[]
  /** Ids of rule items, and of duty desks, those of broken ones included. */
  readonly items: Known
  readonly deskNames: Known
  /** Names of channels, those of broken ones included. */
  readonly channelNames: readonly string[]
  /** `undefined` where they could not be read. */
  readonly desks: readonly DutyDesk[] | undefined
  readonly problems: Problems
}

interface Wanted extends Known {
  readonly path: Path
  readonly what: string
}

/** What the channels that a file declares are called, whatever else is wrong with them. */
export function namedChannels(file: unknown): string[] {
  const { channels } = (file as { notify?: { channels?: unknown } | null } | null)?.notify ?? {}
  if (!Array.isArray(channels)) return []
  return channels.map((channel: { name?: unknown; adapter?: unknown } | null) =>
    String(channel?.name ?? channel?.adapter),
  )
}

export async function checkNotify(notify: NotifySettings, context: Context): Promise<void> {
  const { yaml, problems } = context
  const wrong = (path: Path, message: string) => problems.error(yaml.place(['notify', ...path]), message)
  const { recipients, quiet, channels, routes } = notify
  const seen = new Set<string>()
  for (const [i, { name }] of recipients.entries()) {
    if (seen.has(name)) wrong(['recipients', i, 'name'], `recipient "${name}" is already declared`)
    seen.add(name)
  }
  if (quiet && !zoneExists(quiet.timezone)) {
    wrong(['quiet', 'timezone'], `unknown time zone "${quiet.timezone}"; use an IANA name such as Asia/Shanghai`)
  }
  for (const [i, { rate }] of channels.entries()) {
    if (rate && rate.per > HOUR) wrong(['channels', i, 'rate', 'per'], 'a rate is counted over at most 1h')
  }
  for (const [i, route] of routes.entries()) await checkRoute(route, { ...context, notify, under: ['routes', i] })
  if (routes.length === 0) await checkReach(notify, { ...context, notify, under: [] })
  checkContacts(notify, context)
  checkTemplates(notify, context)
}

/** Alarms that no configured rule raises. */
const OWN = [FAULT_INSTANCE.id, FLOOD, RESPONSE, OVERDUE_INSTANCE.id]

type RouteContext = Context & { readonly notify: NotifySettings; readonly under: Path }

async function checkRoute(route: RouteSettings, context: RouteContext): Promise<void> {
  const { notify, under, names, rules, items, deskNames, channelNames } = context
  const { match, to, recipients } = route
  const channels = notify.channels.map(({ name }) => name)
  const broken = (name: string) => channelNames.includes(name)
  checkWords(to, { path: [...under, 'to'], what: 'channel', names: channels, maybe: broken }, context)
  const people = notify.recipients.map(({ name }) => name)
  checkWords(recipients, { path: [...under, 'recipients'], what: 'recipient', names: people }, context)
  const matched = (key: string) => [...under, 'match', key]
  checkWords(match.site, { path: matched('site'), what: 'site', ...names.sites }, context)
  const raised = [...rules.map(({ rule }) => rule), ...items.names, ...OWN]
  checkWords(match.rule, { path: matched('rule'), what: 'rule', names: raised, maybe: items.maybe }, context)
  checkWords(match.region, { path: matched('region'), what: 'region', ...names.regions }, context)
  checkWords(match.work, { path: matched('work'), what: 'kind of work', ...names.work }, context)
  checkWords(match.desk, { path: matched('desk'), what: 'desk', ...deskNames }, context)
  checkWords(match.level, { path: matched('level'), what: 'level of the duty tree', names: DUTY_LEVELS }, context)
  await checkReach(route, context)
}

function checkWords(
  wanted: string | readonly string[] | undefined,
  { path, ...known }: Wanted,
  { yaml, problems }: Context,
): void {
  for (const [i, word] of (typeof wanted === 'string' ? [wanted] : (wanted ?? [])).entries()) {
    const message = unknownName(word, known)
    if (message === undefined) continue
    const at = typeof wanted === 'string' ? path : [...path, i]
    problems.error(yaml.place(['notify', ...at]), message)
  }
}

/** Contacts of desks are recipients, wherever a route asks for them. */
function checkContacts({ routes, recipients }: NotifySettings, { yaml, desks, problems }: Context): void {
  const asking = routes.findIndex(({ contacts }) => contacts)
  if (asking < 0 || !desks) return
  const wrong = (message: string) => problems.error(yaml.place(['notify', 'routes', asking, 'contacts']), message)
  if (desks.length === 0) wrong('duty.yaml declares no desks, so that there are no contacts')
  const names = recipients.map(({ name }) => name)
  for (const { id, contacts } of desks) {
    for (const name of contacts) {
      if (!names.includes(name)) wrong(`contact "${name}" of desk "${id}" is no recipient${didYouMean(name, names)}`)
    }
  }
}

/** Mail and SMS go to somebody; where to the contacts of desks, at each desk. */
async function checkReach(
  route: {
    readonly to?: readonly string[]
    readonly recipients: readonly (string | { readonly name: string })[]
    readonly contacts?: boolean
  },
  { notify, under, desks, yaml, problems }: RouteContext,
): Promise<void> {
  if (route.contacts && !desks) return
  const names = route.recipients.map((each) => (typeof each === 'string' ? each : each.name))
  const people = notify.recipients.filter(({ name }) => names.includes(name))
  const called = route.contacts
    ? desks!.map(({ id, contacts }) => ({ id, people: contactsOf({ contacts }, notify.recipients) }))
    : []
  for (const { name, adapter } of notify.channels) {
    if (route.to && !route.to.includes(name)) continue
    const { reach } = await CHANNELS[adapter]!()
    const reached = (some: readonly Recipient[]) =>
      reach === 'group' || some.some((person) => person[reach] !== undefined)
    if (reached(people)) continue
    const deaf = called.filter((desk) => !reached(desk.people))
    if (deaf.length === called.length) {
      const place = yaml.place(['notify', ...under, 'recipients'])
      problems.error(place, `nobody here has a "${reach}", so that channel "${name}" has nobody to send to`)
      continue
    }
    for (const { id } of deaf) {
      const place = yaml.place(['notify', ...under, 'contacts'])
      problems.warn(place, `no contact of desk "${id}" has a "${reach}", so that channel "${name}" tells nobody there`)
    }
  }
}

function checkTemplates({ templates }: NotifySettings, { yaml, problems }: Context): void {
  const known = Object.keys(PLACEHOLDERS)
  for (const language of ['zh', 'en'] as const) {
    for (const [form, template] of Object.entries(templates[language])) {
      for (const name of placeholdersOf(template)) {
        if (known.includes(name)) continue
        const hint = didYouMean(name, known) || `; known: ${known.join(', ')}`
        problems.error(yaml.place(['notify', 'templates', language, form]), `unknown placeholder {${name}}${hint}`)
      }
    }
  }
}
