/** What the alarms of a site are to each other: cause and consequence, first-up, members of a flood, caught by a declared window. */
import type { Hush, Transition } from '../model/alarm.ts'
import type { WindowCommand } from '../model/command.ts'
import { firstDesk } from '../model/duty.ts'
import type { Flood } from '../model/handling.ts'
import { BUILT_IN } from '../model/rule.ts'
import type { Installation } from '../model/site.ts'
import { durationText, type Text } from '../model/text.ts'
import type { Instant } from '../model/time.ts'
import { type AlarmNode, hushOf, isKeptBack, type Stamp, standingOf, transit } from './alarm-node.ts'
import type { Refused } from './commands.ts'
import { createRush, type Rush, rise, subside, subsidesAt } from './flood.ts'
import { createSuppressions } from './suppress.ts'
import { createWindows } from './windows.ts'

/** What the desk lends: its alarms, and the life of an alarm of its own. */
export interface Lent {
  readonly installation: Installation | undefined
  readonly nodes: ReadonlyMap<string, AlarmNode>
  /** Alarms of a rule or rule item, and of a site, that are not normal. */
  ofRule(rule: string): Iterable<AlarmNode>
  ofSite(site: string): Iterable<AlarmNode>
  /** Raises or ends an alarm that no rule states. */
  own(alarm: Own, stamp: Stamp, into: Transition[]): void
}

export interface Own {
  readonly site: string
  readonly instance: string
  readonly key: string
  readonly active: boolean
  readonly severity: AlarmNode['severity']
  readonly value?: number
  readonly limit?: number
  readonly text: Text
  readonly call?: AlarmNode['call']
  readonly members?: { readonly count: number; readonly alarms: readonly string[] }
}

export interface Surroundings {
  /** Before a rise is told: what it carries of the alarms around it. */
  rises(node: AlarmNode, now: Instant): void
  /** Before what a backlog holds is told: it is no rise of now, and kept from people only by what did so when it happened. */
  found(node: AlarmNode): void
  /** After a rise or an end was told: what that does to others. */
  moved(node: AlarmNode, stamp: Stamp, into: Transition[]): void
  /** After a person began or ceased to keep it from people, or that ran out: what that does to its consequences. */
  weighed(node: AlarmNode, stamp: Stamp, into: Transition[]): void
  /** After a change of configuration: other suppressions may hold, and those that did may be gone. */
  renew(stamp: Stamp, into: Transition[]): void
  declare(command: WindowCommand, stamp: Stamp, into: Transition[]): Refused | undefined
  tick(stamp: Stamp, into: Transition[]): void
  due(): Instant
  windows(): readonly WindowCommand[]
  save(): SavedSurroundings
}

export interface SavedSurroundings {
  readonly windows: readonly WindowCommand[]
  readonly turned: Instant
  /** Site and area → arrival of the last rise there. */
  readonly rises: readonly (readonly [string, Instant])[]
  readonly rushes: readonly Rush[]
}

export const FLOOD = 'alarm-flood'

/** Whether a flood may be told for a desk: one that hears of a site first, or a site that no desk hears of. */
export function holdsFlood({ practice, duty, sites }: Installation, key: string): boolean {
  if (!practice) return false
  return [...sites.values()].some((site) => ((duty && firstDesk(duty, site)?.id) ?? site.id) === key)
}

export function createSurroundings(lent: Lent, saved?: SavedSurroundings): Surroundings {
  const { installation, nodes, ofRule, ofSite, own } = lent
  const practice = installation?.practice
  const suppressions = createSuppressions(installation, nodes.values())
  const windows = createWindows(installation, saved ? { saved: saved.windows, turned: saved.turned } : {})
  const rises = new Map(saved?.rises)
  /** Cause → the alarms it suppresses. */
  const suppressedBy = new Map<string, Set<AlarmNode>>()
  /** Site → the desk that hears of it first. */
  const desks = new Map<string, string>()
  const rushes = new Map<string, Rush>()
  for (const rush of saved?.rushes ?? []) {
    // Of a desk that is no more nothing is counted on: its flood is taken back.
    if (!installation || holdsFlood(installation, rush.key)) rushes.set(rush.key, structuredClone(rush))
  }
  let turned = saved?.turned ?? 0
  for (const node of nodes.values()) if (node.suppressed) bind(node, node.suppressed)

  function bind(node: AlarmNode, hushes: readonly Hush[]): void {
    for (const { by } of hushes) suppressedBy.set(by, (suppressedBy.get(by) ?? new Set()).add(node))
  }

  /** Sets what suppresses an alarm at an instant, by the causes that stand. */
  function weigh(node: AlarmNode, { at, causes }: { at: Instant; causes: readonly string[] }): void {
    const [cause] = causes
    if (node.statutory && cause !== undefined) node.group = cause
    const byDesign: readonly Hush[] = node.statutory ? [] : causes.map((by) => ({ kind: 'suppressed', by }))
    const found = [...byDesign, ...windows.covering(node, at)]
    for (const { by } of node.suppressed ?? []) {
      const held = suppressedBy.get(by)
      held?.delete(node)
      if (held?.size === 0) suppressedBy.delete(by)
    }
    if (found.length > 0) node.suppressed = found
    else delete node.suppressed
    bind(node, found)
  }

  const weighNow = (node: AlarmNode, at: Instant) => weigh(node, { at, causes: suppressions.causes(node) })

  /** Told in order of their names, whatever the order in which they were found. */
  function each(found: Iterable<AlarmNode>, stamp: Stamp, into: Transition[]): void {
    const before = new Map<AlarmNode, Hush | undefined>()
    /** Causes that a window has begun or ceased to keep from people: what they bring about is weighed by that. */
    const turned: AlarmNode[] = []
    for (const node of found) {
      if (before.has(node)) continue
      before.set(node, node.suppressed?.[0])
      const kept = isKeptBack(node)
      weighNow(node, stamp.now)
      if (isKeptBack(node) !== kept) turned.push(node)
    }
    const again = turned.flatMap(consequences)
    for (const node of again) if (!before.has(node)) before.set(node, node.suppressed?.[0])
    if (again.length > 0) for (const node of before.keys()) weighNow(node, stamp.now)
    for (const [node, told] of [...before].sort(([a], [b]) => (a.alarm < b.alarm ? -1 : 1))) {
      const now = node.suppressed?.[0]
      if ((told === undefined) === (now === undefined) || node.state === 'normal') continue
      const cause = now ? 'suppressed' : 'unsuppressed'
      into.push(transit(node, { ...standingOf(node), cause, at: stamp.now, stamp, by: (now ?? told)!.by }))
    }
  }

  /** Floods are counted for the desk that hears of them first; without duty desks each site is its own. */
  function deskOf(site: string): string {
    if (!desks.has(site)) {
      const found = installation?.duty && installation.sites.get(site)
      desks.set(site, (found && firstDesk(installation.duty!, found)?.id) ?? site)
    }
    return desks.get(site)!
  }

  /** An alarm is of a site: a desk's, of the first of its sites. */
  function siteOf(desk: string): string {
    return [...(installation?.sites.keys() ?? [])].find((site) => deskOf(site) === desk) ?? desk
  }

  function crowd(node: AlarmNode, { flood, stamp, into }: { flood: Flood; stamp: Stamp; into: Transition[] }): void {
    const key = deskOf(node.site)
    const rush = rushes.get(key) ?? createRush(key, siteOf(key))
    rushes.set(key, rush)
    const began = rise(rush, { alarm: node.alarm, now: stamp.now, flood })
    if (!began) return
    for (const member of rush.members!.alarms) {
      const one = nodes.get(member)
      if (one) one.group ??= floodOf(rush)
    }
    tellFlood(rush, { active: true, flood, stamp, into })
  }

  function tellFlood(
    { key, site, members }: Pick<Rush, 'key' | 'site' | 'members'>,
    { active, flood, stamp, into }: { active: boolean; flood: Flood; stamp: Stamp; into: Transition[] },
  ): void {
    const count = members!.count
    const span = durationText(flood.within)
    const text = active
      ? { zh: `报警洪泛：${span.zh} 内 ${count} 条报警`, en: `Alarm flood: ${count} alarms within ${span.en}` }
      : { zh: `报警洪泛结束，共 ${count} 条报警`, en: `The alarm flood is over: ${count} alarms in all` }
    own(
      {
        site,
        instance: FLOOD,
        key,
        active,
        severity: 'major',
        value: count,
        limit: flood.from,
        text,
        members: { count, alarms: [...members!.alarms] },
      },
      stamp,
      into,
    )
  }

  /** All that the alarm may be the cause of, once it is noted whether it is one now. */
  function consequences(node: AlarmNode): readonly AlarmNode[] {
    const concerned = suppressions.note(node)
    if (concerned.length === 0) return []
    const others = concerned.flatMap((rule) => [...ofRule(rule)])
    return [...others, ...(suppressedBy.get(node.alarm) ?? [])].filter((one) => one !== node)
  }

  function concern(node: AlarmNode, stamp: Stamp, into: Transition[]): void {
    each(consequences(node), stamp, into)
  }

  function turn(stamp: Stamp, into: Transition[]): void {
    turned = stamp.now
    for (const site of [...windows.turn(stamp.now)].sort()) each(ofSite(site), stamp, into)
  }

  return {
    rises(node, now) {
      delete node.group
      delete node.first
      weighNow(node, now)
      if (!practice || node.version === BUILT_IN) return
      if (node.place.area !== undefined) {
        const area = `${node.site}|${node.place.area}`
        if (now - (rises.get(area) ?? Number.NEGATIVE_INFINITY) > practice.firstUp) node.first = true
        rises.set(area, now)
      }
      const rush = rushes.get(deskOf(node.site))
      if (rush?.members && !node.suppressed) node.group ??= floodOf(rush)
    },
    found(node) {
      delete node.group
      delete node.first
      delete node.chattering
      const stoodThen = (by: string) => nodes.get(by)!.raised <= node.raised
      weigh(node, { at: node.raised, causes: suppressions.causes(node).filter(stoodThen) })
    },
    moved(node, stamp, into) {
      concern(node, stamp, into)
      if (!practice || node.version === BUILT_IN || node.ended !== undefined || hushOf(node)) return
      crowd(node, { flood: practice.flood, stamp, into })
    },
    weighed: concern,
    renew(stamp, into) {
      const concerned = [...nodes.values()].filter(({ state, suppressed }) => state !== 'normal' || suppressed)
      each(concerned, stamp, into)
    },
    declare(command, stamp, into) {
      const refused = windows.declare(command, stamp.now)
      if (!refused) turn(stamp, into)
      return refused
    },
    tick(stamp, into) {
      if (windows.next() <= stamp.now) turn(stamp, into)
      if (!practice) return
      const { flood } = practice
      for (const rush of rushes.values()) {
        if (subsidesAt(rush, flood) > stamp.now) continue
        const members = subside(rush, { now: stamp.now, flood })
        if (members) tellFlood({ ...rush, members }, { active: false, flood, stamp, into })
      }
    },
    due() {
      let due = windows.next()
      for (const rush of rushes.values()) if (practice) due = Math.min(due, subsidesAt(rush, practice.flood))
      return due
    },
    windows: windows.save,
    save: () => ({
      windows: windows.save(),
      turned,
      rises: [...rises],
      rushes: [...rushes.values()].map((rush) => structuredClone(rush)),
    }),
  }
}

/** The alarm that stands for a flood. */
function floodOf({ site, key }: Rush): string {
  return `${site}/${FLOOD}/${key}`
}
