/** Which configuration is in force, and what of the files is not: for the log's readers, the page, health and metrics. */
import type { Instant } from '../model/time.ts'

export interface ConfigurationView {
  /** Of sites and rules. */
  readonly hash: string
  /** When it came into force, or its settings last changed. */
  readonly since: Instant
  /** Why what stands in the files is not, or not as a whole, in force: a line each, `file:line:column: message` where there is one. */
  readonly refused?: { readonly at: Instant; readonly problems: readonly string[] }
  /** Why the audit log does not hold that this came into force. */
  readonly unrecorded?: string
  /** Settings that differ from those at the start and wait for a restart, such as `mqtt.port`. */
  readonly restart: readonly string[]
}

/** In a word. */
export type ConfigurationState = 'in-force' | 'refused' | 'restart-needed'

export function stateOf({ refused, restart }: Pick<ConfigurationView, 'refused' | 'restart'>): ConfigurationState {
  if (refused) return 'refused'
  return restart.length > 0 ? 'restart-needed' : 'in-force'
}
