/** What the main thread and the OPC UA thread say to each other over a source's port. */
import type { Duration, Instant } from '../../model/time.ts'

/** Everything the thread needs; structured-cloneable. */
export interface SessionRequest {
  /** The source: what one session of it leaves behind, the next takes up. */
  readonly source: string
  readonly endpoint: string
  readonly security: 'None' | 'Basic256Sha256'
  readonly mode: 'Sign' | 'SignAndEncrypt'
  readonly user: string | undefined
  readonly passwordFile: string | undefined
  readonly certificates: string | undefined
  readonly items: readonly ItemRequest[]
  readonly publishing: Duration
  readonly staleAfter: Duration
  readonly restate: Duration
  /** How far back the server's history is read after a break; 0 for not at all. */
  readonly history: Duration
  /** By item: event time up to which the journal has it without a gap; `undefined` where it was never heard. */
  readonly since: readonly (Instant | undefined)[]
}

export interface ItemRequest {
  readonly node: string
  readonly point: string
  readonly element: number | undefined
  readonly sampling: Duration
  readonly queue: number
  /** In the value's own unit, or a percentage of its range. */
  readonly deadband: number | string | undefined
}

/** An item, and the event time up to which it has been read from the history. */
export type Mark = readonly [item: number, upTo: Instant]

/** A frame not yet `taken` is held; with this many held the thread asks the server for no more. */
export const MOST_HELD = 8

/** Readings in one frame: the door takes no more than ten thousand, nor more than a megabyte. */
export const MOST_READINGS = 2_000

export type FromThread =
  | { readonly type: 'up' }
  /** One publish response as JSON, or, with `got`, what was read from the history. */
  | { readonly type: 'frame'; readonly payload: Uint8Array; readonly got?: readonly Mark[] }
  /** How the gap before this session stands. `waiting`: it is asked for again; `unfilled`: the next session does that; `filled`: all that
   *  the server has of it was sent, and `message` says what it has not. */
  | {
      readonly type: 'gap'
      readonly state: 'filling' | 'waiting' | 'unfilled' | 'filled'
      readonly message?: string
    }
  /** The server spoke and had nothing to say. */
  | { readonly type: 'alive' }
  | { readonly type: 'lost'; readonly reason: string }
  | { readonly type: 'log'; readonly level: 'info' | 'warn'; readonly message: string }
  /** After `lost`, or being asked to close: no frame comes any more, and what is not told is left to the next session. */
  | { readonly type: 'ended' }
  /** The last word: everything is closed. */
  | { readonly type: 'closed' }

export type ToThread =
  | { readonly type: 'taken'; readonly frames: number }
  | {
      readonly type: 'close'
      /** The link is given up, not the source: the next session takes up what this one leaves. */
      readonly keep: boolean
    }
