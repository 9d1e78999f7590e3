/** Who may say and hear what on the broker: pure decisions on topics and filters. */

/** A client's rights. `*`: every site. */
export interface Access {
  readonly user: string | undefined
  readonly site: string
  /** Sparkplug groups that belong to the site. */
  readonly groups: ReadonlySet<string>
}

const NO_GROUPS: ReadonlySet<string> = new Set()

/** Anonymous clients, on loopback. */
export const ANYBODY: Access = { user: undefined, site: '*', groups: NO_GROUPS }
/** A client that has not said who it is, or is gone. */
export const NOBODY: Access = { user: undefined, site: '', groups: NO_GROUPS }

/** What a publish is: a `reading` for the door, news for `peers` only, `forbidden` to its sender, or on a topic `unknown` here. */
export type Publication = 'reading' | 'peers' | 'forbidden' | 'unknown'

const DAVY = 'davy/v1/'
const SPARKPLUG = 'spBv1.0/'
/** In the place of a group: whether a host application is there. */
const STATE = 'STATE'

/** The rights of a user; `groups` names the site of those groups that are not called as their site is. */
export function accessOf(
  { user, site }: { readonly user: string; readonly site: string },
  groups: Readonly<Record<string, string>>,
): Access {
  const own = new Set(Object.keys(groups).filter((group) => groups[group] === site))
  if (!Object.hasOwn(groups, site)) own.add(site)
  return { user, site, groups: own }
}

/** Judges a publish. Nobody but the service itself speaks on `davy/v1/{site}/alarms`, nor of whether it is there (`host`). */
export function judgePublish(topic: string, { site, groups }: Access, host?: string): Publication {
  if (topic.startsWith(DAVY)) {
    const end = topic.indexOf('/', DAVY.length)
    if (site !== '*' && levelAfter(DAVY, topic) !== site) return 'forbidden'
    const alarms = end >= 0 && topic.startsWith('/alarms', end) && (topic[end + 7] ?? '/') === '/'
    if (alarms) return 'forbidden'
    return 'reading'
  }
  if (topic.startsWith(SPARKPLUG)) {
    const group = levelAfter(SPARKPLUG, topic)
    if (group === STATE) return site === '*' && topic !== `${SPARKPLUG}${STATE}/${host}` ? 'peers' : 'forbidden'
    return site === '*' || groups.has(group) ? 'reading' : 'forbidden'
  }
  return 'unknown'
}

/** What a dead letter says of a forbidden publish: who it was, and where it may publish. No secrets, and a bounded length. */
export function explainForbidden(
  { user, site, groups }: Access,
  { client, address }: { readonly client: string; readonly address: string },
): string {
  const who = `client ${quote(client)} ${user === undefined ? 'without a user' : `of user ${quote(user)}`} at ${address}`
  if (site === '*') return `${who} may not speak for the service itself: of alarms, or of whether it is there`
  if (site === '') return `${who} has not said who it is`
  const names = [...groups].slice(0, 10).map(quote).join(', ')
  const more = groups.size > 10 ? ` and ${groups.size - 10} more` : ''
  const nodes = groups.size === 0 ? 'in no Sparkplug group' : `in Sparkplug group ${names}${more}`
  return `${who} may publish on davy/v1/${quote(site).slice(1, -1)} and below it, its alarms apart, and ${nodes}`
}

/** As it stands, but for what would break a line, and no longer than a name may reasonably be. */
const quote = (name: string) => JSON.stringify(name.slice(0, 100))

/** Whether a client may subscribe to a filter: only its own site's topics, or everything but the broker's own `$SYS`. */
export function maySubscribe(filter: string, access: Access): boolean {
  if (filter.startsWith('$')) return false
  return access.site === '*' || ownTopic(filter, access)
}

/** Whether a message on this topic may reach a client, whatever its subscriptions say. */
export function mayHear(topic: string, access: Access): boolean {
  return access.site === '*' || ownTopic(topic, access)
}

function ownTopic(topic: string, { site, groups }: Access): boolean {
  if (topic.startsWith(DAVY)) return levelAfter(DAVY, topic) === site
  if (!topic.startsWith(SPARKPLUG)) return false
  const group = levelAfter(SPARKPLUG, topic)
  return group === STATE || groups.has(group)
}

function levelAfter(prefix: string, topic: string): string {
  const end = topic.indexOf('/', prefix.length)
  return end < 0 ? topic.slice(prefix.length) : topic.slice(prefix.length, end)
}
