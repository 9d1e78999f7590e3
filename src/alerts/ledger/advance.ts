/** A hazard's life as a pure table: which deed leads from which state to which, and why the others change nothing. */
import type { HazardAction, HazardState } from '../../model/hazard.ts'

/** Why a deed is refused in a state. */
export type HazardRefusal =
  | 'hazard-closed'
  | 'hazard-not-closed'
  | 'hazard-already-rectified'
  | 'hazard-not-rectified'
  | 'hazard-already-verified'
  | 'hazard-not-verified'

type Cell = { readonly to: HazardState } | HazardRefusal

const stays = (to: HazardState) => ({ supervise: { to }, lift: { to }, extend: { to }, comment: { to } })
const shut = 'hazard-closed'

const TABLE: Readonly<Record<HazardState, Readonly<Record<HazardAction, Cell>>>> = {
  open: {
    assign: { to: 'assigned' },
    // Whoever mends what nobody was given has taken it on.
    rectify: { to: 'rectified' },
    verify: 'hazard-not-rectified',
    reject: 'hazard-not-rectified',
    close: 'hazard-not-verified',
    reopen: 'hazard-not-closed',
    ...stays('open'),
  },
  assigned: {
    assign: { to: 'assigned' },
    rectify: { to: 'rectified' },
    verify: 'hazard-not-rectified',
    reject: 'hazard-not-rectified',
    close: 'hazard-not-verified',
    reopen: 'hazard-not-closed',
    ...stays('assigned'),
  },
  rectified: {
    assign: 'hazard-already-rectified',
    rectify: 'hazard-already-rectified',
    verify: { to: 'verified' },
    reject: { to: 'assigned' },
    close: 'hazard-not-verified',
    reopen: 'hazard-not-closed',
    ...stays('rectified'),
  },
  verified: {
    assign: 'hazard-already-verified',
    rectify: 'hazard-already-verified',
    verify: 'hazard-already-verified',
    reject: { to: 'assigned' },
    close: { to: 'closed' },
    reopen: 'hazard-not-closed',
    ...stays('verified'),
  },
  closed: {
    assign: shut,
    rectify: shut,
    verify: shut,
    reject: shut,
    close: shut,
    supervise: shut,
    lift: shut,
    extend: shut,
    reopen: { to: 'open' },
    comment: { to: 'closed' },
  },
}

/** The state that a deed leads to, or the code of its refusal. */
export function advanceHazard(state: HazardState, action: HazardAction): Cell {
  return TABLE[state][action]
}

/** Whether the deadline still runs: nobody has said that it is mended. */
export function isUnmended(state: HazardState): boolean {
  return state === 'open' || state === 'assigned'
}
