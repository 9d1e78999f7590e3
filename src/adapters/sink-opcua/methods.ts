/** What a client may do to a condition: each method is an operator's command, journaled, judged and audited as one by HTTP. */
import {
  type AddressSpace,
  type CallMethodResultOptions,
  type ISessionContext,
  StatusCodes,
  type UAMethod,
  type UAObject,
  type Variant,
} from 'node-opcua'
import { type Condition, tellComment } from './condition.ts'
import type { Conditions } from './conditions.ts'
import { isEventOf } from './event-id.ts'
import type { Order } from './protocol.ts'
import type { Sessions } from './sessions.ts'
import { statusCode } from './space.ts'

/** Characters of a comment; the rest is cut off. */
const LONGEST_COMMENT = 2_000

type Method = (args: readonly Variant[], context: ISessionContext) => Promise<CallMethodResultOptions>

export interface Methods {
  /** Of the types: a client may name a method by its type, and an optional one need not be on the condition. */
  bindTypes(space: AddressSpace): void
  bind(condition: Condition): void
}

export function createMethods({
  conditions,
  sessions,
  order,
}: {
  readonly conditions: () => Conditions
  readonly sessions: Sessions
  /** Resolves with the name of a StatusCode. */
  readonly order: (order: Order, by: { session: string; address: string }) => Promise<string>
}): Methods {
  async function give(
    context: ISessionContext,
    make: (condition: Condition) => Order | keyof typeof StatusCodes,
  ): Promise<CallMethodResultOptions> {
    const by = sessions.of(context)
    if (!by) return { statusCode: StatusCodes.BadUserAccessDenied }
    const object = context.object as UAObject | undefined
    const ids = [object, object?.parent].flatMap((node) => (node ? [node.nodeId.toString()] : []))
    const condition = conditions().find(ids)
    if (!condition) return { statusCode: StatusCodes.BadNodeIdInvalid }
    const made = make(condition)
    if (typeof made === 'string') return { statusCode: statusCode(made) }
    const status = await order(made, by)
    if (status === 'Good' && made.command === 'comment') tellComment(condition, { comment: made.comment, by: by.user })
    return { statusCode: statusCode(status), outputArguments: [] }
  }

  /** Methods that name an event and say something. */
  const onEvent =
    (command: 'ack' | 'confirm' | 'comment'): Method =>
    (args, context) =>
      give(context, ({ state, others }) => {
        const eventId = args[0]?.value as Buffer | null
        if (!isEventOf(state, { eventId, others })) return 'BadEventIdUnknown'
        const comment = (args[1]?.value as { text?: string | null } | null)?.text ?? ''
        // The desk may have gone on to the next episode, of which this thread has not heard yet.
        return { alarm: state.of, episode: state.episode, command, comment: comment.slice(0, LONGEST_COMMENT) }
      })
  const acknowledge = onEvent('ack')
  const confirm = onEvent('confirm')
  const addComment = onEvent('comment')
  const shelve = (span?: number): Parameters<typeof give>[1] => {
    return ({ state: { of: alarm, shelved } }) => {
      if (shelved) return 'BadConditionAlreadyShelved'
      return { alarm, command: 'shelve', comment: '', ...(span !== undefined && { for: Math.round(span) }) }
    }
  }
  const timedShelve: Method = async (args, context) => {
    const span = Number(args[0]?.value)
    if (!(span > 0 && span < Number.MAX_SAFE_INTEGER)) return { statusCode: StatusCodes.BadShelvingTimeOutOfRange }
    return give(context, shelve(span))
  }
  const oneShotShelve: Method = async (_, context) => give(context, shelve())
  const unshelve: Method = async (_, context) =>
    give(context, ({ state }) => ({ alarm: state.of, command: 'unshelve', comment: '' }))
  // An alarm is taken out of service by the desk, with a witness; it is never switched off.
  const refuse: Method = async () => ({ statusCode: StatusCodes.BadNotSupported })

  const bindAll = (node: object, methods: Readonly<Record<string, Method>>) => {
    for (const [name, method] of Object.entries(methods)) {
      ;(node as Record<string, UAMethod | undefined>)[name]?.bindMethod((args: Variant[], context: ISessionContext) =>
        method(args, context),
      )
    }
  }
  const plain = { enable: refuse, disable: refuse, addComment }
  const acknowledgeable = { acknowledge, confirm }
  const shelves = { timedShelve, oneShotShelve, unshelve }

  return {
    bindTypes(space) {
      bindAll(space.findObjectType('ConditionType')!, plain)
      bindAll(space.findObjectType('AcknowledgeableConditionType')!, acknowledgeable)
      bindAll(space.findObjectType('ShelvedStateMachineType')!, shelves)
    },
    bind({ node }) {
      bindAll(node, { ...plain, ...acknowledgeable })
      if (node.shelvingState) bindAll(node.shelvingState, shelves)
    },
  }
}
