/** What the main thread and the OPC UA server's thread say to each other: plain values only. */
import type { Severity } from '../../model/alarm.ts'
import type { Text } from '../../model/text.ts'
import type { Duration, Instant } from '../../model/time.ts'
import type { OpcuaServerSettings } from './settings.ts'

/** The sites as the address space shows them. Points are known by their place in `points`. */
export interface Plant {
  readonly sites: readonly {
    readonly id: string
    readonly name: Text
    /** Enclosing areas come before those within. */
    readonly areas: readonly { readonly id: string; readonly name: Text; readonly in?: string }[]
  }[]
  readonly points: readonly PlantPoint[]
  /** Points that are not shown, and where they are: alarms may be about them. */
  readonly hidden: readonly { readonly site: string; readonly id: string; readonly area: string }[]
}

export interface PlantPoint {
  readonly site: string
  readonly id: string
  readonly area?: string
  readonly shape: 'number' | 'boolean' | 'state'
  readonly unit?: string
  readonly range?: readonly [number, number]
  /** Levels of `limit` rules. */
  readonly limits: readonly { readonly level: string; readonly high?: number; readonly low?: number }[]
}

/** A value as OPC UA words it; `status` is the name of a StatusCode. */
export interface PointValue {
  readonly point: number
  readonly value: number | boolean | string | null
  readonly status: string
  readonly at: Instant
}

/** One alarm as a condition: everything an event of it says. */
export interface ConditionState {
  /** The alarm's own id: what an order is about. Never shown. */
  readonly of: string
  /** Its id as it is shown: with pseudonyms for people. */
  readonly alarm: string
  /** Of the transition: the EventId is made of it. */
  readonly id: string
  readonly episode: number
  readonly revision: number
  readonly site: string
  readonly area?: string
  readonly point?: number
  readonly name: string
  readonly limit?: { readonly side: 'high' | 'low'; readonly value: number }
  readonly active: boolean
  readonly acked: boolean
  /** Absent where the lifecycle asks for no confirmation. */
  readonly confirmed?: boolean
  readonly latched: boolean
  readonly shelved?: { readonly until?: Instant; readonly once: boolean }
  readonly suppressed: boolean
  readonly outOfService: boolean
  readonly retain: boolean
  readonly severity: Severity
  readonly message: Text
  readonly at: Instant
  readonly received: Instant
  /** The last word somebody gave with it; absent where nobody did anything, and the word before still stands. */
  readonly said?: { readonly by: string; readonly comment: string }
}

export interface WorkerData {
  readonly settings: OpcuaServerSettings
  /** The port to listen on: the one of before the restart. */
  readonly port: number
  readonly certificates: string
  readonly plant: Plant
}

/** What a client's method asks for. `shelve` without `for` is until the alarm next returns. */
export interface Order {
  readonly alarm: string
  readonly command: 'ack' | 'confirm' | 'comment' | 'shelve' | 'unshelve'
  readonly comment: string
  /** Of the event that the method names. */
  readonly episode?: number
  readonly for?: Duration
}

export interface Attempt {
  readonly user: string
  readonly password: string
  readonly address: string
}

export type ToWorker =
  | { readonly type: 'values'; readonly values: readonly PointValue[] }
  | { readonly type: 'conditions'; readonly conditions: readonly ConditionState[] }
  /** Answers a `login` or an `order` with the name of a StatusCode. */
  | { readonly type: 'answer'; readonly id: number; readonly status: string }
  /** The user's account is gone: ends the session. */
  | { readonly type: 'dismiss'; readonly session: string }
  | { readonly type: 'close' }

export type FromWorker =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'cannot-listen'; readonly reason: string }
  | { readonly type: 'login'; readonly id: number; readonly session: string; readonly attempt: Attempt }
  | { readonly type: 'logout'; readonly session: string }
  | {
      readonly type: 'order'
      readonly id: number
      readonly session: string
      readonly address: string
      readonly order: Order
    }
  /** The last `values` are in the address space: the next may come. */
  | { readonly type: 'taken' }
  | { readonly type: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly message: string }
