/** What the signed-in user may do, so that the page offers nothing the service would refuse. */
import type { SessionBody } from '../api/types.ts'
import { useDesk } from './desk.ts'

const RANK: Readonly<Record<SessionBody['role'], number>> = {
  source: 0,
  viewer: 1,
  operator: 2,
  supervisor: 3,
  admin: 4,
}

/** Whether a role includes another. */
export const includes = (role: SessionBody['role'], needed: SessionBody['role']): boolean => RANK[role] >= RANK[needed]

export function useMay(needed: SessionBody['role']): boolean {
  return useDesk((d) => d.session.state === 'in' && includes(d.session.who.role, needed))
}
