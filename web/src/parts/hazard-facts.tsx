/** What is on record of a hazard. */
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { download } from '../api/files.ts'
import type { Problem } from '../api/http.ts'
import type { HazardBody } from '../api/types.ts'
import { dateTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDesk } from '../store/desk.ts'
import { useMay } from '../store/may.ts'
import { notify } from '../store/notices.ts'
import { openAlarm, siteHref } from '../store/route.ts'
import { HazardDeadline } from './hazard-flags.tsx'

export function HazardFacts({ hazard, zone }: { hazard: HazardBody; zone: string }) {
  const { w, text } = useLanguage()
  const site = useDesk((d) => d.sites.value?.find((found) => found.site === hazard.site))
  const area = site?.areas.find(({ id }) => id === hazard.area)
  const { alarm, rises, rectification, verified, closed, supervision } = hazard
  const time = (at: string) => dateTime(Date.parse(at), zone)
  const rows: readonly (readonly [string, ReactNode])[] = [
    [
      w.hazards.site,
      <a key="site" href={siteHref(hazard.site)}>
        {site ? text(site.name) : hazard.site}
      </a>,
    ],
    [w.hazards.area, area ? text(area.name) : hazard.area],
    [w.hazards.opened, `${time(hazard.opened)} · ${w.hazards.sources[hazard.source]}`],
    [w.hazards.by, hazard.by],
    [w.hazards.owner, hazard.owner ?? w.common.none],
    [w.hazards.deadline, <HazardDeadline key="deadline" hazard={hazard} zone={zone} />],
    [w.hazards.clause, hazard.clause],
    [w.hazards.criterion, hazard.criterion],
    [
      w.hazards.alarm,
      alarm && (
        <>
          <button type="button" className="link-button mono" onClick={() => openAlarm(alarm)}>
            {alarm}
          </button>
          {rises !== undefined && <span className="under">{w.hazards.rises(rises)}</span>}
        </>
      ),
    ],
    [w.hazards.external, hazard.external],
    [
      w.hazards.supervision,
      supervision &&
        `${w.hazards.order(w.hazards.levels[supervision.level], supervision.order)} · ${supervision.by} · ${time(supervision.at)}`,
    ],
    [
      w.hazards.rectification,
      rectification && (
        <>
          <span className="said">{rectification.text}</span>
          <span className="under">
            {rectification.by} · {time(rectification.at)}
          </span>
          <Files sums={rectification.evidence} />
        </>
      ),
    ],
    [w.hazards.verified, verified && `${verified.by} · ${time(verified.at)}`],
    [w.hazards.closed, closed && time(closed)],
  ]
  return (
    <dl className="facts drawer-section">
      {rows
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [<dt key={`${name}-t`}>{name}</dt>, <dd key={`${name}-d`}>{value}</dd>])}
    </dl>
  )
}

function Files({ sums }: { sums: readonly string[] }) {
  const { w } = useLanguage()
  const may = useMay('operator')
  if (sums.length === 0) return null
  if (!may) return <span className="under">{w.remarks.operatorOnly}</span>
  const save = (sum: string) =>
    download(`attachments/${sum}`).catch((error: unknown) =>
      notify({ tone: 'error', title: w.remarks.failed, problem: error as Problem }),
    )
  return (
    <span className="row wrap">
      {sums.map((sum, n) => (
        <Button key={sum} size="small" onClick={() => void save(sum)}>
          ↓ {w.hazards.file(n + 1)}
        </Button>
      ))}
    </span>
  )
}
