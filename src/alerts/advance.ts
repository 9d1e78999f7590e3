/** The alarm's life as a pure table (ISA-18.2, OPC UA Part 9): which event leads from which state to which, and which cells must not move. */
import type { AlarmState, Cause, Held } from '../model/alarm.ts'

/** `raise` and `clear` come from the condition, after its delays; the others from an operator. */
export const ALARM_EVENTS = ['raise', 'clear', 'ack', 'confirm', 'reset'] as const
export type AlarmEvent = (typeof ALARM_EVENTS)[number]

/** A published state, and what holds the alarm there though its condition is over. */
export interface Standing {
  readonly state: AlarmState
  readonly held?: Held
}

/** Every state there is. Held ones show a published word that says the same to whoever does not know `held`: a latched alarm
 *  looks active, an unconfirmed one has returned and still wants somebody. */
export const LIVES = {
  normal: { state: 'normal' },
  unacked: { state: 'unacked' },
  acked: { state: 'acked' },
  'rtn-unacked': { state: 'rtn-unacked' },
  'latched-unacked': { state: 'unacked', held: 'latched' },
  'latched-acked': { state: 'acked', held: 'latched' },
  'rtn-unconfirmed': { state: 'rtn-unacked', held: 'unconfirmed' },
} as const satisfies Record<string, Standing>
export type Life = keyof typeof LIVES

/** What the rule item asks for. */
export interface Traits {
  readonly confirm?: boolean
  readonly latch?: boolean
}

export interface Step extends Standing {
  readonly cause: Cause
  /** A rise begins a new episode. */
  readonly begins?: true
}

/** Why an event changes nothing. */
export type Refusal =
  | 'already-active'
  | 'not-active'
  | 'already-acked'
  | 'nothing-to-ack'
  | 'nothing-to-confirm'
  | 'nothing-to-reset'
  | 'not-acked'
  | 'still-active'

/** Where to, and where to instead where the item latches, or (if it does not, or that is behind it) asks for confirmation. */
interface Cell {
  readonly to: Life
  readonly latch?: Life
  readonly confirm?: Life
  readonly cause: Cause
  readonly begins?: true
}

const RAISED: Cell = { to: 'unacked', cause: 'raised', begins: true }
const OVER = { to: 'normal', confirm: 'rtn-unconfirmed' } as const

const TABLE: Readonly<Record<Life, Readonly<Record<AlarmEvent, Cell | Refusal>>>> = {
  normal: {
    raise: RAISED,
    clear: 'not-active',
    ack: 'nothing-to-ack',
    confirm: 'nothing-to-confirm',
    reset: 'nothing-to-reset',
  },
  unacked: {
    raise: 'already-active',
    clear: { to: 'rtn-unacked', latch: 'latched-unacked', cause: 'cleared' },
    ack: { to: 'acked', cause: 'acked' },
    confirm: 'still-active',
    reset: 'still-active',
  },
  acked: {
    raise: 'already-active',
    clear: { ...OVER, latch: 'latched-acked', cause: 'cleared' },
    ack: 'already-acked',
    confirm: 'still-active',
    reset: 'still-active',
  },
  'rtn-unacked': {
    raise: RAISED,
    clear: 'not-active',
    ack: { ...OVER, cause: 'acked' },
    confirm: 'not-acked',
    reset: 'nothing-to-reset',
  },
  'latched-unacked': {
    raise: RAISED,
    clear: 'not-active',
    ack: { ...OVER, cause: 'acked' },
    confirm: 'not-acked',
    reset: 'not-acked',
  },
  'latched-acked': {
    raise: RAISED,
    clear: 'not-active',
    ack: 'already-acked',
    confirm: 'nothing-to-confirm',
    reset: { ...OVER, cause: 'reset' },
  },
  'rtn-unconfirmed': {
    raise: RAISED,
    clear: 'not-active',
    ack: 'already-acked',
    confirm: { to: 'normal', cause: 'confirmed' },
    reset: 'nothing-to-reset',
  },
}

/** What an event does in a state, or the reason why it does nothing. */
export function advance(
  from: Standing,
  { event, traits = {} }: { event: AlarmEvent; traits?: Traits },
): Step | Refusal {
  const cell = TABLE[lifeOf(from)][event]
  if (typeof cell === 'string') return cell
  const { to, latch, confirm, cause, begins } = cell
  const life = (traits.latch && latch) || (traits.confirm && confirm) || to
  return { ...LIVES[life], cause, ...(begins && { begins }) }
}

function lifeOf({ state, held }: Standing): Life {
  if (held === 'latched') return state === 'acked' ? 'latched-acked' : 'latched-unacked'
  return held === 'unconfirmed' ? 'rtn-unconfirmed' : state
}

/** Whether the condition is true in this state. */
export function isActive({ state, held }: Standing): boolean {
  return held === undefined && (state === 'unacked' || state === 'acked')
}
