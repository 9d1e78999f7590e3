/** Operators' commands: journaled like readings, so that a replay knows what people did. */
import type { Attachment } from './alarm.ts'
import type { Offset } from './entry.ts'
import type { HazardCommand } from './hazard.ts'
import type { Duration, Instant } from './time.ts'

export const ALARM_COMMANDS = [
  'ack',
  'confirm',
  'reset',
  'shelve',
  'unshelve',
  'comment',
  'assign',
  'attach',
  'out-of-service',
  'in-service',
] as const
export type AlarmCommandName = (typeof ALARM_COMMANDS)[number]

export interface AlarmCommand {
  readonly command: AlarmCommandName
  /** The alarm's id: site/instance/key. */
  readonly alarm: string
  readonly by: string
  readonly ts: Instant
  /** The episode it is meant for: in another one it changes nothing. */
  readonly episode?: number
  /** With `episode`: an entry of the journal at which that episode stood. The service's own word, not the operator's. */
  readonly seen?: Offset
  readonly reason?: string
  readonly text?: string
  /** `assign`: the new owner. */
  readonly to?: string
  /** `shelve`, `out-of-service`: until then. */
  readonly until?: Instant
  readonly for?: Duration
  /** `shelve`: until it next returns to normal, and no longer than `until` or `for`. */
  readonly once?: boolean
  /** `out-of-service`: who stood by. */
  readonly witness?: string
  readonly attachment?: Attachment
}

export const WINDOW_COMMANDS = ['calibrate', 'power-cut-test'] as const

/** A declared, witnessed window of work (标校, 断电试验) in which alarms it brings about are not told to people. Saying the same
 *  `window` again replaces it; `until: now` ends it. */
export interface WindowCommand {
  readonly command: (typeof WINDOW_COMMANDS)[number]
  readonly window: string
  readonly site: string
  /** These points, or everything in this area. */
  readonly points?: readonly string[]
  readonly area?: string
  readonly from: Instant
  readonly until: Instant
  readonly by: string
  readonly witness: string
  readonly ts: Instant
  readonly reason?: string
}

/** A desk changes hands (交接班). */
export interface HandoverCommand {
  readonly command: 'handover'
  /** A duty desk, or a site where none is declared. */
  readonly desk: string
  readonly outgoing: string
  readonly incoming: string
  readonly text: string
  readonly by: string
  readonly ts: Instant
}

/** What the alarm desk obeys. */
export type DeskCommand = AlarmCommand | WindowCommand | HandoverCommand

export const PERMIT_GRADES = ['special', 'first', 'second'] as const
export type PermitGrade = (typeof PERMIT_GRADES)[number]

/** A hot-work permit (动火作业票) opened, changed or closed. */
export interface PermitCommand {
  readonly command: 'permit'
  readonly permit: string
  readonly site: string
  readonly by: string
  readonly ts: Instant
  readonly area?: string
  readonly machine?: string
  readonly person?: string
  readonly from?: Instant
  readonly until?: Instant
  /** 特级, 一级, 二级 (GB 30871): how long it may hold, and after which break the gas is tested again. */
  readonly grade?: PermitGrade
  /** When the gas of the place was last tested by hand. */
  readonly tested?: Instant
  /** Highest gas value at which the permit allows work, in the point's unit. */
  readonly limit?: number
  readonly state?: 'open' | 'closed'
}

/** `removed`: the configuration has it serve the site no more (停用): nobody waits for it. */
export const LINK_STATES = ['up', 'down', 'removed'] as const

/** The service's own word on a source of readings (数据源): its peer is lost, or is there again, or it was taken away on purpose. */
export interface LinkCommand {
  readonly command: 'link'
  readonly site: string
  /** The source's name in davy.yaml; `mqtt` is the embedded broker. */
  readonly source: string
  readonly state: (typeof LINK_STATES)[number]
  readonly by: string
  readonly ts: Instant
  /** What is wrong, in the adapter's words. */
  readonly reason?: string
}

export type Command = DeskCommand | PermitCommand | LinkCommand | HazardCommand
