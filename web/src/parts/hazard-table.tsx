/** Hazards as rows; an overdue one cannot be overlooked. */
import type { HazardBody } from '../api/types.ts'
import { dateTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDesk } from '../store/desk.ts'
import { hazardHref } from '../store/hazards.ts'
import { HazardDeadline, HazardFlags } from './hazard-flags.tsx'

export function HazardTable({ hazards }: { hazards: readonly HazardBody[] }) {
  const { w } = useLanguage()
  return (
    <div className="sideways">
      <table className="plain stacked" aria-label={w.hazards.list}>
        <thead>
          <tr>
            <th scope="col">{w.hazards.grade}</th>
            <th scope="col">{w.hazards.hazard}</th>
            <th scope="col">{w.hazards.site}</th>
            <th scope="col">{w.hazards.state}</th>
            <th scope="col">{w.hazards.owner}</th>
            <th scope="col">{w.hazards.deadline}</th>
            <th scope="col">{w.hazards.opened}</th>
          </tr>
        </thead>
        <tbody>
          {hazards.map((hazard) => (
            <Row key={hazard.hazard} hazard={hazard} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ hazard }: { hazard: HazardBody }) {
  const { w, text } = useLanguage()
  const site = useDesk((d) => d.sites.value?.find((found) => found.site === hazard.site))
  const area = site?.areas.find(({ id }) => id === hazard.area)
  return (
    <tr data-overdue={hazard.overdue || undefined}>
      <td data-label={w.hazards.grade}>
        <HazardFlags hazard={hazard} />
      </td>
      <td className="message wide">
        <a className="hazard-name" href={hazardHref(hazard.hazard)} aria-label={w.hazards.open(hazard.hazard)}>
          {text(hazard.text)}
        </a>
        <span className="under">
          <span className="mono">{hazard.hazard}</span> · {w.hazards.sources[hazard.source]}
          {hazard.clause !== undefined && ` · ${hazard.clause}`}
        </span>
      </td>
      <td data-label={w.hazards.site}>
        {site ? text(site.name) : hazard.site}
        {hazard.area !== undefined && <span className="under">{area ? text(area.name) : hazard.area}</span>}
      </td>
      <td className="nowrap" data-label={w.hazards.state}>
        {w.hazards.states[hazard.state]}
      </td>
      <td data-label={w.hazards.owner}>{hazard.owner ?? <span className="dim">{w.common.none}</span>}</td>
      <td className="nowrap" data-label={w.hazards.deadline}>
        <HazardDeadline hazard={hazard} zone={site?.timezone ?? 'UTC'} />
      </td>
      <td className="nowrap" data-label={w.hazards.opened}>
        {dateTime(Date.parse(hazard.opened), site?.timezone ?? 'UTC')}
      </td>
    </tr>
  )
}
