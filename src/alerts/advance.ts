/** The alarm's life as a pure table (ISA-18.2): which event leads from which state to which, and which cells must not move. */
import type { AlarmState, Cause } from '../model/alarm.ts'

/** `raise` and `clear` come from the condition, after its delays; `ack` from an operator. */
export type AlarmEvent = 'raise' | 'clear' | 'ack'

export interface Step {
  readonly to: AlarmState
  readonly cause: Cause
  /** A rise begins a new episode. */
  readonly begins?: true
}

/** Why an event changes nothing. */
export type Refusal = 'already-active' | 'not-active' | 'already-acked' | 'nothing-to-ack'

const TABLE: Readonly<Record<AlarmState, Readonly<Record<AlarmEvent, Step | Refusal>>>> = {
  normal: {
    raise: { to: 'unacked', cause: 'raised', begins: true },
    clear: 'not-active',
    ack: 'nothing-to-ack',
  },
  unacked: {
    raise: 'already-active',
    clear: { to: 'rtn-unacked', cause: 'cleared' },
    ack: { to: 'acked', cause: 'acked' },
  },
  acked: {
    raise: 'already-active',
    clear: { to: 'normal', cause: 'cleared' },
    ack: 'already-acked',
  },
  'rtn-unacked': {
    raise: { to: 'unacked', cause: 'raised', begins: true },
    clear: 'not-active',
    ack: { to: 'normal', cause: 'acked' },
  },
}

/** What an event does in a state, or the reason why it does nothing. */
export function advance(state: AlarmState, event: AlarmEvent): Step | Refusal {
  return TABLE[state][event]
}

/** Whether the condition is true in this state. */
export function isActive(state: AlarmState): boolean {
  return state === 'unacked' || state === 'acked'
}
