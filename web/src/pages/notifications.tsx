/** Who is told of alarms outside this page: the channels, and what became of each message. */
import type { ChannelList } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { Channels } from '../parts/channels.tsx'
import { Messages } from '../parts/messages.tsx'
import { Nothing, Show } from '../parts/states.tsx'
import { useFetched } from '../store/fetched.ts'
import { useMay } from '../store/may.ts'
import type { Route } from '../store/route.ts'

export default function Notifications({ route: { params } }: { route: Route }) {
  const { w } = useLanguage()
  const may = useMay('operator')
  const of = useFetched<ChannelList>('channels', { every: 5_000 })
  return (
    <div className="stack">
      <h1>{w.nav.notifications}</h1>
      <section className="panel" aria-label={w.notifications.channels}>
        <Show of={of} retry={of.reload}>
          {({ channels }) =>
            channels.length === 0 ? (
              <Nothing title={w.notifications.noChannels} detail={w.notifications.noChannelsDetail} />
            ) : (
              <Channels channels={channels} changed={of.reload} />
            )
          }
        </Show>
      </section>
      {may ? (
        <Messages
          filter={{
            state: params.get('state') ?? '',
            channel: params.get('channel') ?? '',
            alarm: params.get('about') ?? '',
          }}
          channels={of.value?.channels.map(({ name }) => name) ?? []}
        />
      ) : (
        <p className="quiet">{w.notifications.operatorOnly}</p>
      )}
    </div>
  )
}
