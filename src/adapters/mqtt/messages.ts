/** What the broker's worker and the main thread say to each other. */
import type { Certificates } from './certificates.ts'
import type { Chunk } from './handover.ts'
import type { MqttSettings, MqttUser } from './settings.ts'

/** What goes out: live to subscribers at QoS 1, and where `retain` is set, kept for those who come later (empty: kept no more). */
export interface Outgoing {
  readonly topic: string
  readonly payload: string | Uint8Array
  readonly retain: boolean
}

export type ToWorker =
  | { readonly type: 'settled'; readonly chunk: number }
  | { readonly type: 'publish'; readonly id: number; readonly messages: readonly Outgoing[] }
  /** Who may come in from now on, and what the broker shows them. `anew`: who is connected has to prove themselves again. */
  | {
      readonly type: 'admit'
      readonly users: readonly MqttUser[]
      readonly certificates: Certificates | undefined
      readonly anew: boolean
    }
  | { readonly type: 'close' }

export type FromWorker =
  | { readonly type: 'listening'; readonly port: number; readonly wsPort?: number }
  | { readonly type: 'cannot-listen'; readonly reason: string }
  | ({ readonly type: 'chunk' } & Chunk)
  | { readonly type: 'published'; readonly id: number }
  /** Things that may happen often are gathered and said at most once a minute. */
  | { readonly type: 'notice'; readonly message: string; readonly count: number; readonly detail: string }

export interface WorkerData {
  readonly settings: MqttSettings
  /** The port to listen on: the one of before the restart. */
  readonly port: number
  readonly wsPort?: number
  readonly retained: readonly Outgoing[]
}
