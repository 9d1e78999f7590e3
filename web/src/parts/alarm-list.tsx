/** A list of alarms: worst first, colour, shape and word, text, since when, and the button that acknowledges. */
import { Checkbox } from 'antd'
import { memo } from 'react'
import type { AlarmBody } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDesk } from '../store/desk.ts'
import { AlarmRow } from './alarm-row.tsx'

export interface Selection {
  readonly chosen: ReadonlySet<string>
  /** Keeps its identity, so that rows that did not change are left as they are. */
  readonly toggle: (alarm: string) => void
  /** All that wait for an acknowledgement, or none. */
  toggleAll(): void
  readonly all: boolean
}

interface Props {
  readonly alarms: readonly AlarmBody[]
  readonly label: string
  /** Left out where every alarm is of one site. */
  readonly withSite?: boolean
  readonly selection?: Selection
  /** The row the keyboard is on. */
  readonly cursor?: string | undefined
  /** The same alarms, gathered under titles. */
  readonly groups?: readonly { readonly title: string; readonly alarms: readonly AlarmBody[] }[] | undefined
}

/** Alarms in the order given. */
export const AlarmList = memo(function AlarmList(props: Props) {
  const { alarms, label, withSite = true, selection, cursor, groups = [{ title: '', alarms }] } = props
  const { w } = useLanguage()
  const pending = useDesk((d) => d.pending)
  return (
    <table className="alarms" aria-label={label}>
      <thead>
        <tr>
          {selection && (
            <th scope="col" className="col-select">
              <Checkbox
                checked={selection.all}
                indeterminate={!selection.all && selection.chosen.size > 0}
                onChange={selection.toggleAll}
                aria-label={w.alarms.selectAll}
              />
            </th>
          )}
          <th scope="col" className="col-severity">
            {w.alarms.severity}
          </th>
          <th scope="col">{w.alarms.alarm}</th>
          {withSite && (
            <th scope="col" className="col-site">
              {w.alarms.site}
            </th>
          )}
          <th scope="col" className="col-since">
            {w.alarms.since}
          </th>
          <th scope="col" className="col-state">
            {w.alarms.state}
          </th>
          <th scope="col" className="col-count num" title={w.alarms.countHint}>
            {w.alarms.count}
          </th>
          <th scope="col" className="col-actions">
            <span className="sr">{w.alarms.actions}</span>
          </th>
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={group.title}>
          {group.title !== '' && (
            <tr className="group">
              <th scope="rowgroup" colSpan={6 + (withSite ? 1 : 0) + (selection ? 1 : 0)}>
                {group.title} <span className="quiet">{group.alarms.length}</span>
              </th>
            </tr>
          )}
          {group.alarms.map((alarm) => (
            <AlarmRow
              key={alarm.alarm}
              alarm={alarm}
              pending={pending.has(alarm.alarm)}
              withSite={withSite}
              toggle={selection?.toggle}
              chosen={selection?.chosen.has(alarm.alarm) ?? false}
              current={cursor === alarm.alarm}
            />
          ))}
        </tbody>
      ))}
    </table>
  )
})
