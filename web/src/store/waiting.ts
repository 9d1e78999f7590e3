/** What waits for the officer, and whether it may sound. */
import { useMemo } from 'react'
import type { AlarmBody, Severity } from '../api/types.ts'
import { needsAck, worst } from './alarms.ts'
import { useDesk } from './desk.ts'

export interface Waiting {
  /** Alarms that hold, are told to people and are not acknowledged. */
  readonly active: number
  /** Of those. */
  readonly worst: Severity | undefined
  /** Returned to normal, waiting to be acknowledged or confirmed. */
  readonly returned: number
  /** A critical one holds that is neither kept from people nor known to come and go faster than anybody can act. */
  readonly sounding: boolean
}

/** A returned alarm counts apart: it calls for nobody. */
export function waitingOf(alarms: Iterable<AlarmBody>, pending: ReadonlySet<string>): Waiting {
  const told = [...alarms].filter(({ alarm, last }) => last.hush === undefined && !pending.has(alarm))
  const active = told.filter((alarm) => alarm.state === 'unacked' && needsAck(alarm))
  return {
    active: active.length,
    worst: worst(active.map(({ severity }) => severity)),
    returned: told.filter(({ state }) => state === 'rtn-unacked').length,
    sounding: active.some(({ severity, last }) => severity === 'critical' && !last.chattering),
  }
}

export function useWaiting(): Waiting {
  const alarms = useDesk((d) => d.alarms.value)
  const pending = useDesk((d) => d.pending)
  return useMemo(() => waitingOf(alarms?.values() ?? [], pending), [alarms, pending])
}
