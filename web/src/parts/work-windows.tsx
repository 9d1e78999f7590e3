/** Windows of work (标校, 断电试验): declare, end, and see what they and the hands of people keep from people. */
import { Button } from 'antd'
import { useMemo } from 'react'
import type { Problem } from '../api/http.ts'
import { shortTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useNow } from '../store/clock.ts'
import { useDesk } from '../store/desk.ts'
import { useMay } from '../store/may.ts'
import { notify } from '../store/notices.ts'
import { openAlarm } from '../store/route.ts'
import { byWindow, end, type SiteOutOfService, type SiteWindow, useDeclared } from '../store/windows.ts'
import { SeverityTag } from './severity.tsx'
import { Show } from './states.tsx'
import { WindowForm } from './window-form.tsx'
import { useZone } from './zone.ts'

export function WorkWindows() {
  const { w } = useLanguage()
  const may = useMay('supervisor')
  const sites = useDesk((d) => d.sites.value)
  const names = useMemo(() => sites?.map(({ site }) => site), [sites])
  const of = useDeclared(names)
  return (
    <section className="panel" aria-label={w.windows.title}>
      <header>
        <h2>{w.windows.title}</h2>
      </header>
      <p className="panel-note">{w.windows.hint}</p>
      {may ? <WindowForm done={of.reload} /> : <p className="panel-note">{w.windows.supervisorOnly}</p>}
      <Show of={of} retry={of.reload}>
        {({ windows, outOfService }) => (
          <>
            <Part title={w.windows.list} none={w.windows.none} empty={windows.length === 0}>
              {windows.map((window) => (
                <Window key={`${window.site} ${window.window}`} window={window} may={may} done={of.reload} />
              ))}
            </Part>
            <Part title={w.windows.outOfService} none={w.windows.noneOut} empty={outOfService.length === 0}>
              {outOfService.map((alarm) => (
                <OutOfService key={alarm.alarm} alarm={alarm} />
              ))}
            </Part>
          </>
        )}
      </Show>
      <Kept />
    </section>
  )
}

function Part(of: { title: string; none: string; empty: boolean; children: React.ReactNode }) {
  const { title, none, empty, children } = of
  return (
    <div className="panel-part">
      <h3 className="part-head">{title}</h3>
      {empty ? (
        <p className="dim">{none}</p>
      ) : (
        <ul className="stood" aria-label={title}>
          {children}
        </ul>
      )}
    </div>
  )
}

function Window({ window, may, done }: { window: SiteWindow; may: boolean; done: () => void }) {
  const { w, text } = useLanguage()
  const zone = useZone(window.site)
  const now = useNow()
  const site = useDesk((d) => d.sites.value?.find((found) => found.site === window.site))
  const area = site?.areas.find(({ id }) => id === window.area)
  const place = area ? text(area.name) : (window.area ?? window.points?.join(' · '))
  const time = (instant: string) => shortTime(Date.parse(instant), { zone, now })
  const finish = async () => {
    try {
      await end(window, now)
      notify({ tone: 'done', title: w.windows.ended })
      done()
    } catch (error) {
      notify({ tone: 'error', title: w.windows.notEnded, problem: error as Problem })
    }
  }
  const facts = [
    ...(window.holds || window.from === undefined ? [] : [w.windows.ahead(time(window.from))]),
    w.windows.until(time(window.until)),
    w.windows.by(window.by),
    ...(window.witness === undefined ? [] : [w.windows.witness(window.witness)]),
    ...(window.reason === undefined ? [] : [`“${window.reason}”`]),
  ]
  return (
    <li>
      <span className="grow">
        <b>{w.windows.kinds[window.command]}</b> {site ? text(site.name) : window.site} · {place}
        <span className="under">{facts.join(' · ')}</span>
      </span>
      {may && (
        <Button size="small" onClick={() => void finish()} aria-label={w.windows.endOne(place ?? window.window)}>
          {w.windows.end}
        </Button>
      )}
    </li>
  )
}

function OutOfService({ alarm: { site, alarm, text: said, by, until, witness, reason } }: { alarm: SiteOutOfService }) {
  const { w, text } = useLanguage()
  const zone = useZone(site)
  const now = useNow()
  const facts = [
    until === undefined ? w.windows.untilUndone : w.windows.until(shortTime(Date.parse(until), { zone, now })),
    by,
    ...(witness === undefined ? [] : [w.windows.witness(witness)]),
    ...(reason === undefined ? [] : [`“${reason}”`]),
  ]
  return (
    <li>
      <span className="grow">
        <button type="button" className="link-button" onClick={() => openAlarm(alarm)}>
          {said ? text(said) : <span className="mono">{alarm}</span>}
        </button>
        <span className="under">{facts.join(' · ')}</span>
      </span>
    </li>
  )
}

/** Whoever declared the windows. */
function Kept() {
  const { w, text } = useLanguage()
  const zone = useZone()
  const now = useNow()
  const alarms = useDesk((d) => d.alarms.value)
  const kept = useMemo(() => [...(alarms?.values() ?? [])].filter(byWindow), [alarms])
  return (
    <Part title={w.windows.kept} none={w.windows.noneKept} empty={kept.length === 0}>
      {kept.map(({ alarm, severity, last }) => (
        <li key={alarm}>
          <SeverityTag severity={severity} size={15} />
          <button type="button" className="link-button grow" onClick={() => openAlarm(alarm)}>
            {text(last.text)}
          </button>
          {last.hush?.until !== undefined && (
            <span className="quiet small">
              {w.windows.until(shortTime(Date.parse(last.hush.until), { zone, now }))}
            </span>
          )}
          {last.hush?.witness !== undefined && (
            <span className="quiet small">{w.windows.witness(last.hush.witness)}</span>
          )}
        </li>
      ))}
    </Part>
  )
}
