/** The frame around every page: header, connection banner, messages. */
import { type ReactNode, useEffect } from 'react'
import { duration } from '../format/time.ts'
import { useLanguage } from '../i18n/language.ts'
import { useDesk } from '../store/desk.ts'
import type { Route } from '../store/route.ts'
import { useWaiting } from '../store/waiting.ts'
import { DiskBanner } from './disk-banner.tsx'
import { Header } from './header.tsx'
import { LostBanner } from './lost-banner.tsx'
import { Notices } from './notices.tsx'

export function Shell({ route, children }: { route: Route; children: ReactNode }) {
  const { lang, w } = useLanguage()
  const lost = useDesk((d) => d.stream.state === 'lost')
  const skew = useDesk((d) => d.skew)
  const waiting = useWaiting()
  useEffect(() => {
    document.title = `${waiting.active > 0 ? `(${waiting.active}) ` : ''}${w.product} ${w.desk}`
  }, [waiting.active, w])
  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => document.getElementById('content')?.focus()}>
        {w.header.skip}
      </button>
      <Header route={route} waiting={waiting} />
      {lost && <LostBanner />}
      <DiskBanner />
      {skew !== 0 && <div className="skew">{w.skew(duration(Math.abs(skew), lang))}</div>}
      <main id="content" className={lost ? 'main stale' : 'main'} tabIndex={-1} data-live={!lost}>
        {children}
      </main>
      <Notices />
    </div>
  )
}
