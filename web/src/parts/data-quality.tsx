/** On-line rate (在线率) and data quality (数据合格率) of a site: what its readings are worth. */
import type { ReactNode } from 'react'
import type { SiteView } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { useSiteDetail } from '../store/site-detail.ts'
import { Show } from './states.tsx'

export function DataQuality({ site }: { site: SiteView }) {
  const { w } = useLanguage()
  const of = useSiteDetail(site.site)
  return (
    <section className="panel" aria-label={w.site.data}>
      <Show of={of} retry={of.reload} lines={1}>
        {({ data, points }) => (
          <dl className="quality">
            <Rate name={w.site.online} hint={w.site.onlineHint} share={data.online} none={w.site.noneDue} />
            <Rate name={w.site.good} hint={w.site.goodHint} share={data.good} none={w.site.noReadings} />
            <Figure name={w.site.hour}>{w.site.readings(data.readings)}</Figure>
            <Figure name={w.site.badReadings} loud={data.bad > 0}>
              {w.site.readings(data.bad)}
            </Figure>
            <Figure name={w.site.lateReadings} loud={data.late > 0}>
              {w.site.readings(data.late)}
            </Figure>
            <Figure name={w.site.latePoints} loud={points.late > 0}>
              {w.site.pointsOf(points.late)}
            </Figure>
          </dl>
        )}
      </Show>
    </section>
  )
}

interface RateProps {
  readonly name: string
  readonly hint: string
  readonly share: number | undefined
  readonly none: string
}

function Rate({ name, hint, share, none }: RateProps) {
  return (
    <Figure name={name} hint={hint}>
      {share === undefined ? <span className="dim">{none}</span> : percent(share)}
    </Figure>
  )
}

/** Never rounded up to all of them. */
const percent = (share: number): string => (share === 1 ? '100%' : `${(Math.floor(share * 1000) / 10).toFixed(1)}%`)

interface FigureProps {
  readonly name: string
  readonly hint?: string
  readonly loud?: boolean
  readonly children: ReactNode
}

function Figure({ name, hint, loud = false, children }: FigureProps) {
  return (
    <div title={hint} data-loud={loud || undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
