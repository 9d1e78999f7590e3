/** What a deed makes of a hazard, and why it is refused where its particulars do not do. */
import type { Hazard, HazardDeed, Rectification } from '../../model/hazard.ts'
import type { Instant } from '../../model/time.ts'
import { advanceHazard, type HazardRefusal } from './advance.ts'

export interface LedgerRefusal {
  readonly code:
    | HazardRefusal
    | 'hazard-unknown'
    | 'hazard-known'
    | 'hazard-same-person'
    | 'hazard-owner-missing'
    | 'hazard-text-missing'
    | 'hazard-reason-missing'
    | 'hazard-deadline-missing'
    | 'hazard-deadline-past'
    | 'hazard-deadline-not-later'
    | 'hazard-already-supervised'
    | 'hazard-not-supervised'
    | 'hazard-supervised'
    | 'hazard-order-missing'
    | 'site-unknown'
    | 'area-unknown'
  readonly message: string
}

/** Hazards that have a place in the ledger, as they change. */
export type HazardNode = { -readonly [field in keyof Hazard]: Hazard[field] }

/** Carries a deed out. A refused one leaves the hazard as it was. */
export function obeyDeed(node: HazardNode, deed: HazardDeed, { now }: { now: Instant }): LedgerRefusal | undefined {
  const refuse = (code: LedgerRefusal['code'], message: string): LedgerRefusal => ({
    code,
    message: `hazard ${node.hazard} ${message}`,
  })
  const step = advanceHazard(node.state, deed.action)
  if (typeof step === 'string') return refuse(step, WORDS[step])
  const { by, ts: at } = deed
  switch (deed.action) {
    case 'assign':
      if (!deed.to) return refuse('hazard-owner-missing', 'needs somebody to be assigned to')
      if (deed.deadline !== undefined && deed.deadline <= now) return refuse('hazard-deadline-past', PAST)
      node.owner = deed.to
      if (deed.deadline !== undefined) node.deadline = deed.deadline
      break
    case 'rectify': {
      if (!deed.text) return refuse('hazard-text-missing', 'needs words for what was mended')
      const rectification: Rectification = { by, at, text: deed.text, evidence: deed.evidence ?? [] }
      node.rectification = rectification
      node.owner ??= by
      break
    }
    case 'verify':
      if (by === node.rectification?.by || by === node.owner) {
        return refuse('hazard-same-person', `was rectified by ${by}, or was to be, who cannot verify it`)
      }
      node.verified = { by, at }
      break
    case 'reject':
      if (!deed.reason) return refuse('hazard-reason-missing', 'needs a reason to be rejected')
      delete node.verified
      break
    case 'close':
      if (node.supervision) return refuse('hazard-supervised', 'is under supervision, which is lifted first')
      node.closed = at
      break
    case 'supervise':
      if (node.supervision) return refuse('hazard-already-supervised', 'is under supervision already')
      if (!deed.level || !deed.order) return refuse('hazard-order-missing', 'needs the level and number of an order')
      if (deed.until !== undefined && deed.until <= now) return refuse('hazard-deadline-past', PAST)
      node.supervision = {
        level: deed.level,
        order: deed.order,
        by,
        at,
        ...(deed.until !== undefined && { until: deed.until }),
      }
      break
    case 'lift':
      if (!node.supervision) return refuse('hazard-not-supervised', 'is not under supervision')
      delete node.supervision
      break
    case 'extend':
      if (!deed.reason) return refuse('hazard-reason-missing', 'needs a reason for more time')
      if (deed.deadline === undefined) return refuse('hazard-deadline-missing', 'needs the new deadline')
      if (deed.deadline <= now) return refuse('hazard-deadline-past', PAST)
      if (deed.deadline <= (node.deadline ?? 0)) {
        return refuse('hazard-deadline-not-later', 'has that deadline, or a later one')
      }
      node.deadline = deed.deadline
      break
    case 'reopen':
      if (!deed.reason) return refuse('hazard-reason-missing', 'needs a reason to be opened again')
      if (deed.deadline !== undefined && deed.deadline <= now) return refuse('hazard-deadline-past', PAST)
      delete node.closed
      delete node.verified
      delete node.rectification
      delete node.owner
      if (deed.deadline === undefined) delete node.deadline
      else node.deadline = deed.deadline
      break
    case 'comment':
      if (!deed.text) return refuse('hazard-text-missing', 'was given an empty comment')
  }
  node.state = step.to
  return undefined
}

const PAST = 'would have a deadline that has passed'
const WORDS: Readonly<Record<HazardRefusal, string>> = {
  'hazard-closed': 'is closed',
  'hazard-not-closed': 'is not closed',
  'hazard-already-rectified': 'has been rectified and waits to be verified',
  'hazard-not-rectified': 'has not been rectified',
  'hazard-already-verified': 'has been verified already',
  'hazard-not-verified': 'has not been verified',
}
