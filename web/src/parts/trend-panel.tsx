/** The trend of a few points: picker, time range, chart. */
import { Segmented, Select } from 'antd'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import type { PointBody, SiteView } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { type Alarms, byUrgency } from '../store/alarms.ts'
import { useDesk } from '../store/desk.ts'
import { Loading, Nothing } from './states.tsx'
import type { LimitLine } from './trend.tsx'

const Trend = lazy(() => import('./trend.tsx'))

/** Length and bucket, milliseconds and the API's words. */
export const RANGES = {
  '15m': { span: 900_000, every: '2s' },
  '1h': { span: 3_600_000, every: '10s' },
  '8h': { span: 28_800_000, every: '1m' },
  '24h': { span: 86_400_000, every: '5m' },
} as const
export type RangeName = keyof typeof RANGES

const MOST = 4

interface Props {
  readonly site: SiteView
  readonly points: readonly PointBody[] | undefined
  /** `undefined` until somebody picks: the first gas point then. */
  readonly picked: readonly string[] | undefined
  pick(points: readonly string[]): void
}

export function TrendPanel({ site, points, picked, pick }: Props) {
  const { w, lang } = useLanguage()
  const [range, setRange] = useState<RangeName>('15m')
  const numeric = useMemo(() => points?.filter(chartable), [points])
  const alarms = useDesk((d) => d.alarms.value)
  const names = useFirst(picked, { numeric, alarms, site: site.site })
  const shown = (numeric ?? []).filter((point) => names.includes(point.id))
  return (
    <section className="panel trend-panel" aria-label={w.site.trend}>
      <header className="wrap">
        <h2>{w.site.trend}</h2>
        <Select
          mode="multiple"
          className="grow"
          maxCount={MOST}
          maxTagCount="responsive"
          value={[...names]}
          onChange={pick}
          aria-label={w.site.pick}
          placeholder={w.site.pick}
          labelRender={({ value }) => value}
          style={{ minWidth: 200 }}
          options={(numeric ?? []).map((point) => ({
            value: point.id,
            label: `${point.id} · ${w.kind[point.kind] ?? point.kind}${point.unit ? ` (${point.unit})` : ''}`,
          }))}
        />
        <Segmented
          value={range}
          onChange={setRange}
          aria-label={w.site.range}
          options={(Object.keys(RANGES) as RangeName[]).map((value) => ({ value, label: w.trend.ranges[value] }))}
        />
      </header>
      {numeric === undefined || (picked === undefined && names.length === 0 && numeric.length > 0) ? (
        <Loading />
      ) : shown.length === 0 ? (
        <Nothing icon="chart" title={w.trend.choose} />
      ) : (
        <Suspense fallback={<Loading />}>
          <Trend
            key={`${shown.map((point) => point.id).join()}/${range}`}
            site={site}
            points={shown}
            range={range}
            limits={limitLines(shown, lang)}
          />
        </Suspense>
      )}
    </section>
  )
}

const chartable = (point: PointBody): boolean =>
  typeof point.value === 'number' || /^(gas|env|tank|power|weld\.current|belt|count)/.test(point.kind)

/** What was picked; until then what was there to show first, which does not change by itself. */
function useFirst(
  picked: readonly string[] | undefined,
  { numeric, alarms, site }: { numeric: readonly PointBody[] | undefined; alarms: Alarms | undefined; site: string },
): readonly string[] {
  const [chosen, setChosen] = useState<readonly string[]>()
  useEffect(() => {
    if (chosen === undefined && numeric && alarms) setChosen(first(numeric, inAlarm(alarms, site)))
  }, [chosen, numeric, alarms, site])
  return picked ?? chosen ?? []
}

/** The points that limit alarms of the site are about, worst first. */
function inAlarm(alarms: Alarms, site: string): readonly string[] {
  return [...alarms.values()]
    .filter(({ last }) => last.site === site && last.rule === 'limit')
    .sort(byUrgency)
    .map(({ last }) => last.key.slice(0, last.key.lastIndexOf(':')))
}

/** The point in the worst alarm, else a methane point, else another gas, else whatever speaks. */
function first(points: readonly PointBody[], urgent: readonly string[]): readonly string[] {
  const heard = points.filter((point) => point.state !== 'unknown')
  const worst = urgent.find((id) => points.some((point) => point.id === id))
  if (worst !== undefined) return [worst]
  const found =
    heard.find((point) => point.kind === 'gas.ch4') ??
    heard.find((point) => point.kind.startsWith('gas.')) ??
    heard[0] ??
    points[0]
  return found ? [found.id] : []
}

/** Every level of the points shown, whether or not it was ever exceeded. */
function limitLines(points: readonly PointBody[], lang: 'zh' | 'en'): readonly LimitLine[] {
  return points.flatMap(({ id, levels = [] }) =>
    levels.flatMap(({ title, severity, high, low }) => {
      const value = high ?? low
      return value === undefined ? [] : [{ point: id, name: title[lang], value, severity }]
    }),
  )
}
