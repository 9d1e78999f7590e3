/** The header: where one is, whether it is live, what waits, and the desk's settings. */
import { useEffect, useRef } from 'react'
import { calendarDate, clockTime } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { PAGES, pageOf } from '../pages.ts'
import { useNow } from '../store/clock.ts'
import { useDesk } from '../store/desk.ts'
import { prefer, usePrefs } from '../store/prefs.ts'
import { type Route, siteHref } from '../store/route.ts'
import { signOut } from '../store/session.ts'
import type { Waiting } from '../store/waiting.ts'
import { Glyph } from './icons.tsx'
import { useSiren } from './siren.ts'
import { useZone } from './zone.ts'

export function Header({ route, waiting }: { route: Route; waiting: Waiting }) {
  const { w, text } = useLanguage()
  const sites = useDesk((d) => d.sites.value)
  const shown = pageOf(route).path
  const current = (path: string, name = route.name) =>
    shown === path && route.name === name ? ({ 'aria-current': 'page' } as const) : {}
  const nav = useRef<HTMLElement>(null)
  // On a phone the navigation is wider than the screen: where one is must be seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is another place in it
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [shown, route.name])
  return (
    <header className="head">
      <a className="brand" href="#/">
        <img src="/lamp.svg" alt={`${w.product} ${w.desk}`} />
        <span>
          {w.product} <small>{w.desk}</small>
        </span>
      </a>
      <nav ref={nav} className="nav grow" aria-label={w.nav.main}>
        {PAGES.map(
          ({ path, name }) =>
            name && (
              <a key={path} href={`#/${path}`} {...current(path)}>
                {name(w)}
                {path === 'alarms' && <Badge waiting={waiting} />}
              </a>
            ),
        )}
        {sites && sites.length <= 6 && (
          <>
            <span className="nav-gap" />
            {sites.map((site) => (
              <a key={site.site} href={siteHref(site.site)} className="nav-site" {...current('sites', site.site)}>
                <span className="clip">{text(site.name)}</span>
              </a>
            ))}
          </>
        )}
      </nav>
      <LinkPill />
      <Clock {...(shown === 'sites' && route.name !== undefined && { site: route.name })} />
      <Settings waiting={waiting} />
    </header>
  )
}

/** Coloured while something holds unacknowledged; grey for what has returned and is yet to be acknowledged or confirmed. */
function Badge({ waiting: { active, worst, returned } }: { waiting: Waiting }) {
  const { w } = useLanguage()
  const unread = useDesk((d) => d.alarms.value === undefined && d.alarms.problem !== undefined)
  // No number would pass for no alarm.
  if (unread)
    return (
      <span
        className="badge"
        style={{ background: 'var(--critical-fill)', color: 'var(--critical-on)' }}
        title={w.header.unread}
      >
        ?
      </span>
    )
  if (worst)
    return (
      <span
        className="badge"
        style={{ background: `var(--${worst}-fill)`, color: `var(--${worst}-on)` }}
        title={w.header.unacked(active)}
      >
        {active}
      </span>
    )
  if (returned === 0) return null
  return (
    <span className="badge" data-returned title={w.header.returned(returned)}>
      {returned}
    </span>
  )
}

function LinkPill() {
  const { w } = useLanguage()
  const { state, since } = useDesk((d) => d.stream)
  const skew = useDesk((d) => d.skew)
  const zone = useZone()
  const words = {
    live: w.header.live,
    connecting: w.header.connecting,
    lost: w.header.lost(clockTime(since + skew, zone)),
  }
  return (
    <span className="link-pill" data-state={state} role="status" aria-label={`${w.header.connection}: ${words[state]}`}>
      <span className="dot" />
      {words[state]}
    </span>
  )
}

function Clock({ site }: { site?: string }) {
  const { w } = useLanguage()
  const now = useNow()
  const zone = useZone(site)
  return (
    <div className="clock" role="timer" aria-label={w.header.clock}>
      <b>{clockTime(now, zone)}</b>
      <span>
        {calendarDate(now, zone)} · {zone}
      </span>
    </div>
  )
}

function Settings({ waiting }: { waiting: Waiting }) {
  const { w } = useLanguage()
  const { lang, theme, sound } = usePrefs()
  const who = useDesk((d) => (d.session.state === 'in' ? d.session.who : undefined))
  const blocked = useSiren(sound && waiting.sounding)
  const soundName = sound ? (blocked ? w.header.soundBlocked : w.header.soundOn) : w.header.soundOff
  const themeName = theme === 'dark' ? w.header.toLight : w.header.toDark
  return (
    <div className="row settings">
      <fieldset className="switch" aria-label={w.header.language}>
        {(['zh', 'en'] as const).map((code) => (
          <button
            key={code}
            type="button"
            aria-pressed={lang === code}
            lang={code === 'zh' ? 'zh-CN' : 'en'}
            onClick={() => prefer({ lang: code })}
          >
            {code === 'zh' ? '中文' : 'English'}
          </button>
        ))}
      </fieldset>
      <button
        type="button"
        className="icon-button"
        aria-label={soundName}
        title={soundName}
        {...(blocked || !sound ? { 'data-alert': true } : {})}
        onClick={() => prefer({ sound: !sound })}
      >
        <Glyph name={sound ? 'sound' : 'mute'} />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={themeName}
        title={themeName}
        onClick={() => prefer({ theme: theme === 'dark' ? 'light' : 'dark' })}
      >
        <Glyph name={theme === 'dark' ? 'sun' : 'moon'} />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={`${w.header.signOut}${who ? ` (${who.user})` : ''}`}
        title={`${w.header.signOut}${who ? ` (${who.user})` : ''}`}
        onClick={() => void signOut()}
      >
        <Glyph name="out" />
      </button>
    </div>
  )
}
