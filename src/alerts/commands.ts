/** What operators may do to an alarm, and why it is refused where it is. */
import type { Remark, Transition } from '../model/alarm.ts'
import type { AlarmCommand } from '../model/command.ts'
import { HOUR, type Instant } from '../model/time.ts'
import { advance } from './advance.ts'
import { type AlarmNode, type Hush, type Stamp, transit } from './alarm-node.ts'

export interface Refused {
  readonly code:
    | 'alarm-unknown'
    | 'already-acked'
    | 'nothing-to-ack'
    | 'already-shelved'
    | 'not-shelved'
    | 'already-out-of-service'
    | 'already-in-service'
    | 'until-past'
    | 'comment-empty'
    | 'assignee-missing'
  readonly message: string
}

/** Remarks kept an alarm; all of them are in the journal. */
const REMARKS = 100
/** Nobody shelves an alarm for good. */
const LONGEST_SHELF = 24 * HOUR

/** Carries a command out on one alarm. */
export function obey(
  node: AlarmNode,
  command: AlarmCommand,
  { stamp, into }: { stamp: Stamp; into: Transition[] },
): Refused | undefined {
  const { by, reason, ts: at } = command
  const said = { at, stamp, by, ...(reason !== undefined && { reason }) }
  const refuse = (code: Refused['code'], message: string): Refused => ({ code, message: `${node.alarm} ${message}` })

  switch (command.command) {
    case 'ack': {
      const step = advance(node.state, 'ack')
      if (step === 'already-acked') return refuse('already-acked', 'has been acknowledged already')
      if (typeof step === 'string') return refuse('nothing-to-ack', 'is not in alarm')
      into.push(transit(node, { ...step, ...said }))
      return undefined
    }
    case 'shelve': {
      if (node.shelved) return refuse('already-shelved', 'is shelved already')
      const until = Math.min(endOf(command, HOUR), stamp.now + LONGEST_SHELF)
      if (until <= stamp.now) return refuse('until-past', 'would be shelved until a time that has passed')
      node.shelved = hush(command, until)
      into.push(transit(node, { to: node.state, cause: 'shelved', ...said }))
      return undefined
    }
    case 'unshelve':
      if (!node.shelved) return refuse('not-shelved', 'is not shelved')
      delete node.shelved
      into.push(transit(node, { to: node.state, cause: 'unshelved', ...said }))
      return undefined
    case 'out-of-service': {
      if (node.outOfService) return refuse('already-out-of-service', 'is out of service already')
      const until = command.until ?? (command.for === undefined ? null : at + command.for)
      if (until !== null && until <= stamp.now)
        return refuse('until-past', 'would be out of service until a time that has passed')
      node.outOfService = hush(command, until)
      into.push(transit(node, { to: node.state, cause: 'out-of-service', ...said }))
      return undefined
    }
    case 'in-service':
      if (!node.outOfService) return refuse('already-in-service', 'is in service already')
      delete node.outOfService
      into.push(transit(node, { to: node.state, cause: 'in-service', ...said }))
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
  }
}

function remark(node: AlarmNode, said: Remark): void {
  node.remarks = [...(node.remarks ?? []), said].slice(-REMARKS)
}

function endOf({ ts, until, for: span }: AlarmCommand, fallback: number): Instant {
  return until ?? ts + (span ?? fallback)
}

function hush({ by, reason }: AlarmCommand, until: Instant | null): Hush {
  return { by, until, ...(reason !== undefined && { reason }) }
}
