/** One alarm of a list. */
import { Button, Checkbox } from 'antd'
import { memo, useEffect, useRef, useState } from 'react'
import type { Problem } from '../api/http.ts'
import type { AlarmBody } from '../api/types.ts'
import { dateTime, instant, shortTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { mayReset, needsAck, needsConfirm } from '../store/alarms.ts'
import { useNow } from '../store/clock.ts'
import { acknowledge, command } from '../store/commands.ts'
import { useDesk } from '../store/desk.ts'
import { useMay } from '../store/may.ts'
import { notify } from '../store/notices.ts'
import { openAlarm, siteHref } from '../store/route.ts'
import { Ago } from './ago.tsx'
import { AlarmMarks } from './alarm-marks.tsx'
import { SeverityShape } from './severity.tsx'
import { useZone } from './zone.ts'

interface Props {
  readonly alarm: AlarmBody
  readonly pending: boolean
  readonly withSite: boolean
  /** Where rows can be chosen: takes it among the chosen, or out. Keeps its identity. */
  readonly toggle: ((alarm: string) => void) | undefined
  readonly chosen: boolean
  readonly current: boolean
}

/** Drawn again when its own alarm changes: in a flood hundreds stand side by side. */
export const AlarmRow = memo(function AlarmRow({ alarm, pending, withSite, toggle, chosen, current }: Props) {
  const { w, text } = useLanguage()
  const { last, severity } = alarm
  const zone = useZone(last.site)
  // A word, not the site: its counts change all the time.
  const site = useDesk((d) => {
    const found = d.sites.value?.find((s) => s.site === last.site)
    return found && text(found.name)
  })
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
      await command(alarm.alarm, { command: name })
    } catch (error) {
      notify({ tone: 'error', title: w.acts.refused[name], problem: error as Problem })
    } finally {
      setBusy(false)
    }
  }
  const since = instant(last.since) ?? instant(alarm.raised)
  return (
    <tr
      ref={row}
      tabIndex={-1}
      className="alarm"
      data-severity={severity}
      data-state={pending ? 'acked' : alarm.state}
      data-alarm={alarm.alarm}
      data-hush={last.hush?.kind}
      aria-selected={toggle && chosen}
    >
      {toggle && (
        <td className="col-select">
          {needsAck(alarm) && (
            <Checkbox checked={chosen} onChange={() => toggle(alarm.alarm)} aria-label={w.alarms.select(words)} />
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
        <AlarmMarks last={last} zone={zone} />
      </td>
      {withSite && (
        <td className="col-site">
          <a href={siteHref(last.site)}>{site ?? last.site}</a>
        </td>
      )}
      <td className="col-since nowrap" title={since === undefined ? undefined : dateTime(since, zone)}>
        <Ago at={since} />
        <span className="under">{since !== undefined && <Moment at={since} zone={zone} />}</span>
      </td>
      <td className="col-state">
        <State alarm={alarm} pending={pending} zone={zone} />
      </td>
      <td className="col-count num">{alarm.episode > 1 ? `×${alarm.episode}` : ''}</td>
      <td className="col-actions">
        {may && (waits || pending) && (
          <Button
            type={alarm.state === 'unacked' ? 'primary' : 'default'}
            disabled={pending}
            onClick={() => void acknowledge([alarm.alarm], w.alarms.ackFailed)}
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
})

/** Today a time, otherwise its day too. */
function Moment({ at, zone }: { at: number; zone: string }) {
  return shortTime(at, { zone, now: useNow() })
}

function State({ alarm, pending, zone }: { alarm: AlarmBody; pending: boolean; zone: string }) {
  const { w } = useLanguage()
  const cleared = instant(alarm.cleared)
  const by = alarm.state === 'acked' && alarm.last.cause === 'acked' ? alarm.last.by : undefined
  return (
    <>
      <span className="state" data-state={pending ? 'acked' : alarm.state}>
        {pending ? w.alarms.acking : w.stateShort[alarm.state]}
      </span>
      {alarm.state === 'rtn-unacked' && cleared !== undefined && (
        <span className="under" title={dateTime(cleared, zone)}>
          <Ago at={cleared} />
        </span>
      )}
      {by !== undefined && <span className="under">{w.drawer.by(by)}</span>}
    </>
  )
}
