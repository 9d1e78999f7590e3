/** Windows of work (标校, 断电试验): declare, end, and see what they keep from people. */
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
import { byWindow, type Declared, end, useDeclared } from '../store/windows.ts'
import { SeverityTag } from './severity.tsx'
import { WindowForm } from './window-form.tsx'
import { useZone } from './zone.ts'

export function WorkWindows() {
  const { w } = useLanguage()
  const may = useMay('supervisor')
  return (
    <section className="panel" aria-label={w.windows.title}>
      <header>
        <h2>{w.windows.title}</h2>
      </header>
      <p className="panel-note">{w.windows.hint}</p>
      {may ? (
        <>
          <WindowForm />
          <Mine />
        </>
      ) : (
        <p className="panel-note">{w.windows.supervisorOnly}</p>
      )}
      <Kept />
    </section>
  )
}

function Mine() {
  const { w } = useLanguage()
  const now = useNow()
  const declared = useDeclared(now)
  return (
    <div className="panel-part">
      <h3 className="part-head">{w.windows.mine}</h3>
      {declared.length === 0 ? (
        <p className="dim">{w.windows.none}</p>
      ) : (
        <ul className="stood" aria-label={w.windows.mine}>
          {declared.map((window) => (
            <Window key={`${window.site} ${window.window}`} window={window} now={now} />
          ))}
        </ul>
      )}
    </div>
  )
}

function Window({ window, now }: { window: Declared; now: number }) {
  const { w, text } = useLanguage()
  const zone = useZone(window.site)
  const site = useDesk((d) => d.sites.value?.find((found) => found.site === window.site))
  const area = site?.areas.find(({ id }) => id === window.area)
  const place = area ? text(area.name) : (window.area ?? window.points?.join(' · '))
  const finish = async () => {
    try {
      await end(window, now)
      notify({ tone: 'done', title: w.windows.ended })
    } catch (error) {
      notify({ tone: 'error', title: w.windows.notEnded, problem: error as Problem })
    }
  }
  return (
    <li>
      <span className="grow">
        <b>{w.windows.kinds[window.command]}</b> {site ? text(site.name) : window.site} · {place}
        <span className="under">
          {w.windows.until(shortTime(Date.parse(window.until), { zone, now }))} · {w.windows.witness(window.witness)}
          {window.reason !== undefined && ` · “${window.reason}”`}
        </span>
      </span>
      <Button size="small" onClick={() => void finish()} aria-label={w.windows.endOne(place ?? window.window)}>
        {w.windows.end}
      </Button>
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
    <div className="panel-part">
      <h3 className="part-head">{w.windows.kept}</h3>
      {kept.length === 0 ? (
        <p className="dim">{w.windows.noneKept}</p>
      ) : (
        <ul className="stood" aria-label={w.windows.kept}>
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
        </ul>
      )}
    </div>
  )
}
