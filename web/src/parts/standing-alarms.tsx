/** All standing alarms, worst first, with selection, filters and keys. */
import { Button, type InputRef, Popconfirm } from 'antd'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { AlarmBody } from '../api/types.ts'
import { useLanguage } from '../i18n/language.ts'
import { type Grouping, groupAlarms, useAreaOf } from '../store/alarm-groups.ts'
import { type AlarmFilter, asSeen, byUrgency, matches, needsAck } from '../store/alarms.ts'
import { acknowledge } from '../store/commands.ts'
import { useDesk } from '../store/desk.ts'
import { standsOn, useDutyTree } from '../store/desks.ts'
import { useMay } from '../store/may.ts'
import { openAlarm } from '../store/route.ts'
import { refresh } from '../store/session.ts'
import { AlarmFilters } from './alarm-filters.tsx'
import { AlarmList } from './alarm-list.tsx'
import { useListKeys } from './list-keys.ts'
import { Nothing, Show } from './states.tsx'

/** More rows than anybody reads; the rest is reached by filters. */
const MOST = 300

interface Props {
  readonly filter: AlarmFilter
  readonly grouping: Grouping
}

export function StandingAlarms({ filter, grouping }: Props) {
  const { w, text: said } = useLanguage()
  const alarms = useDesk((d) => d.alarms)
  const pending = useDesk((d) => d.pending)
  const sites = useDesk((d) => d.sites.value)
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const [cursor, setCursor] = useState<string>()
  /** What was listed when the officer was asked about all of it; what comes meanwhile is not part of the answer. */
  const [asked, setAsked] = useState<readonly AlarmBody[]>()
  const may = useMay('operator')
  const input = useRef<InputRef>(null)
  const button = useRef<HTMLButtonElement>(null)

  const desks = useDutyTree().value?.desks
  const { text, site, severity, state, rule, desk } = filter
  const shown = useMemo(() => {
    const names = new Map(sites?.map((s) => [s.site, `${s.name.zh} ${s.name.en}`]))
    const wanted = {
      ...(text && { text }),
      ...(site && { site }),
      ...(severity && { severity }),
      ...(state && { state }),
      ...(rule && { rule }),
    }
    return [...(alarms.value?.values() ?? [])]
      .filter((alarm) => matches(alarm, wanted, names.get(alarm.last.site)))
      .filter(({ last }) => !desk || !desks || standsOn({ desk, last }, desks))
      .sort(byUrgency)
  }, [alarms.value, sites, desks, text, site, severity, state, rule, desk])

  const areaOf = useAreaOf(sites, grouping === 'area')
  const groups =
    grouping === 'none'
      ? undefined
      : groupAlarms(shown.slice(0, MOST), { by: grouping, area: areaOf }).map((group) => {
          const home = sites?.find((found) => found.site === group.site)
          const area = home?.areas.find(({ id }) => id === group.area)
          const place = area ? said(area.name) : grouping === 'area' ? w.alarms.noArea : undefined
          return {
            title: [home ? said(home.name) : group.site, place].filter(Boolean).join(' · '),
            alarms: group.alarms,
          }
        })
  const listed = groups?.flatMap((group) => group.alarms) ?? shown.slice(0, MOST)

  const beyond = shown.length - listed.length

  // Only what is listed: nobody acknowledges what they could not see.
  const unacknowledged = listed.filter((alarm) => needsAck(alarm) && !pending.has(alarm.alarm))
  const waiting = unacknowledged.map(({ alarm }) => alarm)
  // What was acknowledged meanwhile, here or elsewhere, is no longer ticked.
  const chosen = new Set(waiting.filter((alarm) => ticked.has(alarm)))
  const all = waiting.length > 0 && chosen.size === waiting.length
  const ack = (ids: readonly string[]) => may && void acknowledge(ids, w.alarms.ackFailed)
  // Nobody takes an acknowledgement back: what was not chosen one by one is asked about.
  const asks = chosen.size === 0 && waiting.length > 1
  const toggle = useCallback((alarm: string) => {
    setTicked((before) => {
      const next = new Set(before)
      if (!next.delete(alarm)) next.add(alarm)
      return next
    })
  }, [])

  const leave = useCallback(() => {
    setAsked(undefined)
    button.current?.focus()
  }, [])
  useEffect(() => {
    if (!asked) return
    const listen = (event: KeyboardEvent) => event.key === 'Escape' && leave()
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [asked, leave])

  useListKeys({
    ids: listed.map((alarm) => alarm.alarm),
    cursor,
    moveTo: setCursor,
    open: openAlarm,
    toggle,
    acknowledge: (alarm) => ack(chosen.size > 0 ? [...chosen] : waiting.filter((id) => id === alarm)),
    filter: () => input.current?.focus(),
  })

  return (
    <section className="panel" aria-label={w.overview.alarms}>
      <header className="wrap">
        <AlarmFilters
          {...(desks && { desks })}
          filter={filter}
          states={['unacked', 'acked', 'rtn-unacked']}
          input={input}
        />
        <span className="grow" />
        <span className="quiet nowrap" role="status">
          {w.alarms.shown(shown.length, alarms.value?.size ?? 0)}
        </span>
        <Popconfirm
          title={w.alarms.ackVisible((asked ?? waiting).length)}
          description={
            <>
              {w.alarms.ackUnread}
              {beyond > 0 && <p>{w.alarms.beyond(beyond)}</p>}
            </>
          }
          okText={w.alarms.ack}
          cancelText={w.drawer.cancel}
          disabled={!asks}
          // The keyboard comes to the question, at the answer that does nothing, and goes back to the button.
          cancelButtonProps={{ autoFocus: true }}
          destroyOnHidden
          overlayClassName="question"
          open={asks && asked !== undefined}
          onOpenChange={(open) => (open ? setAsked(unacknowledged) : leave())}
          onConfirm={() => ack(asSeen(asked ?? [], alarms.value))}
        >
          <Button
            ref={button}
            type="primary"
            disabled={!may || waiting.length === 0}
            {...(!asks && { onClick: () => ack(chosen.size > 0 ? [...chosen] : waiting) })}
          >
            {chosen.size > 0 ? w.alarms.ackSelected(chosen.size) : w.alarms.ackVisible(waiting.length)}
          </Button>
        </Popconfirm>
      </header>
      <Show of={alarms} retry={() => void refresh()}>
        {(known) =>
          known.size === 0 ? (
            <Nothing icon="check" title={w.overview.noAlarms} detail={w.overview.noAlarmsDetail} />
          ) : shown.length === 0 ? (
            <Nothing title={w.alarms.noMatch} />
          ) : (
            <AlarmList
              alarms={listed}
              groups={groups}
              withSite={grouping === 'none'}
              label={w.overview.alarms}
              {...(may && {
                selection: { chosen, all, toggle, toggleAll: () => setTicked(new Set(all ? [] : waiting)) },
              })}
              cursor={cursor}
            />
          )
        }
      </Show>
      {beyond > 0 && (
        <p className="inline-note" role="status">
          {w.alarms.beyond(beyond)}
        </p>
      )}
      <p className="keys">{w.alarms.keys}</p>
    </section>
  )
}
