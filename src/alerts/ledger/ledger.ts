/** The hazard ledger (隐患台账): what alarms, inspections and reports found, each until it is closed; a fold like everything else. */
import type { Condition, Transition } from '../../model/alarm.ts'
import type {
  Hazard,
  HazardCause,
  HazardCommand,
  HazardCriterion,
  HazardReport,
  HazardStep,
} from '../../model/hazard.ts'
import type { Json } from '../../model/json.ts'
import type { Installation } from '../../model/site.ts'
import { DAY, type Instant } from '../../model/time.ts'
import type { Stamp } from '../alarm-node.ts'
import { isUnmended } from './advance.ts'
import { type Candidate, meets } from './criteria.ts'
import { type HazardNode, type LedgerRefusal, obeyDeed } from './deeds.ts'
import { OVERDUE_INSTANCE, overdueCondition } from './overdue.ts'

/** Where the ledger's own words go. */
export interface LedgerOut {
  readonly stamp: Stamp
  readonly steps: HazardStep[]
  /** For the desk: what is overdue, and what no longer is. */
  readonly conditions: Condition[]
}

export interface Ledger {
  /** Whether any criterion could be met by alarms of this rule item. */
  listens(instance: string): boolean
  /** An alarm as its last transition tells it. */
  hear(transition: Transition, out: LedgerOut): void
  /** An alarm that stands, as its rule has just described it. */
  consider(alarm: Candidate, out: LedgerOut): void
  /** Why the command changed nothing, if it did not. */
  command(command: HazardCommand, out: LedgerOut): LedgerRefusal | undefined
  tick(out: LedgerOut): void
  /** After a change of configuration: the desk may have let go of what is overdue at a site that is there again. */
  renew(out: LedgerOut): void
  /** The earliest instant at which a tick could conclude something; infinity for none. */
  due(): Instant
  /** Those not closed, and those closed lately, in order of their opening. */
  hazards(): readonly Hazard[]
  find(hazard: string): Hazard | undefined
  save(): Json
}

/** Closed for so long, a hazard leaves memory for the list, and cannot be opened again. */
export const REOPENABLE = 30 * DAY

/** What is known of a hazard when it is found. */
type Finding = Omit<Hazard, 'hazard' | 'revision' | 'overdue' | 'state'>

interface Saved {
  readonly numbers: readonly (readonly [site: string, last: number])[]
  readonly hazards: readonly Hazard[]
}

export function createLedger({
  installation,
  saved,
}: {
  installation: Installation
  saved?: Json | undefined
}): Ledger {
  const past = saved as unknown as Saved | undefined
  const numbers = new Map(past?.numbers ?? [])
  const nodes = new Map((past?.hazards ?? []).map((hazard): [string, HazardNode] => [hazard.hazard, { ...hazard }]))
  const criteria = criteriaByInstance(installation)
  /** Hazards of alarms that are not closed. */
  const byAlarm = new Map<string, HazardNode>()
  for (const node of nodes.values()) remember(node)
  let next = soonest()

  function remember(node: HazardNode): void {
    if (node.alarm === undefined) return
    const name = `${node.criterion}|${node.alarm}`
    if (node.state !== 'closed') byAlarm.set(name, node)
    else if (byAlarm.get(name) === node) byAlarm.delete(name)
  }

  function soonest(): Instant {
    let due = Number.POSITIVE_INFINITY
    for (const { state, deadline, overdue, closed } of nodes.values()) {
      if (closed !== undefined) due = Math.min(due, closed + REOPENABLE)
      else if (deadline !== undefined && !overdue && isUnmended(state)) due = Math.min(due, deadline)
    }
    return due
  }

  function write(
    node: HazardNode,
    { cause, at, out, by, text }: { cause: HazardCause; at: Instant; out: LedgerOut; by?: string; text?: string },
  ): void {
    node.revision += 1
    out.steps.push({
      id: `${node.hazard}/${node.revision}`,
      at,
      received: out.stamp.now,
      offset: out.stamp.offset,
      cause,
      ...(by !== undefined && { by }),
      ...(text !== undefined && { text }),
      hazard: { ...node },
    })
  }

  function open(found: Finding, out: LedgerOut): void {
    const number = (numbers.get(found.site) ?? 0) + 1
    numbers.set(found.site, number)
    const hazard = `${found.site}.${number}`
    const state = found.owner === undefined ? 'open' : 'assigned'
    const node: HazardNode = { hazard, ...found, state, overdue: false, revision: 0 }
    nodes.set(hazard, node)
    remember(node)
    const { by } = found
    write(node, { cause: 'opened', at: found.opened, out, ...(by !== undefined && { by }) })
    judge(node, out)
    next = soonest()
  }

  /** Whether its deadline has passed, said to the desk where that changed or weighs differently. */
  function judge(node: HazardNode, out: LedgerOut, again = false): void {
    const { state, deadline } = node
    const overdue = isUnmended(state) && deadline !== undefined && deadline <= out.stamp.now
    const changed = overdue !== node.overdue
    node.overdue = overdue
    if (changed) write(node, { cause: overdue ? 'overdue' : 'in-time', at: out.stamp.now, out })
    const site = installation.sites.get(node.site)
    if (site && (changed || (again && overdue))) {
      const at = overdue && changed ? Math.max(deadline!, node.opened) : out.stamp.now
      out.conditions.push(overdueCondition(node, { site, at }))
    }
  }

  function hold(alarm: Candidate, { at, rose, out }: { at: Instant; rose: boolean; out: LedgerOut }): void {
    const found = criteria.get(alarm.instance)
    if (!found) return
    for (const criterion of found) {
      const known = byAlarm.get(`${criterion.id}|${alarm.alarm}`)
      if (known) {
        if (!rose) continue
        known.rises = (known.rises ?? 1) + 1
        write(known, { cause: 'noted', at, out })
      } else if (meets(criterion, { alarm, installation })) {
        open(ofAlarm(alarm, { criterion, at, now: out.stamp.now, installation }), out)
      }
    }
  }

  function report(command: HazardReport, out: LedgerOut): LedgerRefusal | undefined {
    const refused = flawOf(command)
    if (refused) return refused
    const { command: _, action: __, by, ts, opened = ts, ...found } = command
    open({ ...found, opened, by }, out)
    return undefined
  }

  function flawOf({ site: id, area, external }: HazardReport): LedgerRefusal | undefined {
    const site = installation.sites.get(id)
    if (!site) return { code: 'site-unknown', message: `no site ${id} is configured` }
    if (area !== undefined && !site.areas.has(area)) {
      return { code: 'area-unknown', message: `no area ${area} is configured at site ${id}` }
    }
    if (external === undefined) return undefined
    for (const node of nodes.values()) {
      if (node.site === id && node.external === external) {
        return { code: 'hazard-known', message: `${external} is hazard ${node.hazard} already` }
      }
    }
    return undefined
  }

  return {
    listens: (instance) => criteria.has(instance),
    hear(transition, out) {
      const { cause, to, rule } = transition
      if (rule === OVERDUE_INSTANCE.rule) return
      const rose = cause === 'raised' || cause === 'retrospective'
      if (rose || (cause === 'escalated' && to !== 'normal')) {
        hold(transition, { at: transition.at, rose, out })
      }
    },
    consider: (alarm, out) => hold(alarm, { at: out.stamp.now, rose: false, out }),
    command(command, out) {
      if (command.action === 'open') return report(command, out)
      const node = nodes.get(command.hazard)
      if (!node) return { code: 'hazard-unknown', message: `no hazard ${command.hazard} is open, or was of late` }
      const refused = obeyDeed(node, command, { now: out.stamp.now })
      if (refused) return refused
      const { action, by, ts, text = command.reason } = command
      write(node, { cause: action, at: ts, by, out, ...(text !== undefined && { text }) })
      remember(node)
      judge(node, out, action === 'supervise' || action === 'lift')
      next = soonest()
      return undefined
    },
    tick(out) {
      const { now } = out.stamp
      if (now < next) return
      for (const node of nodes.values()) {
        if (node.closed !== undefined && node.closed + REOPENABLE <= now) nodes.delete(node.hazard)
        else judge(node, out)
      }
      next = soonest()
    },
    renew(out) {
      for (const node of nodes.values()) judge(node, out, true)
    },
    due: () => next,
    hazards: () => [...nodes.values()],
    find: (hazard) => nodes.get(hazard),
    save: () =>
      ({ numbers: [...numbers], hazards: [...nodes.values()].map((node) => ({ ...node })) }) as unknown as Json,
  }
}

function ofAlarm(
  { alarm, site, key }: Candidate,
  {
    criterion,
    at,
    now,
    installation,
  }: { criterion: HazardCriterion; at: Instant; now: Instant; installation: Installation },
): Finding {
  const { id, clause, title, grade, deadline } = criterion
  const area = installation.sites.get(site)?.areas.get(key)
  return {
    site,
    source: 'alarm',
    grade,
    text: { zh: `${title.zh}：${area?.name.zh ?? key}`, en: `${title.en}: ${area?.name.en ?? key}` },
    ...(area && { area: area.id }),
    opened: at,
    criterion: id,
    ...(clause !== undefined && { clause }),
    alarm,
    rises: 1,
    // What hindsight found is to be mended from now on.
    deadline: now + deadline,
  }
}

/** Criteria by the rule items whose alarms they could be about: most alarms are about none. */
function criteriaByInstance({ hazards = [], rules }: Installation): ReadonlyMap<string, readonly HazardCriterion[]> {
  const found = new Map<string, readonly HazardCriterion[]>()
  for (const { id, rule } of rules) {
    const own = hazards.filter(
      ({ match }) => (match.rule?.includes(rule) ?? true) && (match.instance?.includes(id) ?? true),
    )
    if (own.length > 0) found.set(id, own)
  }
  return found
}
