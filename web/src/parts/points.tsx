/** The points of a site: value with unit, worth, age and state; what is not a live good value never looks like one. */
import { Button, Input, Select } from 'antd'
import { useMemo, useState } from 'react'
import type { AreaBody, PointBody, PointList, SiteView } from '../api/types.ts'
import { pointValue } from '../format/point.ts'
import { duration, exactTime, instant } from '../format/time.ts'
import { kindRank } from '../format/value.ts'
import { useLanguage } from '../i18n/language.ts'
import { useNow } from '../store/clock.ts'
import type { Fetched } from '../store/fetched.ts'
import { Glyph } from './icons.tsx'
import { Nothing, Show } from './states.tsx'

interface Props {
  readonly site: SiteView
  readonly of: Fetched<PointList>
  readonly area: string | undefined
  clearArea(): void
  pick(point: string): void
}

export function Points({ site, of, area, clearArea, pick }: Props) {
  const { w, text } = useLanguage()
  const [words, setWords] = useState('')
  const [state, setState] = useState<PointBody['state'] | ''>('')
  const inside = useMemo(() => within(site.areas, area), [site.areas, area])
  const wanted = words.toLowerCase()
  const shown = (of.value?.points ?? [])
    .filter(
      (point) =>
        (area === undefined || (point.area !== undefined && inside.has(point.area))) &&
        (state === '' || point.state === state) &&
        searchable(point, w.kind[point.kind] ?? '').includes(wanted),
    )
    .sort((a, b) => kindRank(a.kind) - kindRank(b.kind))
  const chosen = site.areas.find((found) => found.id === area)
  return (
    <section className="panel" aria-label={w.site.points}>
      <header className="wrap">
        <h2>{w.site.points}</h2>
        {chosen && (
          <Button size="small" onClick={clearArea}>
            {text(chosen.name)} ×
          </Button>
        )}
        <span className="grow" />
        <Select
          value={state}
          onChange={setState}
          aria-label={w.site.state}
          style={{ width: 140 }}
          options={[
            { value: '', label: w.alarms.anyState },
            ...Object.entries(w.pointState).map(([value, label]) => ({ value: value as PointBody['state'], label })),
          ]}
        />
        <Input
          allowClear
          style={{ width: 170 }}
          value={words}
          onChange={(event) => setWords(event.target.value)}
          placeholder={w.site.filterPoints}
          aria-label={w.site.filterPoints}
        />
      </header>
      <Show of={of} retry={of.reload}>
        {() =>
          shown.length === 0 ? <Nothing title={w.site.noPoints} /> : <Table site={site} points={shown} pick={pick} />
        }
      </Show>
    </section>
  )
}

const searchable = (point: PointBody, kind: string): string =>
  `${point.id} ${point.name?.zh ?? ''} ${point.name?.en ?? ''} ${kind} ${point.kind}`.toLowerCase()

function within(areas: readonly AreaBody[], area: string | undefined): ReadonlySet<string> {
  const found = new Set(area === undefined ? [] : [area])
  for (let size = 0; size !== found.size; ) {
    size = found.size
    for (const { id, in: parent } of areas) if (parent !== undefined && found.has(parent)) found.add(id)
  }
  return found
}

function Table({
  site,
  points,
  pick,
}: {
  site: SiteView
  points: readonly PointBody[]
  pick: (point: string) => void
}) {
  const { w } = useLanguage()
  const now = useNow()
  return (
    <div className="scroll">
      <table className="plain points stacked" aria-label={w.site.points}>
        <thead>
          <tr>
            <th scope="col">{w.site.point}</th>
            <th scope="col" className="num">
              {w.site.value}
            </th>
            <th scope="col">
              {w.site.state} · {w.site.quality}
            </th>
            <th scope="col" className="num">
              {w.site.age}
            </th>
            <th scope="col">
              <span className="sr">{w.site.trend}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <PointRow key={point.id} point={point} now={now} zone={site.timezone} pick={pick} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps {
  readonly point: PointBody
  readonly now: number
  readonly zone: string
  pick(point: string): void
}

function PointRow({ point, now, zone, pick }: RowProps) {
  const { lang, w, text } = useLanguage()
  const ts = instant(point.ts)
  const { text: value, struck } = pointValue(point, lang)
  return (
    <tr data-state={point.state}>
      <td className="wide">
        <span className="point-id">{point.name ? text(point.name) : point.id}</span>
        <span className="under">
          {w.kind[point.kind] ?? point.kind}
          {point.place && ` · ${point.place}`}
          {point.name && ` · ${point.id}`}
        </span>
      </td>
      <td
        className="num point-value"
        data-label={w.site.value}
        data-numeric={typeof point.value === 'number' || undefined}
      >
        {struck ? <s title={w.pointState[point.state]}>{value}</s> : value}
      </td>
      <td data-label={w.site.state}>
        <span className="flag" data-tone={TONES[point.state]}>
          {w.pointState[point.state]}
        </span>
        <span className={point.quality === undefined || point.quality === 'good' ? 'under' : 'under point-worth'}>
          {[point.quality && (w.quality[point.quality] ?? point.quality), point.status].filter(Boolean).join(' · ')}
        </span>
        {point.clockAheadMs !== undefined && (
          <span className="under point-worth">
            {w.sources.ahead} {duration(point.clockAheadMs, lang)}
          </span>
        )}
      </td>
      <td className="num nowrap" data-label={w.site.age} {...(ts === undefined ? {} : { title: exactTime(ts, zone) })}>
        {ts === undefined ? w.common.none : duration(now - ts, lang)}
      </td>
      <td className="num">
        {(typeof point.value === 'number' || point.unit !== undefined) && (
          <button
            type="button"
            className="icon-button"
            aria-label={w.site.showTrend(point.id)}
            title={w.site.showTrend(point.id)}
            onClick={() => pick(point.id)}
          >
            <Glyph name="chart" size={17} />
          </button>
        )}
      </td>
    </tr>
  )
}

const TONES: Readonly<Record<PointBody['state'], string>> = {
  live: 'calm',
  late: 'minor',
  silent: 'major',
  bad: 'major',
  calibrating: 'notice',
  unknown: 'dim',
  'out-of-service': 'dim',
}
