/** The duty tree as a table, from the top: a row a desk. */
import type { DutyDeskBody } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDesk } from '../store/desk.ts'
import { deskRows } from '../store/desks.ts'
import { SeverityTag } from './severity.tsx'
import { Since } from './since.tsx'

export function DutyTable({ desks }: { desks: readonly DutyDeskBody[] }) {
  const { w, text } = useLanguage()
  const names = new Map(desks.map(({ desk, name }) => [desk, text(name)]))
  return (
    <div className="sideways">
      <table className="plain stacked" aria-label={w.desks.title}>
        <thead>
          <tr>
            <th scope="col">{w.desks.desk}</th>
            <th scope="col">{w.desks.standing}</th>
            <th scope="col">{w.desks.onDuty}</th>
            <th scope="col">{w.desks.hears}</th>
            <th scope="col">{w.desks.contacts}</th>
            <th scope="col" title={w.desks.quietHint}>
              {w.desks.quiet}
            </th>
            <th scope="col">
              <span className="sr">{w.desks.figures}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {deskRows(desks).map(({ desk, depth }) => (
            <Row key={desk.desk} desk={desk} depth={depth} above={names.get(desk.parent ?? '')} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ desk, depth, above }: { desk: DutyDeskBody; depth: number; above: string | undefined }) {
  const { w, text } = useLanguage()
  const { desk: id, level, onDuty, contacts, quiet, timezone, alarms } = desk
  const name = text(desk.name)
  return (
    <tr>
      <td className="wide">
        <div style={{ paddingLeft: depth * 22 }}>
          <b>{name}</b>
          <span className="under">
            {w.marks.level[level]} · <span className="mono">{id}</span> ·{' '}
            {above === undefined ? w.desks.top : w.desks.above(above)}
          </span>
        </div>
      </td>
      <td className="nowrap" data-label={w.desks.standing}>
        {alarms.worst === undefined ? (
          <span className="dim">{w.desks.clear}</span>
        ) : (
          <>
            <a
              className="row tight"
              href={`#/alarms?desk=${encodeURIComponent(id)}`}
              aria-label={w.desks.alarmsOf(name)}
            >
              <SeverityTag severity={alarms.worst} size={16} />
            </a>
            {alarms.active > 0 && <span className="under">{w.desks.active(alarms.active)}</span>}
            {alarms.unacknowledged > 0 && (
              <span className="under">{w.desks.unacknowledged(alarms.unacknowledged)}</span>
            )}
          </>
        )}
      </td>
      <td data-label={w.desks.onDuty}>
        {onDuty === undefined ? (
          <span className="dim">{w.desks.nobody}</span>
        ) : (
          <>
            <b>{onDuty.person}</b>
            <span className="under">
              <Since at={Date.parse(onDuty.since)} zone={timezone} />
            </span>
          </>
        )}
      </td>
      <td data-label={w.desks.hears}>
        <Hears desk={desk} />
      </td>
      <td data-label={w.desks.contacts}>
        {contacts.length === 0 ? <span className="dim">{w.common.none}</span> : contacts.join(' · ')}
      </td>
      <td className="nowrap" data-label={w.desks.quiet} title={w.desks.quietHint}>
        {quiet === undefined ? <span className="dim">{w.common.none}</span> : `${quiet.from}–${quiet.to}`}
      </td>
      <td className="nowrap">
        <a className="link" href={`#/figures?desk=${encodeURIComponent(id)}`} aria-label={w.desks.figuresOf(name)}>
          {w.desks.figures}
        </a>
        {' · '}
        <a className="link" href={`#/shift-log?desk=${encodeURIComponent(id)}`} aria-label={w.desks.handoversOf(name)}>
          {w.desks.handovers}
        </a>
      </td>
    </tr>
  )
}

/** The sites whose alarms come to it at once. */
function Hears({ desk: { sites, region } }: { desk: DutyDeskBody }) {
  const { w, text } = useLanguage()
  const known = useDesk((d) => d.sites.value)
  const names = sites.map((id) => {
    const site = known?.find((one) => one.site === id)
    return site ? text(site.name) : id
  })
  return (
    <>
      {names.length === 0 ? <span className="dim">{w.desks.handedOn}</span> : names.join(' · ')}
      {region !== undefined && <span className="under mono">{region}</span>}
    </>
  )
}
