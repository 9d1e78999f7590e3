/** The alarm desk: turns conditions, ticks and operators' commands into transitions. */
import { type Condition, SEVERITIES, type Transition } from '../model/alarm.ts'
import type { AlarmCommand } from '../model/command.ts'
import type { Json } from '../model/json.ts'
import { DAY, HOUR, type Instant } from '../model/time.ts'
import { advance, isActive } from './advance.ts'
import { type AlarmNode, beginningOf, createNode, describe, type Stamp, transit, type Words } from './alarm-node.ts'
import { obey, type Refused } from './commands.ts'
import { type Due, ripe, weigh } from './delay.ts'
import { knew, type Lookback, lookBackOn } from './retrospect.ts'

export interface Desk {
  /** A rule's statement. Transitions are appended to `into`. */
  state(condition: Condition, stamp: Stamp, into: Transition[]): void
  tick(stamp: Stamp, into: Transition[]): void
  /** Why the command changed nothing, if it did not. */
  command(command: AlarmCommand, stamp: Stamp, into: Transition[]): Refused | undefined
  /** An alarm found in a backlog: told as `retrospective`, unless it was known while it happened. */
  retrospect(found: Lookback, stamp: Stamp, into: Transition[]): void
  /** After a change of configuration: ends what no rule stands behind any more. What is still true rises anew. */
  withdraw(stands: (node: Readonly<AlarmNode>) => boolean, stamp: Stamp, into: Transition[]): void
  /** The earliest instant at which a tick could conclude something; infinity for none. */
  due(): Instant
  /** Alarms that are active or not yet acknowledged, in order of their first rise. */
  standing(): readonly Readonly<AlarmNode>[]
  find(alarm: string): Readonly<AlarmNode> | undefined
  save(): Json
}

/** Over for so long, an alarm's last readings are no longer held in memory. */
const LONG = 7 * DAY

export interface DeskOptions {
  /** Event time up to which a site's news is complete. */
  readonly settled: (site: string, now: Instant) => Instant
  readonly saved?: Json
}

export function createDesk({ settled, saved }: DeskOptions): Desk {
  const nodes = new Map<string, AlarmNode>()
  /** Nodes that wait for a delay or for the end of a shelf; scanned at each tick. */
  const waiting = new Set<AlarmNode>()
  for (const node of (saved as unknown as readonly AlarmNode[] | undefined) ?? []) {
    nodes.set(node.alarm, node)
    watch(node)
  }

  function watch(node: AlarmNode): void {
    if (node.pending || node.shelved?.until != null || node.outOfService?.until != null) waiting.add(node)
    else waiting.delete(node)
  }

  function conclude(node: AlarmNode, due: Due, { stamp, into }: { stamp: Stamp; into: Transition[] }): void {
    const step = advance(node.state, due.event)
    if (typeof step === 'string') return
    if (step.begins) {
      node.episode += 1
      node.revision = 0
      node.since = due.since
      node.raised = due.at
      delete node.ended
    } else if (due.event === 'clear') {
      node.ended = due.at
    }
    into.push(transit(node, { ...step, at: due.at, stamp }))
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
      const before = isActive(node.state)
      const verdict = weigh(condition, { active: before, pending: node.pending, now: stamp.now })
      const concludes = verdict.due.length
      // A rise that the news of its end concludes is still described by what began it.
      for (let i = 0; i < concludes; i++) {
        if (i === concludes - 1 && (truth === 'active') === (verdict.due[i]!.event === 'raise')) {
          describe(node, wordsOf(condition, node))
        }
        conclude(node, verdict.due[i]!, { stamp, into })
      }
      if (verdict.pending) node.pending = verdict.pending
      else delete node.pending
      if (verdict.pending?.event === 'clear') node.clearing = wordsOf(condition, node)
      else delete node.clearing
      if (truth === 'active' && concludes === 0) {
        const risen = rank(condition.severity) - rank(node.severity)
        const raised = isActive(node.state)
        describe(node, condition)
        if (raised && risen !== 0) {
          const cause = risen < 0 ? 'escalated' : 'eased'
          into.push(transit(node, { to: node.state, cause, at: condition.at, stamp }))
        }
      }
      watch(node)
      // What never rose leaves nothing worth remembering behind.
      if (node.episode === 0 && !node.pending) nodes.delete(alarm)
    },

    tick(stamp, into) {
      if (stamp.now >= sweepAt) sweep(stamp.now)
      if (waiting.size === 0) return
      const concluded: { node: AlarmNode; at: Instant; run(): void }[] = []
      for (const node of waiting) {
        const { pending, shelved } = node
        if (pending && ripe(pending, { now: stamp.now, settled: settled(node.site, stamp.now) })) {
          const at = pending.since + pending.delay
          const run = () => {
            delete node.pending
            if (node.clearing) describe(node, node.clearing)
            delete node.clearing
            conclude(node, { event: pending.event, since: pending.since, at }, { stamp, into })
          }
          concluded.push({ node, at, run })
        }
        if (shelved?.until != null && shelved.until <= stamp.now) {
          const at = shelved.until
          const run = () => {
            delete node.shelved
            into.push(transit(node, { to: node.state, cause: 'unshelved', at, stamp, reason: 'time is up' }))
          }
          concluded.push({ node, at, run })
        }
        if (node.outOfService?.until != null && node.outOfService.until <= stamp.now) {
          const at = node.outOfService.until
          const run = () => {
            delete node.outOfService
            into.push(transit(node, { to: node.state, cause: 'in-service', at, stamp, reason: 'time is up' }))
          }
          concluded.push({ node, at, run })
        }
      }
      concluded.sort((a, b) => a.at - b.at || (a.node.alarm < b.node.alarm ? -1 : a.node.alarm > b.node.alarm ? 1 : 0))
      for (const { node, run } of concluded) {
        run()
        watch(node)
      }
    },

    command(command, stamp, into) {
      const node = nodes.get(command.alarm)
      if (!node || node.episode === 0) {
        return { code: 'alarm-unknown', message: `no alarm ${command.alarm} has ever been raised` }
      }
      const refused = obey(node, command, { stamp, into })
      watch(node)
      return refused
    },

    retrospect(found, stamp, into) {
      const { raised } = found
      let node = nodes.get(raised.alarm)
      if (!node) {
        node = createNode({ ...raised, version: found.version })
        nodes.set(raised.alarm, node)
      }
      if (knew(node, raised.at)) return
      into.push(lookBackOn(node, found, stamp))
    },

    withdraw(stands, stamp, into) {
      for (const node of nodes.values()) {
        if (stands(node)) continue
        delete node.pending
        delete node.clearing
        const step = advance(node.state, 'clear')
        if (typeof step !== 'string') {
          into.push(transit(node, { ...step, at: stamp.now, stamp, reason: 'the rule was changed or withdrawn' }))
        }
        watch(node)
      }
    },

    due() {
      let due = Number.POSITIVE_INFINITY
      for (const { pending, shelved, outOfService } of waiting) {
        if (pending) due = Math.min(due, Math.max(pending.since, pending.stated) + pending.delay)
        if (shelved?.until != null) due = Math.min(due, shelved.until)
        if (outOfService?.until != null) due = Math.min(due, outOfService.until)
      }
      return due
    },

    standing: () => [...nodes.values()].filter((node) => node.state !== 'normal'),
    find: (alarm) => nodes.get(alarm),
    save: () => [...nodes.values()].map(portable) as unknown as Json,
  }
}

/** An alarm ends with the severity it had, whatever the rule's default is. */
function wordsOf({ truth, severity, value, limit, text, evidence }: Condition, node: AlarmNode): Words {
  const words = { severity: truth === 'active' ? severity : node.severity, text, evidence }
  return { ...words, ...(value !== undefined && { value }), ...(limit !== undefined && { limit }) }
}

const rank = (severity: AlarmNode['severity']) => SEVERITIES.indexOf(severity)

/** Evidence may hold whole points: a snapshot keeps their names only. */
function portable(node: AlarmNode): AlarmNode {
  const named = (words: Pick<Words, 'evidence'>) =>
    words.evidence.map((e) => ({ ...e, point: { siteId: e.point.siteId, id: e.point.id } }))
  return {
    ...node,
    ...(node.pending && { pending: { ...node.pending } }),
    ...(node.clearing && { clearing: { ...node.clearing, evidence: named(node.clearing) } }),
    evidence: named(node),
  }
}
