import { expect, test } from 'vitest'
import type { HazardBody } from '../api/types.ts'
import { deedsOf } from './hazards.ts'

const hazard = (over: Partial<HazardBody>): HazardBody =>
  ({ hazard: 'm.1', site: 'm', state: 'open', overdue: false, ...over }) as HazardBody
const SUPERVISOR = { user: 'chief', role: 'supervisor' } as const
const OPERATOR = { user: 'li', role: 'operator' } as const
const RECTIFIED = hazard({
  state: 'rectified',
  owner: 'li',
  rectification: { by: 'li', at: '2026-05-01T00:00:00Z', text: 'mended', evidence: [] },
})

test('who mends does not judge: an operator rectifies, a supervisor verifies', () => {
  expect(deedsOf(hazard({ state: 'assigned' }), OPERATOR)).toEqual(['rectify', 'assign', 'comment'])
  expect(deedsOf(RECTIFIED, OPERATOR)).toEqual(['comment'])
  expect(deedsOf(RECTIFIED, SUPERVISOR)).toEqual(['verify', 'reject', 'extend', 'supervise', 'comment'])
  expect(deedsOf(RECTIFIED, { ...SUPERVISOR, user: 'li' })).not.toContain('verify')
})

test('an order is lifted before the hazard is closed; a viewer is offered nothing', () => {
  const order = { level: 'city', order: '7', by: 'x', at: '2026-05-01T00:00:00Z' } as const
  expect(deedsOf(hazard({ state: 'verified', supervision: order }), SUPERVISOR)).toEqual([
    'reject',
    'extend',
    'lift',
    'comment',
  ])
  expect(deedsOf(hazard({ state: 'closed' }), SUPERVISOR)).toEqual(['reopen', 'comment'])
  expect(deedsOf(hazard({}), { user: 'v', role: 'viewer' })).toEqual([])
})
