/** All alarms as conditions: made when they first stand, told in order, and taken away some time after they are over. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Duration, Instant } from '../../model/time.ts'
import { addCondition, type Condition, tell, tellQuality } from './condition.ts'
import type { ConditionState } from './protocol.ts'
import type { Space } from './space.ts'

/** Steps waiting; beyond it only the newest of each alarm is told. */
const WAITING = 10_000
const LONGEST_SWEEP: Duration = 30_000

export interface Conditions {
  put(states: readonly ConditionState[]): void
  /** By the id of its node, or of a node within. */
  find(nodeIds: readonly string[]): Condition | undefined
  /** The quality of these points changed. */
  doubt(points: readonly number[]): void
  close(): void
}

export function createConditions({
  space,
  most,
  keep,
  log,
  onAdded,
}: {
  readonly space: Space
  /** Conditions at once. */
  readonly most: number
  /** How long one that is over stays. */
  readonly keep: Duration
  readonly log: (level: 'warn' | 'error', message: string) => void
  readonly onAdded: (condition: Condition) => void
}): Conditions {
  const known = new Map<string, Condition>()
  const byNode = new Map<string, Condition>()
  const byPoint = new Map<number, Set<Condition>>()
  /** Since when they are over. */
  const over = new Map<Condition, Instant>()
  /** Standing alarms for which there is no room. */
  const excess = new Map<string, ConditionState>()
  let waiting: ConditionState[] = []
  let running = false

  function add(state: ConditionState): Condition | undefined {
    const condition = addCondition(space, state)
    if (!condition) return undefined
    known.set(state.alarm, condition)
    byNode.set(condition.node.nodeId.toString(), condition)
    if (state.point !== undefined) {
      const own = byPoint.get(state.point) ?? new Set()
      byPoint.set(state.point, own.add(condition))
    }
    onAdded(condition)
    return condition
  }

  function remove(condition: Condition): void {
    const { alarm, point } = condition.state
    known.delete(alarm)
    byNode.delete(condition.node.nodeId.toString())
    if (point !== undefined) byPoint.get(point)?.delete(condition)
    over.delete(condition)
    space.namespace.deleteNode(condition.node)
  }

  /** Whether there is room for one more: what is over makes room for what stands. */
  function makeRoom(): boolean {
    const [oldest] = over.keys()
    if (known.size >= most && oldest) remove(oldest)
    return known.size < most
  }

  /** Of those for which there was no room, the one that waits longest has its turn. */
  function admit(): void {
    const [next] = excess.values()
    if (!next) return
    excess.delete(next.alarm)
    put([next])
  }

  function step(state: ConditionState): void {
    let condition = known.get(state.alarm)
    if (condition && isTold(condition.state, state)) return
    // What is over before it was ever exposed is nobody's business; what it is about may have changed with the configuration.
    if (!condition && !state.retain) return void excess.delete(state.alarm)
    if (!condition && !makeRoom()) {
      if (excess.size === 0) {
        log('warn', `more than ${most} alarms stand: the others wait for room; raise \`opcua.conditions\``)
      }
      if (excess.size < WAITING || excess.has(state.alarm)) excess.set(state.alarm, state)
      return
    }
    condition ??= add(state)
    if (!condition) return
    tell(condition, { state, space })
    over.delete(condition)
    if (!state.retain) over.set(condition, Date.now())
    if (!state.retain && excess.size > 0) admit()
  }

  function put(states: readonly ConditionState[]): void {
    waiting.push(...states)
    if (waiting.length > WAITING) waiting = [...new Map(waiting.map((state) => [state.alarm, state])).values()]
    if (!running) void run()
  }

  async function run(): Promise<void> {
    running = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      for (const state of batch) {
        try {
          step(state)
        } catch (error) {
          log('error', `${state.alarm} cannot be exposed: ${error instanceof Error ? error.message : String(error)}`)
        }
        // Making a condition takes milliseconds: sessions must live meanwhile.
        await turn()
      }
    }
    running = false
  }

  /** Takes away what has been over for long enough, one at a time. */
  async function sweep(): Promise<void> {
    for (const [condition, since] of [...over]) {
      // It may have risen again, or gone, while the others were taken away.
      if (over.get(condition) !== since || Date.now() - since < keep) continue
      remove(condition)
      await turn()
    }
  }
  let sweeping = false
  const timer = setInterval(
    () => {
      if (sweeping) return
      sweeping = true
      sweep()
        .catch((error: unknown) => log('error', String(error)))
        .finally(() => {
          sweeping = false
        })
    },
    Math.min(Math.max(keep, 10), LONGEST_SWEEP),
  )

  return {
    put,
    find: (nodeIds) => nodeIds.map((id) => byNode.get(id)).find((found) => found !== undefined),
    doubt(points) {
      for (const point of points) {
        for (const condition of byPoint.get(point) ?? []) tellQuality(condition, space.quality(point))
      }
    },
    close: () => clearInterval(timer),
  }
}

function isTold(told: ConditionState, next: ConditionState): boolean {
  return told.episode > next.episode || (told.episode === next.episode && told.revision >= next.revision)
}
