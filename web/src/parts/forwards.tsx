/** Ways up (上传链路): where readings and alarms are sent on to, and how far the peer above is behind. */
import type { ForwardBody } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDesk } from '../store/desk.ts'
import { refresh } from '../store/session.ts'
import { LinkState } from './link-state.tsx'
import { Since } from './since.tsx'
import { Nothing, Show } from './states.tsx'
import { useZone } from './zone.ts'

export function Forwards() {
  const { w } = useLanguage()
  const links = useDesk((d) => d.links)
  return (
    <section className="panel" aria-label={w.sources.forwards}>
      <header className="wrap">
        <h2>{w.sources.forwards}</h2>
        <span className="quiet grow">{w.sources.forwardsHint}</span>
      </header>
      <Show of={links} retry={() => void refresh()}>
        {({ forwards }) =>
          forwards.length === 0 ? (
            <Nothing icon="plug" title={w.sources.noForwards} detail={w.sources.noForwardsDetail} />
          ) : (
            <Table forwards={forwards} />
          )
        }
      </Show>
    </section>
  )
}

function Table({ forwards }: { forwards: readonly ForwardBody[] }) {
  const { w } = useLanguage()
  const zone = useZone()
  return (
    <div className="sideways">
      <table className="plain stacked" aria-label={w.sources.forwards}>
        <thead>
          <tr>
            <th scope="col">{w.sources.way}</th>
            <th scope="col">{w.alarms.state}</th>
            <th scope="col">{w.sources.since}</th>
            <th scope="col">{w.sources.peer}</th>
            <th scope="col" className="num">
              {w.sources.behind}
            </th>
            <th scope="col" className="num">
              {w.sources.sent}
            </th>
            <th scope="col" className="num">
              {w.sources.refused}
            </th>
          </tr>
        </thead>
        <tbody>
          {forwards.map(({ name, state, reason, since, peer, behind, sent, refused }) => (
            <tr key={name}>
              <td className="wide">
                <b>{name}</b>
              </td>
              <td data-label={w.alarms.state}>
                <LinkState state={state} {...(reason !== undefined && { reason })} />
              </td>
              <td className="nowrap" data-label={w.sources.since}>
                <Since at={Date.parse(since)} zone={zone} />
              </td>
              <td className="mono" data-label={w.sources.peer}>
                {peer}
              </td>
              <td
                data-label={w.sources.behind}
                className={behind > 0 && state !== 'up' ? 'num nowrap refused' : 'num nowrap'}
              >
                {behind === 0 ? w.sources.caughtUp : w.sources.entries(behind)}
              </td>
              <td className="num nowrap" data-label={w.sources.sent}>
                {w.sources.entries(sent)}
              </td>
              <td className={refused > 0 ? 'num nowrap refused' : 'num nowrap'} data-label={w.sources.refused}>
                {w.sources.entries(refused)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
