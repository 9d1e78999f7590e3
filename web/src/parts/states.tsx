/** What a part of the page shows while it has nothing to show: loading, empty, failed. */
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { OFFLINE, type Problem } from '../api/http.ts'
import { useLanguage } from '../i18n/language.ts'
import type { Loaded } from '../store/desk.ts'
import { Glyph, type IconName } from './icons.tsx'

export function Loading({ lines = 4 }: { lines?: number }) {
  const { w } = useLanguage()
  return (
    <div className="skeleton" role="status" aria-label={w.common.loading}>
      {Array.from({ length: lines }, (_, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars without identity
        <i key={n} style={{ width: `${92 - ((n * 23) % 40)}%` }} />
      ))}
    </div>
  )
}

export function Nothing({ title, detail, icon = 'empty' }: { title: string; detail?: string; icon?: IconName }) {
  return (
    <div className="state-box">
      <Glyph name={icon} size={30} />
      <b>{title}</b>
      {detail && <span>{detail}</span>}
    </div>
  )
}

/** Title, detail and remedy of a problem as lines. */
export function ProblemText({ problem }: { problem: Problem }) {
  const { w } = useLanguage()
  if (problem.code === OFFLINE)
    return (
      <>
        <span>{w.common.offline}</span>
        <span className="quiet">{w.common.offlineRemedy}</span>
      </>
    )
  // The service speaks the page's language, but advises programs: where the page knows what to do here, it says that instead.
  const { title, detail, errors } = problem
  const remedy = w.remedy[problem.code] ?? problem.remedy
  // A case known in English only repeats the title in other languages: then the title says it all.
  const more = detail !== undefined && !detail.startsWith(title) ? detail : undefined
  return (
    <>
      <span>{title}</span>
      {more && <span className="small">{more}</span>}
      {remedy && <span className="quiet">{remedy}</span>}
      {errors.slice(0, 5).map(({ where, detail }) => (
        <span key={`${where} ${detail}`} className="small">
          {where && <span className="mono">{where}</span>} {detail}
        </span>
      ))}
    </>
  )
}

export function Failure({ problem, retry, title }: { problem: Problem; retry: () => void; title?: string }) {
  const { w } = useLanguage()
  return (
    <div className="state-box" data-tone="error" role="alert">
      <Glyph name="alert" size={30} />
      <b>{title ?? w.common.failed}</b>
      <ProblemText problem={problem} />
      <Button onClick={retry}>{w.common.retry}</Button>
    </div>
  )
}

/** The content of something fetched, or its loading or failure; a failed refresh leaves the old content under a warning. */
export function Show<T>({
  of,
  retry,
  lines,
  children,
}: {
  of: Loaded<T>
  retry: () => void
  lines?: number
  children: (value: T) => ReactNode
}) {
  const { w } = useLanguage()
  if (of.value === undefined)
    return of.problem ? <Failure problem={of.problem} retry={retry} /> : <Loading {...(lines ? { lines } : {})} />
  return (
    <>
      {of.problem && (
        <div className="stale-note" role="status">
          <Glyph name="alert" size={16} />
          <span className="grow">{w.common.stale}</span>
          <Button size="small" onClick={retry}>
            {w.common.retry}
          </Button>
        </div>
      )}
      {children(of.value)}
    </>
  )
}
