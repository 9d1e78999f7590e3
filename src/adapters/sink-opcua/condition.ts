/** One alarm as a node of the address space: made when it first stands, told an event of at every step. */
import {
  coerceLocalizedText,
  DataType,
  type LocalizedText,
  NodeId,
  resolveNodeId,
  type StatusCode,
  StatusCodes,
  type UAAlarmConditionEx,
  type UAVariable,
  Variant,
} from 'node-opcua'
import { eventIdOf } from './event-id.ts'
import { SEVERITY } from './mapping.ts'
import type { ConditionState } from './protocol.ts'
import type { Space } from './space.ts'

/** Of ExclusiveLimitStateMachineType. */
const SIDES = { high: ['High', 'i=9331'], low: ['Low', 'i=9333'] } as const
/** Of ShelvedStateMachineType. */
const UNSHELVED = ['Unshelved', 'i=2930'] as const
const TIMED = ['TimedShelved', 'i=2932'] as const
const ONE_SHOT = ['OneShotShelved', 'i=2933'] as const
/** A one-shot shelf has no end of its own: OPC UA's word for it. */
const LONGEST = 2 ** 31
/** Events without a transition that a client may still name. */
const OTHERS = 100

type State = readonly [name: string, nodeId: string]
type Event = { _createValue(path: string, node: UAVariable, value: Variant): void }
interface StateMachine {
  readonly currentState: UAVariable & { readonly id: UAVariable }
}

export interface Condition {
  readonly node: UAAlarmConditionEx
  state: ConditionState
  /** EventIds of the running episode that no transition brought, a bounded number; and how many there were. */
  others: readonly Buffer[]
  count: number
}

/** Makes the node. Undefined where the alarm's site is not configured any more. */
export function addCondition(space: Space, state: ConditionState): Condition | undefined {
  const source = space.sourceOf(state)
  if (!source) return undefined
  const { limit } = state
  const node = space.namespace.instantiateAlarmCondition(limit ? 'ExclusiveLevelAlarmType' : 'AlarmConditionType', {
    nodeId: `s=alarm/${state.alarm}`,
    browseName: state.name,
    componentOf: source.folder,
    // The library takes points only: of a folder it finds the source by `conditionOf`.
    conditionSource: state.point === undefined ? null : source.node,
    conditionOf: source.node,
    // By its id: the state is the alarm desk's, not the library's own reading of the value.
    inputNode: state.point === undefined ? NodeId.nullNodeId : source.node.nodeId,
    conditionName: state.name,
    optionals: [
      'SuppressedState',
      'OutOfServiceState',
      'LatchedState',
      'ShelvingState',
      ...(state.confirmed === undefined ? [] : ['ConfirmedState', 'Confirm']),
      ...(limit ? [limit.side === 'high' ? 'HighLimit' : 'LowLimit'] : []),
    ],
  })
  // The library takes the browse name, with the index of its namespace.
  node.setSourceName(source.node.displayName[0]!.text ?? '')
  const condition: Condition = { node, state, others: [], count: 0 }
  const { shelvingState } = node
  shelvingState?.unshelveTime.bindVariable(
    { get: () => new Variant({ dataType: DataType.Double, value: leftOf(condition.state) }) },
    true,
  )
  // The library leaves out of an event what lies in a state machine.
  node.on('event', (event: unknown) => {
    for (const [path, machine] of [
      ['ShelvingState', shelvingState],
      ['LimitState', (node as { limitState?: unknown }).limitState],
    ] as const) {
      if (!machine) continue
      const { currentState } = machine as StateMachine
      const add = (name: string, variable: UAVariable) =>
        (event as Event)._createValue(`${path}.${name}`, variable, variable.readValue().value)
      add('CurrentState', currentState)
      add('CurrentState.Id', currentState.id)
    }
    if (shelvingState) {
      const { unshelveTime } = shelvingState
      ;(event as Event)._createValue('ShelvingState.UnshelveTime', unshelveTime, unshelveTime.readValue().value)
    }
  })
  return condition
}

/** Brings the node up to a transition and tells the event of it. */
export function tell(condition: Condition, { state, space }: { state: ConditionState; space: Space }): void {
  const { node } = condition
  if (state.episode !== condition.state.episode) Object.assign(condition, { others: [], count: 0 })
  condition.state = state
  const branch = node.currentBranch()
  branch.setActiveState(state.active)
  if (branch.getAckedState() !== state.acked) branch.setAckedState(state.acked)
  if (state.confirmed !== undefined && node.confirmedState) branch.setConfirmedState(state.confirmed)
  branch.setSuppressedState(state.suppressed)
  const { say } = space
  setTwoStates(node.outOfServiceState, {
    on: state.outOfService,
    words: say(state.outOfService ? { zh: '停用', en: 'Out of Service' } : { zh: '在用', en: 'In Service' }),
  })
  setTwoStates(node.latchedState, {
    on: state.latched,
    words: say(state.latched ? { zh: '锁存', en: 'Latched' } : { zh: '未锁存', en: 'Unlatched' }),
  })
  setState(node.shelvingState, state.shelved ? (state.shelved.once ? ONE_SHOT : TIMED) : UNSHELVED)
  if (state.limit) {
    const { limitState, highLimit, lowLimit } = node as unknown as {
      limitState?: StateMachine
      highLimit?: UAVariable
      lowLimit?: UAVariable
    }
    const limit = state.limit.side === 'high' ? highLimit : lowLimit
    limit?.setValueFromSource({ dataType: DataType.Double, value: state.limit.value })
    setState(limitState, state.active ? SIDES[state.limit.side] : undefined)
  }
  const time = new Date(state.at)
  branch.setQuality(state.point === undefined ? StatusCodes.Good : space.quality(state.point), {
    sourceTimestamp: time,
  })
  branch.setSeverity(SEVERITY[state.severity], { sourceTimestamp: time })
  branch.setMessage(say(state.message))
  if (state.said) {
    branch.setComment(state.said.comment, { sourceTimestamp: time })
    branch.setClientUserId(state.said.by)
  }
  branch.setRetain(state.retain)
  branch.setTime(time)
  branch.setReceiveTime(new Date(state.received))
  raise(node, eventIdOf(state.id))
}

/** What somebody noted; it is no transition. */
export function tellComment(condition: Condition, { comment, by }: { comment: string; by: string }): void {
  const branch = condition.node.currentBranch()
  branch.setComment(comment)
  branch.setClientUserId(by)
  raiseOther(condition)
}

/** The input became better or worse than it was. */
export function tellQuality(condition: Condition, quality: StatusCode): void {
  const branch = condition.node.currentBranch()
  if (!condition.state.retain || branch.getQuality() === quality) return
  branch.setQuality(quality)
  raiseOther(condition)
}

function raiseOther(condition: Condition): void {
  const eventId = eventIdOf(condition.state.id, ++condition.count)
  condition.others = [...condition.others, eventId].slice(-OTHERS)
  raise(condition.node, eventId)
}

function raise(node: UAAlarmConditionEx, eventId: Buffer): void {
  node.eventId.setValueFromSource({ dataType: DataType.ByteString, value: eventId })
  node.raiseConditionEvent(node.currentBranch(), false)
}

/** Milliseconds until the shelf ends. */
function leftOf({ shelved }: ConditionState): number {
  if (!shelved) return 0
  return shelved.until === undefined ? LONGEST : Math.max(0, shelved.until - Date.now())
}

/** Of two-state variables that the library does not know how to set. */
function setTwoStates(
  variable: unknown,
  { on, words }: { on: boolean; words: { readonly locale: string; readonly text: string } },
): void {
  const node = variable as (UAVariable & { readonly id: UAVariable }) | undefined
  if (!node) return
  node.setValueFromSource({ dataType: DataType.LocalizedText, value: localized(words) })
  node.id.setValueFromSource({ dataType: DataType.Boolean, value: on })
}

function setState(machine: unknown, state: State | undefined): void {
  const { currentState } = (machine ?? {}) as Partial<StateMachine>
  if (!currentState) return
  const [name, id] = state ?? []
  currentState.setValueFromSource({ dataType: DataType.LocalizedText, value: localized({ text: name ?? '' }) })
  currentState.id.setValueFromSource({ dataType: DataType.NodeId, value: id ? resolveNodeId(id) : NodeId.nullNodeId })
}

function localized(text: { readonly locale?: string; readonly text: string }): LocalizedText {
  return coerceLocalizedText(text)!
}
