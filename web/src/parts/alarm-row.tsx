/** One alarm of a list. */
import { Button, Checkbox } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { Problem } from '../api/http.ts'
import type { AlarmBody } from '../api/types.ts'
import { ago, dateTime, instant, shortTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { mayReset, needsAck, needsConfirm } from '../store/alarms.ts'
import { acknowledge, command } from '../store/commands.ts'
import { useDesk } from '../store/desk.ts'
import { useMay } from '../store/may.ts'
import { notify } from '../store/notices.ts'
import { openAlarm, siteHref } from '../store/route.ts'
import type { Selection } from './alarm-list.tsx'
import { AlarmMarks } from './alarm-marks.tsx'
import { SeverityShape } from './severity.tsx'
import { useZone } from './zone.ts'

interface Props {
  readonly alarm: AlarmBody
  readonly now: number
  readonly pending: boolean
  readonly withSite: boolean
  readonly selection: Selection | undefined
  readonly current: boolean
}

export function AlarmRow({ alarm, now, pending, withSite, selection, current }: Props) {
  const { lang, w, text } = useLanguage()
  const { last, severity } = alarm
  const zone = useZone(last.site)
  const site = useDesk((d) => d.sites.value?.find((s) => s.site === last.site))
  const row = useRef<HTMLTableRowElement>(null)
  useEffect(() => {
    if (current) row.current?.focus({ preventScroll: false })
  }, [current])
  const may = useMay('operator')
  const words = text(last.text)
  const waits = needsAck(alarm) && !pending
  const next = needsConfirm(alarm) ? 'confirm' : mayReset(alarm) ? 'reset' : undefined
  const [busy, setBusy] = useState(false)
  const finish = async (name: 'confirm' | 'reset') => {
    setBusy(true)
    try {
      await command(alarm, { command: name })
    } catch (error) {
      notify({ tone: 'error', title: w.acts.refused[name], problem: error as Problem })
    } finally {
      setBusy(false)
    }
  }
  const since = instant(last.since) ?? instant(alarm.raised) ?? now
  return (
    <tr
      ref={row}
      tabIndex={-1}
      className="alarm"
      data-severity={severity}
      data-state={pending ? 'acked' : alarm.state}
      data-alarm={alarm.alarm}
      data-hush={last.hush?.kind}
      aria-selected={selection?.chosen.has(alarm.alarm)}
    >
      {selection && (
        <td className="col-select">
          {needsAck(alarm) && (
            <Checkbox
              checked={selection.chosen.has(alarm.alarm)}
              onChange={() => selection.toggle(alarm.alarm)}
              aria-label={w.alarms.select(words)}
            />
          )}
        </td>
      )}
      <td className="col-severity">
        <span className="sev-cell">
          <SeverityShape severity={severity} size={20} />
          {w.severity[severity]}
        </span>
      </td>
      <td className="col-text">
        <button
          type="button"
          className="alarm-text"
          onClick={() => openAlarm(alarm.alarm)}
          aria-label={w.alarms.open(words)}
        >
          {words}
        </button>
        <span className="alarm-sub clip">
          {w.rule[last.rule] ?? last.rule}
          {last.clause && <> · {last.clause}</>} · <span className="mono">{last.key}</span>
        </span>
        <AlarmMarks last={last} now={now} zone={zone} />
      </td>
      {withSite && (
        <td className="col-site">
          <a href={siteHref(last.site)}>{site ? text(site.name) : last.site}</a>
        </td>
      )}
      <td className="col-since nowrap" title={dateTime(since, zone)}>
        {ago(now - since, lang)}
        <span className="under">{shortTime(since, { zone, now })}</span>
      </td>
      <td className="col-state">
        <State alarm={alarm} pending={pending} now={now} zone={zone} />
      </td>
      <td className="col-count num">{alarm.episode > 1 ? `×${alarm.episode}` : ''}</td>
      <td className="col-actions">
        {may && (waits || pending) && (
          <Button
            type={alarm.state === 'unacked' ? 'primary' : 'default'}
            disabled={pending}
            onClick={() => void acknowledge([alarm], w.alarms.ackFailed)}
            aria-label={pending ? w.alarms.acking : w.alarms.ackOne(words)}
          >
            {pending ? w.alarms.acking : w.alarms.ack}
          </Button>
        )}
        {may && next && (
          <Button loading={busy} onClick={() => void finish(next)} aria-label={`${w.acts[next]}: ${words}`}>
            {w.acts.short[next]}
          </Button>
        )}
      </td>
    </tr>
  )
}

function State({ alarm, pending, now, zone }: { alarm: AlarmBody; pending: boolean; now: number; zone: string }) {
  const { lang, w } = useLanguage()
  const cleared = instant(alarm.cleared)
  const by = alarm.state === 'acked' && alarm.last.cause === 'acked' ? alarm.last.by : undefined
  return (
    <>
      <span className="state" data-state={pending ? 'acked' : alarm.state}>
        {pending ? w.alarms.acking : w.stateShort[alarm.state]}
      </span>
      {alarm.state === 'rtn-unacked' && cleared !== undefined && (
        <span className="under" title={dateTime(cleared, zone)}>
          {ago(now - cleared, lang)}
        </span>
      )}
      {by !== undefined && <span className="under">{w.drawer.by(by)}</span>}
    </>
  )
}
