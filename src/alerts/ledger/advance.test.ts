/** Every cell of a hazard's life. */
import { expect, test } from 'vitest'
import { HAZARD_ACTIONS, HAZARD_STATES, type HazardAction, type HazardState } from '../../model/hazard.ts'
import { advanceHazard } from './advance.ts'

/** By action, in the order of the states: open, assigned, rectified, verified, closed. */
const CELLS: Readonly<Record<HazardAction, readonly string[]>> = {
  assign: ['assigned', 'assigned', '!hazard-already-rectified', '!hazard-already-verified', '!hazard-closed'],
  rectify: ['rectified', 'rectified', '!hazard-already-rectified', '!hazard-already-verified', '!hazard-closed'],
  verify: ['!hazard-not-rectified', '!hazard-not-rectified', 'verified', '!hazard-already-verified', '!hazard-closed'],
  reject: ['!hazard-not-rectified', '!hazard-not-rectified', 'assigned', 'assigned', '!hazard-closed'],
  close: ['!hazard-not-verified', '!hazard-not-verified', '!hazard-not-verified', 'closed', '!hazard-closed'],
  supervise: ['open', 'assigned', 'rectified', 'verified', '!hazard-closed'],
  lift: ['open', 'assigned', 'rectified', 'verified', '!hazard-closed'],
  extend: ['open', 'assigned', 'rectified', 'verified', '!hazard-closed'],
  reopen: ['!hazard-not-closed', '!hazard-not-closed', '!hazard-not-closed', '!hazard-not-closed', 'open'],
  comment: ['open', 'assigned', 'rectified', 'verified', 'closed'],
}

test.each(HAZARD_ACTIONS.flatMap((action) => HAZARD_STATES.map((state, i) => [action, state, CELLS[action][i]!])))(
  '%s while %s: %s',
  (action, state, told) => {
    const step = advanceHazard(state as HazardState, action as HazardAction)
    expect(typeof step === 'string' ? `!${step}` : step.to).toBe(told)
  },
)
