/** Alarms of all times, newest first, by page. */
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { ask, Problem, query } from '../api/http.ts'
import type { AlarmBody, AlarmList } from '../api/types.ts'
import { dateTime, duration, instant } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import type { AlarmFilter } from '../store/alarms.ts'
import { useNow } from '../store/clock.ts'
import { type Loaded, useDesk } from '../store/desk.ts'
import { openAlarm } from '../store/route.ts'
import { AlarmFilters } from './alarm-filters.tsx'
import { AlarmMarks } from './alarm-marks.tsx'
import { SeverityTag } from './severity.tsx'
import { Nothing, Show } from './states.tsx'

const PAGE = 50

interface Pages {
  readonly items: readonly AlarmBody[]
  readonly next: string | undefined
}

export default function AlarmHistory({ filter }: { filter: AlarmFilter }) {
  const { w } = useLanguage()
  const { of, more, retry, busy } = usePages(filter)
  return (
    <section className="panel" aria-label={w.alarms.history}>
      <header className="wrap">
        <AlarmFilters filter={filter} states={['unacked', 'acked', 'rtn-unacked', 'normal']} withText={false} />
        <span className="grow" />
        <Button onClick={retry}>{w.common.refresh}</Button>
      </header>
      <Show of={of} retry={retry} lines={8}>
        {({ items, next }) =>
          items.length === 0 ? (
            <Nothing title={w.alarms.noHistory} />
          ) : (
            <>
              <Table alarms={items} />
              <p className="keys">
                {next === undefined ? (
                  w.alarms.end
                ) : (
                  <Button onClick={more} loading={busy}>
                    {w.alarms.more}
                  </Button>
                )}
              </p>
            </>
          )
        }
      </Show>
    </section>
  )
}

function usePages({ site, severity, state, rule }: AlarmFilter) {
  const [of, setOf] = useState<Loaded<Pages>>({})
  const [turn, setTurn] = useState(0)
  const [busy, setBusy] = useState(false)
  const wanted = query({ site, severity, state, rule, limit: PAGE })
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks for the first page anew
  useEffect(() => {
    const stop = new AbortController()
    setOf({})
    fetchPage(wanted, { signal: stop.signal }).then(
      ({ items, next }) => setOf({ value: { items, next } }),
      (error: unknown) => stop.signal.aborted || setOf({ problem: error as Problem }),
    )
    return () => stop.abort()
  }, [wanted, turn])
  const more = async () => {
    const before = of.value
    if (before?.next === undefined) return
    setBusy(true)
    try {
      const page = await fetchPage(wanted, { cursor: before.next })
      setOf({ value: { items: [...before.items, ...page.items], next: page.next } })
    } catch (error) {
      setOf({
        value: before,
        problem: error instanceof Problem ? error : new Problem({ code: 'page', status: 0, title: String(error) }),
      })
    } finally {
      setBusy(false)
    }
  }
  return { of, more: () => void more(), retry: () => setTurn((n) => n + 1), busy }
}

/** A page may hold fewer alarms than asked for, even none, and still have a next one: go on until something shows. */
async function fetchPage(
  wanted: string,
  { signal, cursor }: { signal?: AbortSignal; cursor?: string },
): Promise<AlarmList> {
  let at = cursor
  for (;;) {
    const page = await ask<AlarmList>(`alarms${wanted}${at === undefined ? '' : `&cursor=${encodeURIComponent(at)}`}`, {
      signal,
    })
    if (page.items.length > 0 || page.next === undefined) return page
    at = page.next
  }
}

function Table({ alarms }: { alarms: readonly AlarmBody[] }) {
  const { lang, w, text } = useLanguage()
  const sites = useDesk((d) => d.sites.value)
  const now = useNow()
  return (
    <table className="plain stacked" aria-label={w.alarms.history}>
      <thead>
        <tr>
          <th scope="col">{w.alarms.raised}</th>
          <th scope="col">{w.alarms.severity}</th>
          <th scope="col">{w.alarms.alarm}</th>
          <th scope="col">{w.alarms.site}</th>
          <th scope="col">{w.alarms.state}</th>
          <th scope="col">{w.alarms.cleared}</th>
          <th scope="col" className="num" title={w.alarms.countHint}>
            {w.alarms.count}
          </th>
        </tr>
      </thead>
      <tbody>
        {alarms.map((alarm) => {
          const site = sites?.find((found) => found.site === alarm.last.site)
          const zone = site?.timezone ?? 'UTC'
          const raised = Date.parse(alarm.raised)
          const cleared = instant(alarm.cleared)
          return (
            <tr key={`${alarm.alarm}/${alarm.episode}`}>
              <td className="nowrap" data-label={w.alarms.raised}>
                {dateTime(raised, zone)}
              </td>
              <td data-label={w.alarms.severity}>
                <SeverityTag severity={alarm.severity} size={16} />
              </td>
              <td className="wide">
                <button
                  type="button"
                  className="link-button"
                  aria-label={w.alarms.open(text(alarm.last.text))}
                  onClick={() => openAlarm(alarm.alarm)}
                >
                  {text(alarm.last.text)}
                </button>
                <span className="under">
                  {w.rule[alarm.last.rule] ?? alarm.last.rule}
                  {alarm.last.clause && ` · ${alarm.last.clause}`}
                </span>
                <AlarmMarks last={alarm.last} zone={zone} />
              </td>
              <td data-label={w.alarms.site}>{site ? text(site.name) : alarm.last.site}</td>
              <td data-label={w.alarms.state}>
                <span className="state" data-state={alarm.state}>
                  {w.state[alarm.state]}
                </span>
              </td>
              <td className="nowrap" data-label={w.alarms.cleared}>
                {cleared === undefined ? (
                  <span className="quiet">
                    {alarm.state === 'normal' ? w.common.none : `${w.alarms.ongoing} · ${duration(now - raised, lang)}`}
                  </span>
                ) : (
                  <>
                    {dateTime(cleared, zone)}
                    <span className="under">{duration(cleared - raised, lang)}</span>
                  </>
                )}
              </td>
              <td className="num" data-label={w.alarms.count}>
                {alarm.episode}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
