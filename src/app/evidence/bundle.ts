/** An evidence bundle (证据包): everything another machine needs to judge one episode of one alarm again, sealed by its hash. */
import { createHash } from 'node:crypto'
import type { Command } from '../../model/command.ts'
import type { Offset } from '../../model/entry.ts'
import type { Json } from '../../model/json.ts'
import type { Measurement } from '../../model/reading.ts'
import type { Instant } from '../../model/time.ts'
import type { TransitionBody } from '../api/schemas.ts'
import type { AuditRecord } from '../auth/audit.ts'

export const FORMAT = 'davylamp-evidence/1'

/** An entry of the journal as it came in; points by name. */
export type BundledEntry = { readonly offset: Offset; readonly at: Instant } & (
  | ({ readonly type: 'reading'; readonly site: string; readonly point: string } & Omit<Measurement, 'point'>)
  | { readonly type: 'tick' }
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'config'; readonly hash: string }
)

export interface BundledConfiguration {
  readonly hash: string
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly text: string }[]
}

/** One reading the decision rests on, with both its times and its worth. */
export interface BundledReading {
  readonly offset: Offset
  readonly point: string
  readonly ts: string
  readonly received: string
  readonly value: Json
  readonly quality: string
  readonly status?: string
  readonly ref?: string
}

export interface Contents {
  readonly format: typeof FORMAT
  readonly alarm: string
  readonly episode: number
  readonly site: string
  readonly rule: {
    readonly id: string
    readonly rule: string
    /** SHA-256 of the rule item as it was in force: its version. */
    readonly version: string
    readonly clause?: string
    readonly regulation: { readonly id: string; readonly title: { readonly zh: string; readonly en: string } }
    readonly params: Json
    readonly raiseAfter: number
    readonly clearAfter: number
  }
  /** The decision in words. */
  readonly decision: { readonly zh: string; readonly en: string }
  readonly transitions: readonly TransitionBody[]
  /** What the rule and the alarm knew before the first entry, and after the last. */
  readonly before: Json
  readonly after: Json
  readonly readings: readonly BundledReading[]
  readonly entries: readonly BundledEntry[]
  /** Set where the episode was too long: entries end before its last transitions. */
  readonly cut?: true
  readonly configurations: readonly BundledConfiguration[]
  /** Records of the audit log about the alarm, and the newest one, whose hash seals all before it. */
  readonly audit: { readonly records: readonly AuditRecord[]; readonly head?: AuditRecord }
}

export interface Bundle extends Contents {
  /** SHA-256 over everything above, as JSON in this order. */
  readonly seal: string
}

export function seal(contents: Contents): Bundle {
  return { ...contents, seal: sealOf(contents) }
}

/** Whether nothing in the bundle was changed since it was sealed. */
export function sealHolds({ seal: sealed, ...contents }: Bundle): boolean {
  return sealed === sealOf(contents)
}

function sealOf(contents: Contents): string {
  return createHash('sha256').update(JSON.stringify(contents)).digest('hex')
}
