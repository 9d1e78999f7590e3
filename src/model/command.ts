/** Operators' commands: journaled like readings, so that a replay knows what people did. */
import type { HazardCommand } from './hazard.ts'
import type { Duration, Instant } from './time.ts'

export const ALARM_COMMANDS = [
  'ack',
  'shelve',
  'unshelve',
  'comment',
  'assign',
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
  readonly reason?: string
  readonly text?: string
  /** `assign`: the new owner. */
  readonly to?: string
  /** `shelve`, `out-of-service`: until then. */
  readonly until?: Instant
  readonly for?: Duration
}

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

/** The service's own word on a source of readings (数据源): its peer is lost, or is there again. */
export interface LinkCommand {
  readonly command: 'link'
  readonly site: string
  /** The source's name in davy.yaml; `mqtt` is the embedded broker. */
  readonly source: string
  readonly state: 'up' | 'down'
  readonly by: string
  readonly ts: Instant
  /** What is wrong, in the adapter's words. */
  readonly reason?: string
}

export type Command = AlarmCommand | PermitCommand | LinkCommand | HazardCommand
