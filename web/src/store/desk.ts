/** What the desk knows: the session, the stream's health, sites, standing alarms and links, and the pure steps between. */
import type { Problem } from '../api/http.ts'
import type { AlarmBody, SessionBody, SiteView } from '../api/types.ts'
import type { Links } from './links.ts'
import { createStore, useStore } from './store.ts'

/** Something fetched: nothing yet, a value, or a value whose last refresh failed. */
export interface Loaded<T> {
  readonly value?: T
  readonly problem?: Problem
}

export type Session =
  | { readonly state: 'unknown'; readonly problem?: Problem }
  | { readonly state: 'out'; readonly expired: boolean }
  | { readonly state: 'in'; readonly who: SessionBody }

export interface StreamHealth {
  readonly state: 'connecting' | 'live' | 'lost'
  /** Since when, by this computer's clock; when lost, the last time anything was heard. */
  readonly since: number
}

export interface Desk {
  readonly session: Session
  readonly stream: StreamHealth
  /** The service's clock less this computer's, milliseconds. */
  readonly skew: number
  readonly sites: Loaded<readonly SiteView[]>
  /** By alarm id: active or unacknowledged ones. */
  readonly alarms: Loaded<ReadonlyMap<string, AlarmBody>>
  /** Alarms whose acknowledgement was sent and is not answered yet. */
  readonly pending: ReadonlySet<string>
  readonly links: Loaded<Links>
}

export const EMPTY: Desk = {
  session: { state: 'unknown' },
  stream: { state: 'connecting', since: 0 },
  skew: 0,
  sites: {},
  alarms: {},
  pending: new Set(),
  links: {},
}

export const desk = createStore<Desk>(EMPTY)

export function useDesk<T>(select: (state: Desk) => T): T {
  return useStore(desk, select)
}

/** A refresh that failed keeps the old value beside the problem. */
export function failed<T>(before: Loaded<T>, problem: Problem): Loaded<T> {
  return before.value === undefined ? { problem } : { value: before.value, problem }
}
