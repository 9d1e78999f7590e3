/** Who may say and hear what on the broker: pure decisions on topics and filters. */

/** A client's rights. `*`: every site. */
export interface Access {
  readonly user: string | undefined
  readonly site: string
}

/** Anonymous clients, on loopback. */
export const ANYBODY: Access = { user: undefined, site: '*' }

/** What a publish is: a `reading` for the door, news for `peers` only, `forbidden` to its sender, or on a topic `unknown` here. */
export type Publication = 'reading' | 'peers' | 'forbidden' | 'unknown'

const DAVY = 'davy/v1/'
const SPARKPLUG = 'spBv1.0/'

/** Judges a publish. Nobody but the service itself speaks on `davy/v1/{site}/alarms`. */
export function judgePublish(topic: string, { site }: Access): Publication {
  if (topic.startsWith(DAVY)) {
    const end = topic.indexOf('/', DAVY.length)
    if (site !== '*' && levelAfter(DAVY, topic) !== site) return 'forbidden'
    const alarms = end >= 0 && topic.startsWith('/alarms', end) && (topic[end + 7] ?? '/') === '/'
    if (alarms) return 'forbidden'
    return 'reading'
  }
  if (topic.startsWith(SPARKPLUG)) return site === '*' || levelAfter(SPARKPLUG, topic) === site ? 'peers' : 'forbidden'
  return 'unknown'
}

/** Whether a client may subscribe to a filter: only its own site's topics, or everything but the broker's own `$SYS`. */
export function maySubscribe(filter: string, { site }: Access): boolean {
  if (filter.startsWith('$')) return false
  return site === '*' || ownTopic(filter, site)
}

/** Whether a message on this topic may reach a client, whatever its subscriptions say. */
export function mayHear(topic: string, { site }: Access): boolean {
  return site === '*' || ownTopic(topic, site)
}

function ownTopic(topic: string, site: string): boolean {
  for (const space of [DAVY, SPARKPLUG]) {
    if (topic.startsWith(space)) return levelAfter(space, topic) === site
  }
  return false
}

function levelAfter(prefix: string, topic: string): string {
  const end = topic.indexOf('/', prefix.length)
  return end < 0 ? topic.slice(prefix.length) : topic.slice(prefix.length, end)
}
