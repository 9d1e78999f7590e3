/** The alarm desk: turns conditions, ticks and operators' commands into transitions. */
import type { Condition, Transition } from '../model/alarm.ts'
import type { DeskCommand, WindowCommand } from '../model/command.ts'
import type { Handling } from '../model/handling.ts'
import type { Json } from '../model/json.ts'
import { BUILT_IN } from '../model/rule.ts'
import type { Installation } from '../model/site.ts'
import { DAY, HOUR, type Instant } from '../model/time.ts'
import { adopt, type Heir } from './adopt.ts'
import { advance, isActive } from './advance.ts'
import {
  type AlarmNode,
  beginningOf,
  createNode,
  describe,
  type Grading,
  gradingOf,
  type Stamp,
  standingOf,
  transit,
  type Words,
} from './alarm-node.ts'
import { count } from './chatter.ts'
import { expire, obey, type Refused } from './commands.ts'
import { type Due, ripe, weigh } from './delay.ts'
import { createLadder, RESPONSE, sitesUnder } from './escalate.ts'
import { createHandovers, type Handover } from './handovers.ts'
import { placeOf } from './place.ts'
import { knew, type Lookback, lookBackOn } from './retrospect.ts'
import { byUrgency, createStanding } from './standing.ts'
import { createSurroundings, type Own, type SavedSurroundings } from './surroundings.ts'
import { createTimers } from './timers.ts'

export interface Desk {
  /** A rule's statement. Transitions are appended to `into`. */
  state(condition: Condition, stamp: Stamp, into: Transition[]): void
  tick(stamp: Stamp, into: Transition[]): void
  /** Why the command changed nothing, if it did not. */
  command(command: DeskCommand, stamp: Stamp, into: Transition[]): Refused | undefined
  /** An alarm found in a backlog: told as `retrospective`, unless it was known while it happened. */
  retrospect(found: Lookback, stamp: Stamp, into: Transition[]): void
  /** After a change of configuration: ends what no rule stands behind any more; what a changed item still stands behind goes on under it. */
  withdraw(heirOf: (node: Readonly<AlarmNode>) => Heir | 'same' | undefined, stamp: Stamp, into: Transition[]): void
  /** The earliest instant at which a tick could conclude something; infinity for none. */
  due(): Instant
  /** Alarms that are active or not yet acknowledged, in order of their first rise. */
  standing(): readonly Readonly<AlarmNode>[]
  /** Declared windows of a site that have not ended. */
  windows(site: string): readonly WindowCommand[]
  /** Alarms of a site that are out of service, in whatever state. */
  outOfService(site: string): readonly Readonly<AlarmNode>[]
  find(alarm: string): Readonly<AlarmNode> | undefined
  /** The shift log, oldest first: a bounded number. */
  handovers(): readonly Handover[]
  save(): Json
}

const RETURNED = { zh: '已恢复正常', en: 'it returned to normal' }
const WITHDRAWN = { zh: '规则已变更或撤销', en: 'the rule was changed or withdrawn' }

/** Over for so long, an alarm's last readings are no longer held in memory. */
const LONG = 7 * DAY

export interface DeskOptions {
  /** Event time up to which a site's news is complete. */
  readonly settled: (site: string, now: Instant) => Instant
  /** Without it (a backlog judged apart) alarms are told one by one: nothing suppresses, groups or floods. */
  readonly installation?: Installation
  readonly saved?: Json
}

interface Saved {
  readonly nodes: readonly AlarmNode[]
  readonly surroundings?: SavedSurroundings
  readonly handovers?: readonly Handover[]
}

export function createDesk({ settled, installation, saved }: DeskOptions): Desk {
  const past = saved as unknown as Saved | undefined
  const nodes = new Map<string, AlarmNode>()
  const timers = createTimers(dueOf)
  const standing = createStanding()
  const handlings = new Map<string, Handling>(installation?.rules.map(({ id, handling = {} }) => [id, handling]))
  const handovers = createHandovers(past?.handovers)
  for (const node of past?.nodes ?? []) {
    // Under a configuration without duty desks nobody is called any more. Of one that lacks this desk, see `renew`.
    if (!installation?.duty) delete node.call
    nodes.set(node.alarm, node)
    settle(node)
  }
  const ladder = createLadder({ installation, nodes, own })
  const around = createSurroundings({ installation, nodes, ...standing, own }, past?.surroundings)

  /** To be called after whatever may have changed an alarm. */
  function settle(node: AlarmNode): void {
    timers.watch(node)
    standing.note(node)
  }

  function conclude(node: AlarmNode, due: Due, { stamp, into }: { stamp: Stamp; into: Transition[] }): void {
    const handling = handlings.get(node.instance) ?? {}
    const step = advance(node, { event: due.event, traits: handling })
    if (typeof step === 'string') return
    if (due.event === 'raise') {
      node.episode += 1
      node.revision = 0
      node.since = due.since
      node.raised = due.at
      delete node.ended
      delete node.lived
      begin(node)
      if (handling.realarm !== undefined) node.realarmAt = stamp.now + handling.realarm
      around.rises(node, stamp.now)
      ladder.call(node, stamp.now)
    } else {
      node.ended = due.at
      delete node.realarmAt
    }
    const chatter = handling.chatter ?? installation?.practice?.chatter
    if (chatter) count(node, due.at, chatter)
    into.push(transit(node, { ...step, at: due.at, stamp }))
    ladder.settle(node, stamp, into)
    // Before others look for what stands.
    standing.note(node)
    if (due.event === 'clear') unshelve(node, due.at, { stamp, into })
    around.moved(node, stamp, into)
  }

  /** What an episode takes from its rule item, and from what it is described by. */
  function begin(node: AlarmNode): void {
    if (handlings.get(node.instance)?.statutory) node.statutory = true
    else delete node.statutory
    const site = installation?.sites.get(node.site)
    if (site && node.version !== BUILT_IN) node.place = placeOf({ site, key: node.key, evidence: node.evidence })
  }

  /** A shelf until the next return to normal has served. */
  function unshelve(node: AlarmNode, at: Instant, { stamp, into }: { stamp: Stamp; into: Transition[] }): void {
    if (!node.shelved?.once) return
    delete node.shelved
    into.push(transit(node, { ...standingOf(node), cause: 'unshelved', at, stamp, reason: RETURNED }))
  }

  /** Told where an alarm that is up has become graver, or less so. */
  function grade(
    node: AlarmNode,
    cause: Grading | undefined,
    { at, stamp, into }: { at: Instant; stamp: Stamp; into: Transition[] },
  ): void {
    if (!cause) return
    into.push(transit(node, { ...standingOf(node), cause, at, stamp }))
    ladder.settle(node, stamp, into)
  }

  /** Nothing stands behind it any more. */
  function abandon(node: AlarmNode, stamp: Stamp, into: Transition[]): void {
    delete node.pending
    delete node.saying
    delete node.realarmAt
    if (node.instance === RESPONSE) delete node.call
    const step = advance(node, { event: 'clear' })
    if (typeof step === 'string') return
    node.ended = stamp.now
    // What it said last may still be so: nobody judged that it is over.
    node.text = {
      zh: `规则已变更或撤销，报警随之结束；此前：${node.text.zh}`,
      en: `The rule was changed or withdrawn, and the alarm ends with it; before: ${node.text.en}`,
    }
    into.push(transit(node, { ...step, at: stamp.now, stamp, reason: WITHDRAWN }))
    ladder.settle(node, stamp, into)
    standing.note(node)
    unshelve(node, stamp.now, { stamp, into })
    around.moved(node, stamp, into)
  }

  /** An alarm of the desk's own, without delays. */
  function own({ site, instance, key, active, members, call, ...words }: Own, stamp: Stamp, into: Transition[]): void {
    const alarm = `${site}/${instance}/${key}`
    let node = nodes.get(alarm)
    if (!active && !(node && isActive(node))) return
    if (!node) {
      const { severity, text } = words
      const identity = { alarm, site, rule: instance, instance, key, version: BUILT_IN, lineage: BUILT_IN }
      node = createNode({ ...identity, at: stamp.now, severity, text })
      nodes.set(alarm, node)
    }
    describe(node, { ...words, severity: active ? words.severity : node.severity, evidence: [] })
    if (members) node.members = members
    if (call) node.call = call
    // What rises while it stands goes one step up.
    if (active && isActive(node)) {
      into.push(transit(node, { ...standingOf(node), cause: 'escalated', at: stamp.now, stamp }))
    } else {
      conclude(node, { event: active ? 'raise' : 'clear', since: stamp.now, at: stamp.now }, { stamp, into })
    }
    settle(node)
  }

  /** Sites of a duty desk; where none is declared a site is its own. */
  function sitesOf(desk: string): readonly string[] {
    if (installation?.duty?.desks.some(({ id }) => id === desk)) {
      return sitesUnder(installation, { duty: installation.duty, desk })
    }
    return installation?.sites.has(desk) ? [desk] : []
  }

  let sweepAt = 0

  /** Of what has long been over, what its next episode needs is kept: the words and readings of the last one are in the store. */
  function sweep(now: Instant): void {
    sweepAt = now + HOUR
    for (const node of nodes.values()) {
      if (node.state !== 'normal' || node.pending || now - (node.ended ?? node.raised) < LONG) continue
      node.evidence = []
      delete node.value
      delete node.limit
    }
  }

  /** What has come due of one alarm, each with its instant. */
  function* concluding(node: AlarmNode, stamp: Stamp): Generator<{ at: Instant; tell(into: Transition[]): void }> {
    const { pending, realarmAt, call } = node
    if (pending && ripe(pending, { now: stamp.now, settled: settled(node.site, stamp.now) })) {
      const at = pending.since + pending.delay
      const tell = (into: Transition[]) => {
        delete node.pending
        if (node.saying) describe(node, node.saying)
        delete node.saying
        conclude(node, { event: pending.event, since: pending.since, at }, { stamp, into })
      }
      yield { at, tell }
    }
    for (const { at, tell } of expire(node, stamp)) {
      const end = (into: Transition[]) => {
        tell(into)
        around.weighed(node, stamp, into)
      }
      yield { at, tell: end }
    }
    if (call?.due !== undefined && call.due <= stamp.now) {
      // Unless somebody answers in this very tick.
      yield { at: call.due, tell: (into) => void (node.call === call && ladder.breach(node, stamp, into)) }
    }
    if (realarmAt === undefined || realarmAt > stamp.now) return
    const tell = (into: Transition[]) => {
      // It has ended in this very tick.
      if (node.realarmAt !== realarmAt) return
      const { realarm } = handlings.get(node.instance) ?? {}
      if (realarm === undefined) delete node.realarmAt
      else node.realarmAt = stamp.now + realarm
      into.push(transit(node, { ...standingOf(node), cause: 'realarmed', at: realarmAt, stamp }))
    }
    yield { at: realarmAt, tell }
  }

  return {
    state(condition, stamp, into) {
      const { site, instance, key, truth } = condition
      const alarm = `${site.id}/${instance.id}/${key}`
      let node = nodes.get(alarm)
      if (!node) {
        if (truth !== 'active') return
        node = createNode(beginningOf(alarm, condition))
        nodes.set(alarm, node)
      }
      node.version = instance.hash
      node.lineage = instance.lineage
      if (instance.handling && !handlings.has(instance.id)) handlings.set(instance.id, instance.handling)
      const before = isActive(node)
      const verdict = weigh(condition, { active: before, pending: node.pending, now: stamp.now })
      const concludes = verdict.due.length
      for (const [i, due] of verdict.due.entries()) {
        // What was pending is described by what began it, whatever news concludes it.
        const own = i === concludes - 1 && (truth === 'active') === (due.event === 'raise')
        const words = own ? wordsOf(condition, node) : node.saying
        if (words) describe(node, words)
        delete node.saying
        conclude(node, due, { stamp, into })
      }
      if (verdict.pending) {
        node.pending = verdict.pending
        if (truth !== 'unknown') node.saying = wordsOf(condition, node)
      } else {
        delete node.pending
        delete node.saying
      }
      if (truth === 'active' && concludes === 0 && isActive(node)) {
        const grading = gradingOf(node.severity, condition.severity)
        describe(node, condition)
        grade(node, grading, { at: condition.at, stamp, into })
      }
      settle(node)
      // What never rose leaves nothing worth remembering behind.
      if (node.episode === 0 && !node.pending) nodes.delete(alarm)
    },

    tick(stamp, into) {
      if (stamp.now >= sweepAt) sweep(stamp.now)
      const due = timers.take(stamp.now)
      const concluded = due.flatMap((node) => [...concluding(node, stamp)].map((one) => ({ ...one, node })))
      concluded.sort((a, b) => a.at - b.at || (a.node.alarm < b.node.alarm ? -1 : a.node.alarm > b.node.alarm ? 1 : 0))
      for (const { node, tell } of concluded) {
        tell(into)
        settle(node)
      }
      around.tick(stamp, into)
    },

    command(command, stamp, into) {
      if ('window' in command) return around.declare(command, stamp, into)
      if ('desk' in command) {
        const sites = sitesOf(command.desk)
        if (sites.length === 0) return { code: 'desk-unknown', message: `there is no desk ${command.desk}` }
        return handovers.add(command, sites.flatMap((site) => [...standing.ofSite(site)]).sort(byUrgency))
      }
      const node = nodes.get(command.alarm)
      if (!node || node.episode === 0) {
        return { code: 'alarm-unknown', message: `no alarm ${command.alarm} has ever been raised` }
      }
      const refused = obey(node, command, { stamp, into, traits: handlings.get(node.instance) })
      if (!refused) {
        ladder.settle(node, stamp, into)
        around.weighed(node, stamp, into)
      }
      settle(node)
      return refused
    },

    retrospect(found, stamp, into) {
      const { raised } = found
      let node = nodes.get(raised.alarm)
      if (!node) {
        node = createNode({ ...raised, version: found.version, lineage: found.lineage })
        nodes.set(raised.alarm, node)
      }
      if (knew(node, raised.at)) return
      const begun = (it: AlarmNode) => {
        begin(it)
        around.found(it)
        ladder.call(it, stamp.now)
      }
      into.push(lookBackOn(node, found, { stamp, begun }))
      ladder.settle(node, stamp, into)
      settle(node)
    },

    withdraw(heirOf, stamp, into) {
      for (const node of nodes.values()) {
        const heir = heirOf(node)
        if (!heir) abandon(node, stamp, into)
        else if (heir !== 'same') grade(node, adopt(node, heir, stamp.now), { at: stamp.now, stamp, into })
        ladder.renew(node, stamp, into)
        settle(node)
        if (node.episode === 0 && !node.pending) nodes.delete(node.alarm)
      }
      around.renew(stamp, into)
    },

    due: () => Math.min(timers.first(), around.due()),
    standing: () => [...nodes.values()].filter((node) => node.state !== 'normal'),
    windows: (site) => around.windows().filter((window) => window.site === site),
    outOfService: (site) => [...nodes.values()].filter((node) => node.site === site && node.outOfService),
    find: (alarm) => nodes.get(alarm),
    handovers: handovers.list,
    save: () =>
      ({
        nodes: [...nodes.values()].map(portable),
        surroundings: around.save(),
        handovers: handovers.list(),
      }) as unknown as Json,
  }
}

/** When a tick may concern an alarm: its delay, the end of its shelf or of its being out of service, its next telling. */
function dueOf({ pending, shelved, outOfService, realarmAt, call }: AlarmNode): Instant {
  const never = Number.POSITIVE_INFINITY
  const delay = pending ? Math.max(pending.since, pending.stated) + pending.delay : never
  return Math.min(delay, shelved?.until ?? never, outOfService?.until ?? never, realarmAt ?? never, call?.due ?? never)
}

/** An alarm ends with the severity it had, whatever the rule's default is. */
function wordsOf({ truth, value, limit, text, evidence, ...said }: Condition, node: AlarmNode): Words {
  const { severity, graded } = truth === 'active' ? said : node
  const words = { severity, ...(graded && { graded }), text, evidence }
  return { ...words, ...(value !== undefined && { value }), ...(limit !== undefined && { limit }) }
}

/** Evidence may hold whole points: a snapshot keeps their names only. */
function portable(node: AlarmNode): AlarmNode {
  const named = (words: Pick<Words, 'evidence'>) =>
    words.evidence.map((e) => ({ ...e, point: { siteId: e.point.siteId, id: e.point.id } }))
  return {
    ...node,
    ...(node.pending && { pending: { ...node.pending } }),
    ...(node.saying && { saying: { ...node.saying, evidence: named(node.saying) } }),
    evidence: named(node),
  }
}
