/** Sources of readings: how each link stands, when it was last heard, how late it is, and what it brought. */
import type { SourceBody } from '../api/types.ts'
import { lagText } from '../format/lag.ts'
import { instant } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { LinkState } from './link-state.tsx'
import { Since } from './since.tsx'
import { useZone } from './zone.ts'

/** A clock ahead by more than this is worth a word. */
const AHEAD = -1_000

export function SourceTable({ sources }: { sources: readonly SourceBody[] }) {
  const { w } = useLanguage()
  return (
    <div className="sideways">
      <table className="plain stacked" aria-label={w.sources.title}>
        <thead>
          <tr>
            <th scope="col">{w.sources.name}</th>
            <th scope="col">{w.sources.link}</th>
            <th scope="col">{w.sources.since}</th>
            <th scope="col">{w.sources.heard}</th>
            <th scope="col" className="num" title={w.sources.lagHint}>
              {w.sources.lag}
            </th>
            <th scope="col">{w.sources.peer}</th>
            {COUNTERS.map((name) => (
              <th key={name} scope="col" className="num">
                {w.sources[name]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sources.map((source) => (
            <Row key={source.name} source={source} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const COUNTERS = ['frames', 'readings', 'duplicates', 'refused'] as const

function Row({ source }: { source: SourceBody }) {
  const { lang, w } = useLanguage()
  const zone = useZone()
  const { name, adapter, state, since, reason, peer, lagMs } = source
  const heard = instant(source.heard)
  return (
    <tr>
      <td className="wide">
        <b>{name}</b>
        <span className="under">{adapter}</span>
      </td>
      <td data-label={w.sources.link}>
        <LinkState state={state} {...(reason !== undefined && { reason })} />
      </td>
      <td className="nowrap" data-label={w.sources.since}>
        <Since at={Date.parse(since)} zone={zone} />
      </td>
      <td className="nowrap" data-label={w.sources.heard}>
        {heard === undefined ? <span className="dim">{w.sources.never}</span> : <Since at={heard} zone={zone} />}
      </td>
      <td className="num nowrap" title={w.sources.lagHint} data-label={w.sources.lag}>
        {lagMs === undefined ? <span className="dim">{w.common.none}</span> : lagText(lagMs, lang)}
        {lagMs !== undefined && lagMs < AHEAD && <span className="under refused">{w.sources.ahead}</span>}
      </td>
      <td className="mono nowrap" data-label={w.sources.peer}>
        {peer}
      </td>
      {COUNTERS.map((counter) => (
        <td
          key={counter}
          data-label={w.sources[counter]}
          className={counter === 'refused' && source.refused > 0 ? 'num refused' : 'num'}
        >
          {source[counter].toLocaleString('en-US')}
        </td>
      ))}
    </tr>
  )
}
