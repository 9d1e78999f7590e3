/** Who is told of a transition: a pure function of it, the installation and the routes. */
import { OUTGROWN, type Severity, type Transition } from '../../model/alarm.ts'
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
    targetsOf(route, { settings, reachOf, called })

  return {
    targetsOf(transition, installation) {
      // Shelved, suppressed or out of service: true, and not told to people.
      if (transition.hush || isOldNews(transition)) return []
      const site = installation.sites.get(transition.site)
      const found = new Map<string, Target>()
      const called = contactsOf(calledDesk(transition, installation), everybody)
      for (const route of routes) {
        if (!fits(transition, { match: route.match, site })) continue
        for (const target of reaching(route, route.contacts ? called : [])) {
          const once = keyOf(target.channel, target.recipients.map(({ name }) => name).join('\n'))
          if (!found.has(once)) found.set(once, target)
        }
      }
      return [...found.values()]
    },
    find({ channel, id }, { duty }) {
      const people = peopleOf(id)
      let same: Target | undefined
      for (const route of routes) {
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
    },
  }
}

/** Whom a target's id names, without how they are told. */
function peopleOf(id: string): string {
  return id.slice(id.indexOf('/') + 1)
}

/** What kept an alarm from people has ended: they are told of it now, unless it is over or acknowledged, one of them ended it, or what
 *  ended it was told the step before: that it became graver. */
function isOldNews({ cause, to, by, reason }: Transition): boolean {
  if (cause === 'unsuppressed') return to !== 'unacked'
  if (cause === 'unshelved' && reason === OUTGROWN) return true
  return (cause === 'unshelved' || cause === 'in-service') && (to !== 'unacked' || by !== undefined)
}

function keyOf(channel: string, rest: string): string {
  return `${channel}\n${rest}`
}

/** Without routes, what is grave goes everywhere to everybody. */
function routesOf({ routes, channels, recipients }: NotifySettings): readonly RouteSettings[] {
  if (routes.length > 0 || channels.length === 0) return routes
  const everybody = recipients.map(({ name }) => name)
  return [{ match: {}, to: channels.map(({ name }) => name), recipients: everybody, contacts: false, names: false }]
}

function targetsOf(
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
    const shared = { channel, language, names, group }
    const form = `${language}${names ? '+names' : ''}`
    if (reach === 'group') {
      const names = people.map(({ name }) => name).join(',')
      return [{ ...shared, id: `${form}/${names}`, recipients: people }]
    }
    return people
      .filter((person) => person[reach] !== undefined)
      .map((person) => ({ ...shared, id: `${form}/${person.name}`, recipients: [person] }))
  })
}

function fits(
  transition: Transition,
  { match, site }: { match: RouteSettings['match']; site: Site | undefined },
): boolean {
  const { severity = USUAL, cause = TOLD, region, work } = match
  if (!severity.includes(transition.severity) || !cause.includes(transition.cause)) return false
  const { desk, level } = transition
  return (
    among(match.site, transition.site) &&
    (match.rule === undefined || among(match.rule, transition.rule) || among(match.rule, transition.instance)) &&
    among(match.desk, desk) &&
    among(match.level, level) &&
    (region === undefined || listOf(region).some((part) => lies(site?.region, part))) &&
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
