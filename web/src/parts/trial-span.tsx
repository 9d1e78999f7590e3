/** Which part of the past a trial looks at. */
import { Input, Segmented } from 'antd'
import type { SiteView } from '../api/types.ts'
import { dateTime, instantIn } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { desk } from '../store/desk.ts'

export type SpanName = 'shift' | 'day' | 'week' | 'custom'

export interface Span {
  readonly name: SpanName
  /** Wall times of the site, `2026-05-01T08:00`; of `custom` only. */
  readonly from: string
  readonly to: string
}

/** The body's times; `undefined` where they make no span. */
export function rangeOf(
  { name, from, to }: Span,
  { site, zone }: { site: SiteView | undefined; zone: string },
): { readonly from: string; readonly to: string } | undefined {
  const now = Date.now() + desk.get().skew
  const back = (days: number) => ({ from: iso(now - days * 86_400_000), to: iso(now) })
  switch (name) {
    case 'shift':
      return site?.lastShift && { from: site.lastShift.from, to: site.lastShift.until }
    case 'day':
      return back(1)
    case 'week':
      return back(7)
    case 'custom': {
      const [start, end] = [instantIn(zone, from), instantIn(zone, to)]
      return start === undefined || end === undefined || start >= end ? undefined : { from: iso(start), to: iso(end) }
    }
  }
}

const iso = (at: number): string => new Date(at).toISOString()

interface Props {
  readonly span: Span
  readonly site: SiteView | undefined
  readonly zone: string
  set(span: Span): void
}

export function TrialSpan({ span, site, zone, set }: Props) {
  const { w } = useLanguage()
  const last = site?.lastShift
  const names = (['shift', 'day', 'week', 'custom'] as const).filter((name) => name !== 'shift' || last)
  const wall = (at: number) => dateTime(at, zone).slice(0, 16).replace(' ', 'T')
  const choose = (name: SpanName) => {
    if (name !== 'custom' || span.from !== '') return set({ ...span, name })
    const now = Date.now() + desk.get().skew
    set({ name, from: wall(now - 86_400_000), to: wall(now) })
  }
  return (
    <div className="trial-span">
      <span className="trial-label">{w.trial.span}</span>
      <Segmented
        value={span.name}
        onChange={choose}
        aria-label={w.trial.span}
        options={names.map((value) => ({ value, label: w.trial.spans[value] }))}
      />
      {span.name === 'custom' && (
        <div className="row wrap">
          {(['from', 'to'] as const).map((end) => (
            <span key={end} className="row">
              <label className="quiet" htmlFor={`trial-${end}`}>
                {w.trial[end]}
              </label>
              <Input
                id={`trial-${end}`}
                type="datetime-local"
                value={span[end]}
                onChange={(event) => set({ ...span, [end]: event.target.value })}
                style={{ width: 205 }}
              />
            </span>
          ))}
        </div>
      )}
      <span className="under">
        {span.name === 'shift' && last
          ? `${dateTime(Date.parse(last.from), zone).slice(0, 16)} – ${dateTime(Date.parse(last.until), zone).slice(11, 16)} · `
          : ''}
        {w.trial.times(zone)}
      </span>
    </div>
  )
}
