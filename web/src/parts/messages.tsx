/** Notifications (通知), newest first, and the button that sends a failed or dead one again. */
import { Button, Select } from 'antd'
import { useState } from 'react'
import { ask, type Problem, query } from '../api/http.ts'
import type { NotificationBody, NotificationList } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { useFetched } from '../store/fetched.ts'
import { notify } from '../store/notices.ts'
import { setParams } from '../store/route.ts'
import { MessageRow } from './message-row.tsx'
import { Nothing, Show } from './states.tsx'

const STATES = ['queued', 'failed', 'sent', 'dead'] as const

interface Props {
  /** Empty: any. Kept in the address. */
  readonly filter: { readonly state: string; readonly channel: string; readonly alarm: string }
  readonly channels: readonly string[]
}

export function Messages({ filter, channels }: Props) {
  const { w } = useLanguage()
  const [cursor, setCursor] = useState<string>()
  const { state, channel, alarm } = filter
  const of = useFetched<NotificationList>(`notifications${query({ state, channel, alarm, cursor, limit: 50 })}`, {
    every: 5_000,
  })
  const choose = (change: Readonly<Record<string, string>>) => {
    setCursor(undefined)
    setParams(change, { replace: true })
  }
  const resend = async ({ id }: NotificationBody) => {
    try {
      await ask(`notifications/${encodeURIComponent(id)}/resend`, { method: 'POST' })
      notify({ tone: 'done', title: w.notifications.resent })
    } catch (error) {
      notify({ tone: 'error', title: w.notifications.resendFailed, problem: error as Problem })
    }
    of.reload()
  }
  return (
    <section className="panel" aria-label={w.notifications.list}>
      <header className="wrap">
        <h2>{w.notifications.list}</h2>
        <Select
          value={state}
          onChange={(value) => choose({ state: value })}
          aria-label={w.notifications.state}
          style={{ width: 200 }}
          options={[
            { value: '', label: w.notifications.anyState },
            ...STATES.map((value) => ({ value, label: w.deliveries.state[value] })),
          ]}
        />
        <Select
          value={channel}
          onChange={(value) => choose({ channel: value })}
          aria-label={w.notifications.channel}
          style={{ width: 170 }}
          options={[
            { value: '', label: w.notifications.anyChannel },
            ...channels.map((value) => ({ value, label: value })),
          ]}
        />
        {alarm !== '' && (
          <>
            <span className="mono">{w.notifications.about(alarm)}</span>
            <Button type="text" onClick={() => choose({ about: '' })}>
              {w.notifications.everything}
            </Button>
          </>
        )}
      </header>
      <Show of={of} retry={of.reload}>
        {({ items, next }) => (
          <>
            {items.length === 0 ? (
              <Nothing title={w.notifications.none} detail={w.notifications.noneDetail} />
            ) : (
              <Table items={items} resend={(item) => void resend(item)} />
            )}
            {(next !== undefined || cursor !== undefined) && (
              <p className="pages row">
                {cursor !== undefined && <Button onClick={() => setCursor(undefined)}>{w.common.page(1)}</Button>}
                {next !== undefined && <Button onClick={() => setCursor(next)}>{w.alarms.more}</Button>}
              </p>
            )}
          </>
        )}
      </Show>
    </section>
  )
}

interface TableProps {
  readonly items: readonly NotificationBody[]
  resend(item: NotificationBody): void
}

function Table({ items, resend }: TableProps) {
  const { w } = useLanguage()
  return (
    <div className="sideways">
      <table className="plain stacked" aria-label={w.notifications.list}>
        <thead>
          <tr>
            <th scope="col">{w.notifications.written}</th>
            <th scope="col">{w.notifications.channel}</th>
            <th scope="col">{w.notifications.message}</th>
            <th scope="col">{w.notifications.to}</th>
            <th scope="col">{w.notifications.state}</th>
            <th scope="col">
              <span className="sr">{w.alarms.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <MessageRow key={item.id} item={item} resend={() => resend(item)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}
