/** The chart itself: bands between lowest and highest, gaps kept, limits drawn, the newest reading appended as it comes. */
import { useEffect, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { ask, type Problem, pathOf, query } from '../api/http.ts'
import type { PointBody, Series, Severity, SiteView } from '../api/types.ts'
import { append, type Columns, columns, type Sample } from '../format/series.ts'
import { instant } from '../format/time.ts'
import { withUnit } from '../format/value.ts'
import { useLanguage } from '../i18n/language.ts'
import { desk } from '../store/desk.ts'
import { usePrefs } from '../store/prefs.ts'
import { Failure, Loading, Nothing } from './states.tsx'
import { chartOptions, LINE_COLOURS } from './trend-options.ts'
import { RANGES, type RangeName } from './trend-panel.tsx'

export interface LimitLine {
  readonly point: string
  readonly name: string
  readonly value: number
  readonly severity: Severity
}

interface Props {
  readonly site: SiteView
  readonly points: readonly PointBody[]
  readonly range: RangeName
  readonly limits: readonly LimitLine[]
}

/** History is fetched anew this often; between, the live tail carries the line on. */
const RENEW = 60_000

export default function Trend({ site, points, range, limits }: Props) {
  const { w } = useLanguage()
  const names = points.map((point) => point.id)
  const { series, problem, retry } = useSeries(site.site, { names, range })
  const tails = useTails(points, range)
  const data = useMemo(() => {
    if (!series) return undefined
    return points.map((point) =>
      columns(
        { buckets: series.get(point.id)?.buckets ?? [], tail: tails.get(point.id) ?? [] },
        gapAfter(point, range),
      ),
    )
  }, [series, tails, points, range])
  if (!data) return problem ? <Failure problem={problem} retry={retry} /> : <Loading />
  if (data.every((one) => one.x.length === 0)) return <Nothing icon="chart" title={w.trend.empty} />
  return <Chart site={site} points={points} range={range} limits={limits} data={data} />
}

function Chart({ site, points, range, limits, data }: Props & { data: readonly Columns[] }) {
  const { w, lang } = useLanguage()
  const { theme } = usePrefs()
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot>(undefined)
  const table = useMemo(() => joined(data), [data])
  const latest = useRef(table)
  latest.current = table
  const look = JSON.stringify([points.map((point) => [point.id, point.unit, point.kind]), limits, range, site.timezone])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new chart only when its look changes; data is set below
  useEffect(() => {
    const element = box.current
    if (!element) return
    const { span } = RANGES[range]
    const now = () => Date.now() + desk.get().skew
    const options = chartOptions({
      points,
      limits,
      zone: site.timezone,
      lang,
      span,
      now,
      width: element.clientWidth,
      words: w.trend,
    })
    const made = new uPlot(options, latest.current, element)
    chart.current = made
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: options.height }))
    watch.observe(element)
    // Time goes on where a sensor does not: the gap at the right edge has to grow.
    const timer = setInterval(() => made.setData(latest.current), 2_000)
    return () => {
      clearInterval(timer)
      watch.disconnect()
      made.destroy()
      chart.current = undefined
    }
  }, [look, theme, lang])
  useEffect(() => chart.current?.setData(table), [table])
  const label = w.trend.label(points.map((point) => point.id).join(', '))
  return (
    <figure className="trend" aria-label={label}>
      <figcaption className="trend-legend">
        {points.map((point, index) => (
          <span key={point.id}>
            <i style={{ background: LINE_COLOURS[theme][index] }} />
            {point.id}
            <b>{lastOf(data[index], point)}</b>
          </span>
        ))}
      </figcaption>
      <div ref={box} className="trend-box" />
      <p className="dim small trend-hint">{w.trend.band}</p>
    </figure>
  )
}

function lastOf(of: Columns | undefined, point: PointBody): string {
  const value = of?.last.at(-1)
  return typeof value === 'number' ? withUnit(String(Math.round(value * 1000) / 1000), point.unit) : '—'
}

function joined(data: readonly Columns[]): uPlot.AlignedData {
  const tables = data.map(({ x, min, max, last }) => [x, max, min, last] as uPlot.AlignedData)
  // Joining keeps nulls (gaps) and leaves what is absent undefined: absence only means that another point spoke then.
  return uPlot.join(tables)
}

function gapAfter(point: PointBody, range: RangeName): number {
  const [, amount = '60', unit = 's'] = /^(\d+)(s|m|h)$/.exec(point.silentAfter ?? '60s') ?? []
  const silent = Number(amount) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit as 's']
  const [, wide = '1', of = 's'] = /^(\d+)(s|m)$/.exec(RANGES[range].every) ?? []
  return Math.max(silent, 2.5 * Number(wide) * (of === 'm' ? 60_000 : 1_000))
}

function useSeries(site: string, { names, range }: { names: readonly string[]; range: RangeName }) {
  const [state, setState] = useState<{ series?: ReadonlyMap<string, Series>; problem?: Problem }>({})
  const [turn, setTurn] = useState(0)
  const key = names.join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the names
  useEffect(() => {
    const stop = new AbortController()
    const { span, every } = RANGES[range]
    const run = async () => {
      const to = Date.now() + desk.get().skew
      const width = every.endsWith('m') ? Number.parseInt(every, 10) * 60_000 : Number.parseInt(every, 10) * 1_000
      const from = Math.floor((to - span) / width) * width
      try {
        const all = await Promise.all(
          names.map((name) =>
            ask<Series>(`sites/${encodeURIComponent(site)}/points/${pathOf(name)}/history${query({ from, every })}`, {
              signal: stop.signal,
            }),
          ),
        )
        setState({ series: new Map(all.map((one) => [one.point, one])) })
      } catch (error) {
        if (!stop.signal.aborted) setState((before) => ({ ...before, problem: error as Problem }))
      }
    }
    void run()
    const timer = setInterval(run, RENEW)
    return () => {
      stop.abort()
      clearInterval(timer)
    }
  }, [site, key, range, turn])
  return { ...state, retry: () => setTurn((n) => n + 1) }
}

/** The readings seen since the chart was opened. */
function useTails(points: readonly PointBody[], range: RangeName): ReadonlyMap<string, readonly Sample[]> {
  const [tails, setTails] = useState<ReadonlyMap<string, readonly Sample[]>>(new Map())
  useEffect(() => {
    setTails((before) => {
      let next: Map<string, readonly Sample[]> | undefined
      for (const { id, ts, value, state } of points) {
        const at = instant(ts)
        if (at === undefined || state === 'unknown') continue
        const sample = { ts: at, value: state === 'live' && typeof value === 'number' ? value : null }
        const tail = before.get(id) ?? []
        const longer = append(tail, { sample, keepFrom: at - RANGES[range].span })
        if (longer === tail) continue
        next ??= new Map(before)
        next.set(id, longer)
      }
      return next ?? before
    })
  }, [points, range])
  return tails
}
