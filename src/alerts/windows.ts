/** Declared windows (标校, 断电试验): for their time, and with a witness, the alarms they bring about are not told to people. */
import type { Hush } from '../model/alarm.ts'
import type { WindowCommand } from '../model/command.ts'
import type { Installation } from '../model/site.ts'
import { HOUR, type Instant } from '../model/time.ts'
import type { AlarmNode } from './alarm-node.ts'
import type { Refused, RefusedCode } from './commands.ts'
import { liesIn } from './place.ts'

/** Rules whose alarms the work itself brings about; every other is told as ever. */
const BROUGHT_ABOUT: Readonly<Record<WindowCommand['command'], readonly string[]>> = {
  calibrate: ['limit', 'rise', 'suspect', 'silent', 'cut-failed', 'not-evacuated'],
  'power-cut-test': ['silent', 'suspect', 'unmonitored', 'cut-failed', 'not-evacuated'],
}
const LONGEST = 24 * HOUR
/** Windows that may be declared at once. */
const MOST = 1_000

export interface Windows {
  declare(command: WindowCommand, now: Instant): Refused | undefined
  /** Those that hold at `now` over an alarm, the first declared first. */
  covering(node: AlarmNode, now: Instant): readonly Hush[]
  /** Sites at which a window has begun or ended since the last call. */
  turn(now: Instant): ReadonlySet<string>
  /** The next beginning or end. */
  next(): Instant
  save(): readonly WindowCommand[]
}

export function createWindows(
  installation: Installation | undefined,
  { saved = [], turned: last = 0 }: { saved?: readonly WindowCommand[]; turned?: Instant },
): Windows {
  let windows = [...saved]
  let turned = last
  /** Said since the last turn: whether they begin, end or change cannot be told from their times alone. */
  const touched = new Set<string>()

  function flaw({ window, site: id, points, area, from, until, by, witness }: WindowCommand, now: Instant) {
    const refuse = (code: RefusedCode, message: string): Refused => ({ code, message })
    const site = installation?.sites.get(id)
    if (!site) return refuse('site-unknown', `no site ${id} is configured`)
    if ((points === undefined) === (area === undefined)) {
      return refuse('window-placeless', 'a window is for `points` or for an `area`')
    }
    if (area !== undefined && !site.areas.has(area)) return refuse('area-unknown', `site ${id} has no area ${area}`)
    const lost = points?.find((point) => !site.points.has(point))
    if (lost !== undefined) return refuse('point-unknown', `site ${id} has no point ${lost}`)
    if (witness === '' || witness === by)
      return refuse('witness-same', 'a window needs a witness who is not the one who declares it')
    if (until <= from && !windows.some((one) => one.site === id && one.window === window)) {
      return refuse('until-past', 'the window would end before it begins')
    }
    if (until - from > LONGEST) return refuse('window-too-long', 'a window lasts 24 h at most')
    if (windows.length >= MOST && until > now) return refuse('windows-full', `${MOST} windows are declared already`)
    return undefined
  }

  const holds = ({ from, until }: WindowCommand, now: Instant) => from <= now && now < until

  function covers(window: WindowCommand, { site, rule, place, evidence }: AlarmNode): boolean {
    if (window.site !== site || !BROUGHT_ABOUT[window.command].includes(rule)) return false
    if (window.area !== undefined) {
      const area = installation?.sites.get(site)?.areas.get(window.area)
      return area !== undefined && liesIn(area, place)
    }
    const { points = [] } = window
    if (place.point !== undefined) return points.includes(place.point)
    return evidence.some((ref) => points.includes(ref.point.id))
  }

  return {
    declare(command, now) {
      const refused = flaw(command, now)
      if (refused) return refused
      windows = windows.filter(({ site, window }) => site !== command.site || window !== command.window)
      if (command.until > now) windows.push(command)
      touched.add(command.site)
      return undefined
    },
    covering: (node, now) =>
      windows
        .filter((window) => holds(window, now) && covers(window, node))
        .map(({ command, window, until, by, witness, reason }) => {
          const why = {
            zh: `${by} 申报${reason === undefined ? '' : `：${reason}`}`,
            en: `declared by ${by}${reason === undefined ? '' : `: ${reason}`}`,
          }
          return { kind: 'suppressed' as const, by: `${command}/${window}`, until, reason: why.en, why, witness }
        }),
    turn(now) {
      const sites = new Set(touched)
      touched.clear()
      for (const { site, from, until } of windows) {
        if ((turned < from && from <= now) || until <= now) sites.add(site)
      }
      windows = windows.filter(({ until }) => until > now)
      turned = now
      return sites
    },
    next() {
      let next = Number.POSITIVE_INFINITY
      for (const { from, until } of windows) next = Math.min(next, turned < from ? from : until)
      return next
    },
    save: () => windows,
  }
}
