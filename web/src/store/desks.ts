/** Names of duty desks as far as this page has met them: the service does not list them. */
import { useMemo } from 'react'
import type { HandoverEntry } from '../api/types.ts'
import { useDesk } from './desk.ts'

/** Desks of the log and of standing alarms first, then the sites, which stand in where no desk is declared. */
export function useDesks(log: readonly HandoverEntry[] | undefined): readonly string[] {
  const alarms = useDesk((d) => d.alarms.value)
  const sites = useDesk((d) => d.sites.value)
  return useMemo(() => {
    const called = [...(alarms?.values() ?? [])].flatMap(({ last }) => last.desk ?? [])
    const desks = [...new Set([...(log ?? []).map(({ desk }) => desk), ...called])].sort()
    return desks.length > 0 ? desks : (sites ?? []).map(({ site }) => site)
  }, [log, alarms, sites])
}
