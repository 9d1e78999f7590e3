/** Where the page is: kept in the address's hash, so that every view can be bookmarked and sent. */
import { useSyncExternalStore } from 'react'

export interface Route {
  /** First part of the path, `''` for the overview. */
  readonly page: string
  /** What of it is shown: the site, the rule item. */
  readonly name?: string
  /** An alarm whose details are open beside the page. */
  readonly alarm?: string
  readonly params: URLSearchParams
}

/** `#/`, `#/{page}`, `#/{page}/{name}`, each with `?…`; `alarm=` opens the details on any of them. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?')
  const params = new URLSearchParams(query)
  const alarm = params.get('alarm')
  const common = alarm === null ? { params } : { params, alarm }
  const [, page = '', name] = path.split('/')
  return { page, ...(name && { name: decodeURIComponent(name) }), ...common }
}

/** The same page with some parameters changed; `undefined` or `''` takes one away. */
export function withParams(hash: string, change: Readonly<Record<string, string | undefined>>): string {
  const [path = '', query = ''] = hash.split('?')
  const params = new URLSearchParams(query)
  for (const [name, value] of Object.entries(change)) value ? params.set(name, value) : params.delete(name)
  const rest = params.toString()
  return `${path || '#/'}${rest ? `?${rest}` : ''}`
}

export const siteHref = (site: string): string => `#/sites/${encodeURIComponent(site)}`
/** Where a rule item's numbers are tried. */
export const trialHref = (item: string): string => `#/rules/${encodeURIComponent(item)}`

/** Changes parameters of the present address. `replace` leaves no step to go back to. */
export function setParams(change: Readonly<Record<string, string | undefined>>, { replace = false } = {}): void {
  const next = withParams(location.hash, change)
  if (next === location.hash) return
  if (replace) {
    history.replaceState(null, '', next)
    dispatchEvent(new HashChangeEvent('hashchange'))
  } else location.hash = next
}

export const openAlarm = (alarm: string): void => setParams({ alarm })
export const closeAlarm = (): void => setParams({ alarm: undefined })

let known: { hash: string; route: Route } | undefined

function current(): Route {
  if (known?.hash !== location.hash) known = { hash: location.hash, route: parseRoute(location.hash) }
  return known.route
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, current)
}
