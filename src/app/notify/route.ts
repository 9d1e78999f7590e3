/** Who is told of a transition: a pure function of it, the installation and the routes. */
import type { Cause, Severity, Transition } from '../../model/alarm.ts'
import type { ChannelAdapter, Recipient } from '../../model/notification.ts'
import { shiftAt } from '../../model/shift.ts'
import type { Installation, Site } from '../../model/site.ts'
import type { Duration } from '../../model/time.ts'
import { calledDesk, contactsOf } from './contacts.ts'
import { type Language, type NotifySettings, type RouteSettings, TOLD } from './settings.ts'

/** One address of one route on one channel: what is told to it may share messages. */
export interface Target {
  /** Unique on the channel, the same after a restart. */
  readonly id: string
  readonly channel: string
  readonly recipients: readonly Recipient[]
  readonly language: Language
  /** Whether numbers of people and cards are written in full. */
  readonly names: boolean
  readonly group: Duration
}

export interface Router {
  /** None for what is not told to people; a channel's same recipients at most once. */
  targetsOf(transition: Transition, installation: Installation): readonly Target[]
  /** Of those who were told that an alarm stands, newest first, whom `targetsOf` leaves out of its end: whoever was called while it stood at
   *  another desk, was graver, or in another shift. Nobody whose route asks for no ends; a group hears it once. */
  restOf(
    end: Transition,
    before: { readonly installation: Installation; readonly told: readonly Pick<Target, 'channel' | 'id'>[] },
  ): readonly Target[]
  /** The target of that id, if a route still has it; else the one of the same people, who are told as is configured now. */
  find(target: Pick<Target, 'channel' | 'id'>, installation: Installation): Target | undefined
}

const USUAL: readonly Severity[] = ['critical', 'major']

export function createRouter(
  settings: NotifySettings,
  reachOf: (channel: string) => ChannelAdapter['reach'] | undefined,
): Router {
  const routes = routesOf(settings)
  const everybody = settings.recipients
  const reaching = (route: RouteSettings, called: readonly Recipient[]) =>
    addressesOf(route, { settings, reachOf, called })

  function targetsOf(transition: Transition, installation: Installation): readonly Target[] {
    // Shelved, suppressed or out of service: true, and not told to people.
    if (transition.hush || isOldNews(transition)) return []
    const site = installation.sites.get(transition.site)
    const found = new Map<string, Target>()
    const called = contactsOf(calledDesk(transition, installation), everybody)
    for (const route of routes) {
      if (!concerns(route.match, { transition, site }) || !stands(route.match, { transition, site })) continue
      for (const target of reaching(route, route.contacts ? called : [])) {
        const once = onceOf(target)
        if (!found.has(once)) found.set(once, target)
      }
    }
    return [...found.values()]
  }

  function find(
    { channel, id }: Pick<Target, 'channel' | 'id'>,
    { duty, among: some }: { readonly duty: Installation['duty']; readonly among: readonly RouteSettings[] },
  ): Target | undefined {
    const people = peopleOf(id)
    let same: Target | undefined
    for (const route of some) {
      // Whoever is a contact no more is told what waits for them all the same.
      const called = route.contacts
        ? [[], ...(duty?.desks ?? []).map((desk) => contactsOf(desk, everybody)), everybody]
        : [[]]
      for (const target of called.flatMap((contacts) => reaching(route, contacts))) {
        if (target.channel !== channel) continue
        if (target.id === id) return target
        if (peopleOf(target.id) === people) same ??= { ...target, id }
      }
    }
    return same
  }

  return {
    targetsOf,
    restOf(end, { installation, told }) {
      if (end.hush) return []
      const site = installation.sites.get(end.site)
      const some = routes.filter(({ match }) => concerns(match, { transition: end, site }))
      const heard = (target: Target) => (reachOf(target.channel) === 'group' ? target.channel : onceOf(target))
      const reached = new Set(targetsOf(end, installation).map(heard))
      return told.flatMap((address) => {
        const target = find(address, { duty: installation.duty, among: some })
        if (!target || reached.has(heard(target))) return []
        reached.add(heard(target))
        return target
      })
    },
    find: (target, { duty }) => find(target, { duty, among: routes }),
  }
}

/** Whom a target's id names, without how they are told. */
function peopleOf(id: string): string {
  return id.slice(id.indexOf('/') + 1)
}

/** What kept an alarm from people has ended: they are told of it now, unless it is over or acknowledged, or one of them ended it. */
function isOldNews({ cause, to, by }: Transition): boolean {
  if (cause === 'unsuppressed') return to !== 'unacked'
  return (cause === 'unshelved' || cause === 'in-service') && (to !== 'unacked' || by !== undefined)
}

/** A channel's same people, however they are told. */
function onceOf({ channel, recipients }: Target): string {
  return [channel, ...recipients.map(({ name }) => name)].join('\n')
}

/** Without routes, what is grave goes everywhere to everybody. */
function routesOf({ routes, channels, recipients }: NotifySettings): readonly RouteSettings[] {
  if (routes.length > 0 || channels.length === 0) return routes
  const everybody = recipients.map(({ name }) => name)
  return [{ match: {}, to: channels.map(({ name }) => name), recipients: everybody, contacts: false, names: false }]
}

function addressesOf(
  route: RouteSettings,
  {
    settings,
    reachOf,
    called,
  }: {
    settings: NotifySettings
    reachOf: (channel: string) => ChannelAdapter['reach'] | undefined
    called: readonly Recipient[]
  },
): Target[] {
  const people = settings.recipients.filter((each) => route.recipients.includes(each.name) || called.includes(each))
  const { language = settings.language, names, group = settings.group } = route
  return route.to.flatMap((channel): Target[] => {
    const reach = reachOf(channel)
    if (reach === undefined) return []
    const target = (recipients: readonly Recipient[], own: Language): Target => {
      const called = recipients.map(({ name }) => name).join(',')
      return { id: `${own}${names ? '+names' : ''}/${called}`, channel, recipients, language: own, names, group }
    }
    if (reach === 'group') return [target(people, language)]
    return people
      .filter((person) => person[reach] !== undefined)
      .map((person) => target([person], person.language ?? language))
  })
}

type Match = RouteSettings['match']
type Judged = { readonly transition: Transition; readonly site: Site | undefined }

/** Whether it is a route's news, by what stays the same all an alarm's life, and what happened to it. */
function concerns({ site: sites, region, rule, cause }: Match, { transition, site }: Judged): boolean {
  const causes: readonly Cause[] = cause ?? TOLD
  return (
    causes.includes(transition.cause) &&
    among(sites, transition.site) &&
    (rule === undefined || among(rule, transition.rule) || among(rule, transition.instance)) &&
    (region === undefined || listOf(region).some((part) => lies(site?.region, part)))
  )
}

/** And by what changes. */
function stands({ severity, desk, level, work }: Match, { transition, site }: Judged): boolean {
  const severities: readonly Severity[] = severity ?? USUAL
  return (
    severities.includes(transition.severity) &&
    among(desk, transition.desk) &&
    among(level, transition.level) &&
    (work === undefined || (site !== undefined && among(work, workAt(site, transition.at))))
  )
}

function listOf(wanted: string | readonly string[]): readonly string[] {
  return typeof wanted === 'string' ? [wanted] : wanted
}

function among(wanted: string | readonly string[] | undefined, found: string | undefined): boolean {
  return wanted === undefined || (found !== undefined && listOf(wanted).includes(found))
}

function lies(region: string | undefined, part: string): boolean {
  return region === part || (region?.startsWith(`${part}/`) ?? false)
}

function workAt({ shifts, timezone }: Site, at: number): string | undefined {
  return shiftAt(at, { shifts, zone: timezone })?.shift.work
}
