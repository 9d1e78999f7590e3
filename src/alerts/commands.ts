/** What operators may do to an alarm, and why it is refused where it is. */
import type { Hush, Remark, Transition } from '../model/alarm.ts'
import type { AlarmCommand } from '../model/command.ts'
import { HOUR, type Instant } from '../model/time.ts'
import { advance, type Refusal, type Traits } from './advance.ts'
import { type AlarmNode, type Stamp, standingOf, transit } from './alarm-node.ts'

/** Why a command changed nothing: what the alarm's life does not allow, or what the command itself lacks. */
export type RefusedCode =
  | Refusal
  | 'already-shelved'
  | 'not-shelved'
  | 'shelf-too-long'
  | 'already-out-of-service'
  | 'already-in-service'
  | 'until-past'
  | 'witness-same'
  | 'assignee-missing'
  | 'comment-empty'
  | 'attachment-missing'
  | 'alarm-unknown'
  | 'desk-unknown'
  | 'handover-same'
  | 'site-unknown'
  | 'area-unknown'
  | 'point-unknown'
  | 'window-placeless'
  | 'window-too-long'
  | 'windows-full'

/** A command that changed nothing. */
export interface Refused {
  readonly code: RefusedCode
  readonly message: string
}

/** Remarks kept an alarm; all of them are in the journal. */
const REMARKS = 100
/** Nobody shelves an alarm for good. */
const LONGEST_SHELF = 24 * HOUR

const WORDS: Readonly<Record<Refusal, string>> = {
  'already-active': 'is active already',
  'not-active': 'is not active',
  'already-acked': 'has been acknowledged already',
  'nothing-to-ack': 'is not in alarm',
  'nothing-to-confirm': 'does not wait for confirmation',
  'nothing-to-reset': 'is not latched',
  'not-acked': 'has not been acknowledged yet',
  'still-active': 'is still active: its condition has not ended',
}

/** Carries a command out on one alarm. */
export function obey(
  node: AlarmNode,
  command: AlarmCommand,
  { stamp, into, traits }: { stamp: Stamp; into: Transition[]; traits?: Traits | undefined },
): Refused | undefined {
  const { by, reason } = command
  // Clocks differ: nobody acts on an alarm before it is up.
  const at = Math.max(command.ts, node.raised)
  const said = { at, stamp, by, ...(reason !== undefined && { reason }) }
  const refuse = (code: RefusedCode, message: string): Refused => ({ code, message: `${node.alarm} ${message}` })
  const tell = (cause: Transition['cause']) => void into.push(transit(node, { ...standingOf(node), cause, ...said }))

  switch (command.command) {
    case 'ack':
    case 'confirm':
    case 'reset': {
      const step = advance(node, { event: command.command, traits: traits ?? {} })
      if (typeof step === 'string') return refuse(step, WORDS[step])
      into.push(transit(node, { ...step, ...said }))
      return undefined
    }
    case 'shelve': {
      if (node.shelved) return refuse('already-shelved', 'is shelved already')
      const { once } = command
      const until = command.until ?? at + (command.for ?? (once ? LONGEST_SHELF : HOUR))
      if (until <= stamp.now) return refuse('until-past', 'would be shelved until a time that has passed')
      if (until > stamp.now + LONGEST_SHELF) return refuse('shelf-too-long', 'would be shelved for more than 24 h')
      node.shelved = { ...hush('shelved', command), until, ...(once && { once: true }) }
      tell('shelved')
      return undefined
    }
    case 'unshelve':
      if (!node.shelved) return refuse('not-shelved', 'is not shelved')
      delete node.shelved
      tell('unshelved')
      return undefined
    case 'out-of-service': {
      if (node.outOfService) return refuse('already-out-of-service', 'is out of service already')
      if (command.witness === by) return refuse('witness-same', 'needs a witness who is not the one who does it')
      const until = command.until ?? (command.for === undefined ? undefined : at + command.for)
      if (until !== undefined && until <= stamp.now) {
        return refuse('until-past', 'would be out of service until a time that has passed')
      }
      node.outOfService = { ...hush('out-of-service', command), ...(until !== undefined && { until }) }
      tell('out-of-service')
      return undefined
    }
    case 'in-service':
      if (!node.outOfService) return refuse('already-in-service', 'is in service already')
      delete node.outOfService
      tell('in-service')
      return undefined
    case 'assign':
      if (!command.to) return refuse('assignee-missing', 'needs somebody to be assigned to')
      node.owner = command.to
      remark(node, { at, by, assigned: command.to })
      return undefined
    case 'comment':
      if (!command.text) return refuse('comment-empty', 'was given an empty comment')
      remark(node, { at, by, text: command.text })
      return undefined
    case 'attach':
      if (!command.attachment) return refuse('attachment-missing', 'was given nothing to attach')
      remark(node, { at, by, attached: command.attachment })
      return undefined
  }
}

/** What ends by the clock: told at the instant it was to end, and taken from the alarm. */
export function expire(node: AlarmNode, stamp: Stamp): { readonly at: Instant; tell(into: Transition[]): void }[] {
  const ends: { at: Instant; tell(into: Transition[]): void }[] = []
  const end = (field: 'shelved' | 'outOfService', cause: Transition['cause']) => {
    const hushed = node[field]
    const at = hushed?.until
    if (at === undefined || at > stamp.now) return
    ends.push({
      at,
      tell(into) {
        // Something else has ended it in this very tick.
        if (node[field] !== hushed) return
        delete node[field]
        into.push(
          transit(node, { ...standingOf(node), cause, at, stamp, reason: { zh: '时间已到', en: 'time is up' } }),
        )
      },
    })
  }
  end('shelved', 'unshelved')
  end('outOfService', 'in-service')
  return ends
}

function remark(node: AlarmNode, said: Remark): void {
  node.remarks = [...(node.remarks ?? []), said].slice(-REMARKS)
}

function hush(kind: Hush['kind'], { by, reason, witness }: AlarmCommand): Hush {
  return {
    kind,
    by,
    ...(reason !== undefined && { reason }),
    ...(kind === 'out-of-service' && witness !== undefined && { witness }),
  }
}
