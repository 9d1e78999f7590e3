/** The areas of a site as a tree: heads against the limit, whether work there is watched, worst alarm. */
import { useMemo } from 'react'
import type { AreaBody, SiteView } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { areaTree } from '../store/sites.ts'
import { Glyph, type IconName } from './icons.tsx'
import { Occupancy } from './occupancy.tsx'
import { SeverityTag } from './severity.tsx'
import { Loading, Nothing } from './states.tsx'

interface Props {
  readonly site: SiteView
  /** The area whose points are listed; `undefined` for all. */
  readonly chosen: string | undefined
  choose(area: string | undefined): void
}

export function Areas({ site, chosen, choose }: Props) {
  const { w, text } = useLanguage()
  const rows = useMemo(() => areaTree(site.areas), [site.areas])
  const known = site.at !== undefined
  return (
    <section className="panel" aria-label={w.site.areas}>
      <header>
        <h2>{w.site.areas}</h2>
      </header>
      {!known ? (
        <Loading />
      ) : rows.length === 0 ? (
        <Nothing title={w.site.noAreas} />
      ) : (
        <table className="plain areas stacked" aria-label={w.site.areas}>
          <thead>
            <tr>
              <th scope="col">{w.site.area}</th>
              <th scope="col">{w.site.count}</th>
              <th scope="col">{w.site.monitoring}</th>
              <th scope="col">{w.site.alarm}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ area, depth }) => (
              <tr key={area.id} data-chosen={chosen === area.id || undefined}>
                <td style={{ paddingLeft: 14 + depth * 20 }}>
                  <button
                    type="button"
                    className="link-button"
                    aria-pressed={chosen === area.id}
                    onClick={() => choose(chosen === area.id ? undefined : area.id)}
                  >
                    {text(area.name)}
                  </button>
                  {(w.areaKind[area.kind] ?? area.kind) !== text(area.name) && (
                    <span className="dim small area-kind">{w.areaKind[area.kind] ?? area.kind}</span>
                  )}
                </td>
                <td>
                  <Occupancy area={area} />
                </td>
                <td data-label={w.site.monitoring}>
                  <Monitoring state={area.monitoring} />
                </td>
                <td data-label={w.site.alarm}>
                  {area.worst ? (
                    <SeverityTag severity={area.worst} size={16} />
                  ) : (
                    <span className="dim">{w.common.none}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

const LOOKS: Readonly<Record<AreaBody['monitoring'], { icon?: IconName; tone: string }>> = {
  watched: { icon: 'eye', tone: 'calm' },
  blind: { icon: 'blind', tone: 'minor' },
  unwatched: { icon: 'blind', tone: 'major' },
  unequipped: { tone: 'dim' },
}

function Monitoring({ state }: { state: AreaBody['monitoring'] }) {
  const { w } = useLanguage()
  const { icon, tone } = LOOKS[state]
  return (
    <span className="flag" data-tone={tone} title={w.monitoringHint[state]}>
      {icon && <Glyph name={icon} size={16} />}
      {w.monitoring[state]}
    </span>
  )
}
