/** How many alarms stand, by colour, shape and word; each count is a filter. */
import { useMemo } from 'react'
import { SEVERITIES } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import type { AlarmFilter } from '../store/alarms.ts'
import { useDesk } from '../store/desk.ts'
import { setParams } from '../store/route.ts'
import { SeverityShape } from './severity.tsx'

export function SeverityCounts({ filter }: { filter: AlarmFilter }) {
  const { w } = useLanguage()
  const alarms = useDesk((d) => d.alarms.value)
  const { active, returned } = useMemo(() => {
    const all = [...(alarms?.values() ?? [])]
    const holds = all.filter(({ state }) => state !== 'rtn-unacked')
    return {
      active: SEVERITIES.map((severity) => ({
        severity,
        count: holds.filter((alarm) => alarm.severity === severity).length,
      })),
      returned: all.length - holds.length,
    }
  }, [alarms])
  return (
    <fieldset className="counts" aria-label={w.alarms.counts}>
      {active.map(({ severity, count }) => {
        const pressed = filter.severity === severity && filter.state !== 'rtn-unacked'
        return (
          <button
            key={severity}
            type="button"
            data-severity={severity}
            data-none={count === 0 || undefined}
            aria-pressed={pressed}
            aria-label={w.alarms.countOf(w.severity[severity], count)}
            onClick={() => setParams({ severity: pressed ? undefined : severity, state: undefined }, { replace: true })}
          >
            <SeverityShape severity={severity} size={16} />
            <b>{count}</b>
            <span>{w.severity[severity]}</span>
          </button>
        )
      })}
      <button
        type="button"
        data-none={returned === 0 || undefined}
        aria-pressed={filter.state === 'rtn-unacked'}
        aria-label={w.alarms.countOf(w.state['rtn-unacked'], returned)}
        onClick={() =>
          setParams(
            { severity: undefined, state: filter.state === 'rtn-unacked' ? undefined : 'rtn-unacked' },
            { replace: true },
          )
        }
      >
        <b>{returned}</b>
        <span>{w.stateShort['rtn-unacked']}</span>
      </button>
    </fieldset>
  )
}
