/** News of links for the event stream: what changed since it was last told. */
import type { Service } from '../service.ts'
import type { LinksEvent, TrafficEvent } from './schemas-links.ts'
import { forwardBody, linkBody, sourceBody, wayBody } from './views.ts'

export interface LinkNews {
  /** Every link as it stands. */
  now(): LinksEvent
  /** The same, where a link's state is another than when it was last asked for here. */
  changed(): LinksEvent | undefined
  /** Sources and ways up that carried something since it was last asked for here. */
  traffic(): TrafficEvent | undefined
}

/** One a hub: what is told is told to all of its readers. */
export function createLinkNews(service: Pick<Service, 'sources' | 'forwards'>): LinkNews {
  const now = (): LinksEvent => ({
    sources: service.sources().map(linkBody),
    forwards: service.forwards().map(wayBody),
  })
  let told = JSON.stringify(now())
  let counted = new Map<string, string>()

  return {
    now,
    changed() {
      const links = now()
      const before = told
      told = JSON.stringify(links)
      return told === before ? undefined : links
    },
    traffic() {
      const known = counted
      counted = new Map()
      const fresh = <T extends { readonly name: string }>(way: string, body: T): boolean => {
        const written = JSON.stringify(body)
        counted.set(`${way}\n${body.name}`, written)
        return known.get(`${way}\n${body.name}`) !== written
      }
      const sources = service
        .sources()
        .map(sourceBody)
        .filter((body) => fresh('source', body))
      const forwards = service
        .forwards()
        .map(forwardBody)
        .filter((body) => fresh('forward', body))
      return sources.length + forwards.length > 0 ? { sources, forwards } : undefined
    },
  }
}
