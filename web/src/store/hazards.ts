/** Hazards (隐患): what may be done to one, by whom, and the doing of it. */
import { ask } from '../api/http.ts'
import type { HazardBody, HazardDeedBody, SessionBody } from '../api/types.ts'
import { includes } from './may.ts'

export type Deed =
  | 'assign'
  | 'rectify'
  | 'verify'
  | 'reject'
  | 'close'
  | 'supervise'
  | 'lift'
  | 'extend'
  | 'reopen'
  | 'comment'

/** Deeds that move it on, by state; the service has the same table and the last word. */
const MOVES: Readonly<Record<HazardBody['state'], readonly Deed[]>> = {
  open: ['assign', 'rectify'],
  assigned: ['rectify', 'assign'],
  rectified: ['verify', 'reject'],
  verified: ['close', 'reject'],
  closed: ['reopen'],
}

const OPERATORS: ReadonlySet<Deed> = new Set(['assign', 'rectify', 'comment'])

/** What the user may do to the hazard as it stands, what moves it on first. */
export function deedsOf(hazard: HazardBody, who: Pick<SessionBody, 'user' | 'role'>): readonly Deed[] {
  const { state, supervision } = hazard
  const standing: readonly Deed[] = state === 'closed' ? [] : ['extend', supervision ? 'lift' : 'supervise']
  return [...MOVES[state], ...standing, 'comment' as const].filter((deed) => {
    if (deed === 'verify' && mended(hazard, who.user)) return false
    // An order on it is lifted first.
    if (deed === 'close' && supervision) return false
    return includes(who.role, OPERATORS.has(deed) ? 'operator' : 'supervisor')
  })
}

/** Whether the user mended it, or was to: somebody else has to verify it. */
export const mended = ({ rectification, owner }: HazardBody, user: string): boolean =>
  rectification?.by === user || owner === user

/** Resolves with the hazard as it is then; rejects with the service's `Problem`. */
export function carryOut(
  hazard: string,
  { deed, ...body }: HazardDeedBody & { readonly deed: Deed },
): Promise<HazardBody> {
  return ask<HazardBody>(`hazards/${encodeURIComponent(hazard)}/${deed}`, { method: 'POST', body })
}

export const hazardHref = (hazard: string): string => `#/hazards/${encodeURIComponent(hazard)}`
