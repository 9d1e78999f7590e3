/** Sites, areas and people as the configuration declares them, resolved into one graph. */
import type { Duty } from './duty.ts'
import type { Practice, Suppression } from './handling.ts'
import type { HazardCriterion } from './hazard.ts'
import type { Point, PointRef } from './point.ts'
import type { RuleInstance } from './rule.ts'
import type { Shift } from './shift.ts'
import type { Text } from './text.ts'
import type { Duration } from './time.ts'

export const SITE_KINDS = ['coal-mine', 'metal-mine', 'chemical-plant', 'construction', 'works'] as const
export const SITE_STATUSES = ['producing', 'maintenance', 'suspended', 'closed'] as const

export interface Site {
  /** Dense over the installation. Changes with the configuration: never stored. */
  readonly index: number
  readonly id: string
  readonly name: Text
  readonly region?: string
  readonly kind: (typeof SITE_KINDS)[number]
  readonly status: (typeof SITE_STATUSES)[number]
  /** IANA zone of the shift calendar and of every time shown for this site. */
  readonly timezone: string
  /** How far behind arrival a reading may be and still be used live; how far ahead before its clock is doubted. */
  readonly lateAfter: Duration
  /** 班次. At least one: a site without shifts has one all-day production shift. */
  readonly shifts: readonly Shift[]
  readonly areas: ReadonlyMap<string, Area>
  readonly points: ReadonlyMap<string, Point>
  readonly people: ReadonlyMap<string, Person>
  /** Card (标识卡) number → its holder. */
  readonly cards: ReadonlyMap<string, Person>
}

/** A place of work (作业地点) or a region that holds others. */
export interface Area {
  readonly id: string
  readonly site: Site
  readonly name: Text
  /** `underground`, `coal-face` 采煤工作面, `heading-face` 掘进工作面, `maintenance-point` 维修点, `restricted` 限制区域, or the site's own word. */
  readonly kind: string
  readonly parent?: Area
  readonly children: readonly Area[]
  /** Persons who may enter a restricted area. */
  readonly allow: readonly string[]
  readonly attributes: Readonly<Record<string, unknown>>
}

export interface Person {
  readonly id: string
  readonly name: string
  readonly role?: string
  readonly team?: string
  readonly certificate?: string
  /** Last day of the certificate, `YYYY-MM-DD` in the site's zone. */
  readonly expires?: string
  readonly cards: readonly string[]
}

/** Whose regulation it is, from the broadest on; what is narrower may be stricter. */
export const REGULATION_LEVELS = ['national', 'province', 'city', 'county', 'mine'] as const

/** One regulation pack's head. */
export interface Regulation {
  readonly id: string
  readonly title: Text
  /** As its publisher names it: `2019`, `2024–2026`. */
  readonly edition?: string
  /** First day it is in force, `YYYY-MM-DD`. */
  readonly effective?: string
  readonly level?: (typeof REGULATION_LEVELS)[number]
  /** Ids of the packs it builds on. */
  readonly extends?: readonly string[]
  /** What the regulation asks for, whether or not a rule serves it. */
  readonly clauses?: readonly Clause[]
}

/** A clause (条款) as coverage shows it. */
export interface Clause {
  readonly clause: string
  readonly title: Text
  readonly text?: string
  readonly note?: string
}

/** One whole configuration, immutable; a reload makes another. */
export interface Installation {
  /** SHA-256 of the normalised configuration, hex. */
  readonly hash: string
  /** Hash of sites, areas, points and people alone. */
  readonly graph: string
  readonly sites: ReadonlyMap<string, Site>
  readonly points: readonly Point[]
  readonly regulations: readonly Regulation[]
  readonly rules: readonly RuleInstance[]
  /** Which alarms become hazards. */
  readonly hazards?: readonly HazardCriterion[]
  /** Which alarms are not told while their cause is. */
  readonly suppressions?: readonly Suppression[]
  /** Absent: alarms are told one by one, none marked. */
  readonly practice?: Practice
  /** The duty desks; absent: nobody is called. */
  readonly duty?: Duty
}

/** Whether `area` is `ancestor` or lies within it. */
export function within(area: Area | undefined, ancestor: Area): boolean {
  for (let a = area; a; a = a.parent) if (a === ancestor) return true
  return false
}

/** Kinds of area that are below ground by what they are, wherever the site's file puts them. */
const BELOW: ReadonlySet<string> = new Set(['underground', 'coal-face', 'heading-face'])

/** Whether an area lies below ground, by its own kind or an enclosing one's. */
export function underground(area: Area | undefined): boolean {
  for (let a = area; a; a = a.parent) if (BELOW.has(a.kind)) return true
  return false
}

/** The configured point of that name, if there is one. */
export function findPoint(installation: Installation, ref: PointRef): Point | undefined {
  return installation.sites.get(ref.siteId)?.points.get(ref.id)
}
