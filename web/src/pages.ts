/** Every page of the desk, one line each: its word in the address, its name in the navigation, and the module that draws it, loaded when first shown. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import type { Words } from './i18n/words.ts'
import type { Route } from './store/route.ts'

type View = ComponentType<{ readonly route: Route }>

export interface Page {
  /** First part of the address; the overview has none. */
  readonly path: string
  /** Absent: reached by links only. */
  readonly name?: (words: Words) => string
  readonly View: LazyExoticComponent<View>
}

const OVERVIEW: Page = { path: '', name: (w) => w.nav.overview, View: lazy(() => import('./pages/overview.tsx')) }

/** In the order of the navigation. */
export const PAGES: readonly Page[] = [
  OVERVIEW,
  { path: 'alarms', name: (w) => w.nav.alarms, View: lazy(() => import('./pages/alarms.tsx')) },
  { path: 'hazards', name: (w) => w.nav.hazards, View: lazy(() => import('./pages/hazards.tsx')) },
  { path: 'desks', name: (w) => w.nav.desks, View: lazy(() => import('./pages/desks.tsx')) },
  { path: 'shift-log', name: (w) => w.nav.shiftLog, View: lazy(() => import('./pages/shift-log.tsx')) },
  { path: 'figures', name: (w) => w.nav.figures, View: lazy(() => import('./pages/figures.tsx')) },
  { path: 'reports', name: (w) => w.nav.reports, View: lazy(() => import('./pages/reports.tsx')) },
  { path: 'rules', name: (w) => w.nav.rules, View: lazy(() => import('./pages/rules.tsx')) },
  { path: 'sources', name: (w) => w.nav.sources, View: lazy(() => import('./pages/sources.tsx')) },
  {
    path: 'notifications',
    name: (w) => w.nav.notifications,
    View: lazy(() => import('./pages/notifications.tsx')),
  },
  { path: 'sites', View: lazy(() => import('./pages/site.tsx')) },
]

/** The page an address names; the overview where it names none. */
export const pageOf = ({ page: path }: Pick<Route, 'page'>): Page =>
  PAGES.find((known) => known.path === path) ?? OVERVIEW
