/** What a trace is about: items of a rule, and perhaps one key. */

import type { PermitCommand } from '../../model/command.ts'
import type { Move } from '../../model/crew.ts'
import { DavyError } from '../../model/errors.ts'
import type { Reading } from '../../model/reading.ts'
import type { RuleInstance } from '../../model/rule.ts'
import { type Area, type Installation, type Site, within } from '../../model/site.ts'
import { didYouMean } from '../config/nearest.ts'

export interface Target {
  readonly instances: ReadonlySet<RuleInstance>
  readonly key: string | undefined
}

/** `RULE` or `RULE:KEY`, where RULE is a rule's name or an item's id. Throws `usage` where there is no such rule. */
export function targetOf(spec: string, { rules }: Pick<Installation, 'rules'>): Target {
  const colon = spec.indexOf(':')
  const name = colon < 0 ? spec : spec.slice(0, colon)
  const key = colon < 0 ? undefined : spec.slice(colon + 1)
  const instances = new Set(rules.filter(({ id, rule }) => id === name || rule === name))
  if (instances.size > 0) return { instances, key }
  const known = [...new Set(rules.flatMap(({ id, rule }) => [id, rule]))]
  throw new DavyError('usage', {
    message: `--trace: no item or rule "${name}" is configured${didYouMean(name, known)}`,
    remedy: 'RULE or RULE:KEY, e.g. crew/coal-face:face-101',
  })
}

/** Whether what a rule says of `said` is about the key: of a point, every level is. */
export function concernsKey(key: string | undefined, said: string): boolean {
  return key === undefined || said === key || said.startsWith(`${key}:`)
}

/** Whether a key may depend on a reading: by its point, machine, card, person, or area. */
export function concernsReading(key: string | undefined, { point, value }: Reading): boolean {
  if (key === undefined || key === point.id || key.startsWith(`${point.id}:`)) return true
  const { site } = point
  if (String(point.attributes.machine) === key) return true
  const told = typeof value === 'object' && value !== null ? (value as unknown as Record<string, unknown>) : {}
  const { card, person } = told
  const holder = typeof card === 'string' ? site.cards.get(card)?.id : undefined
  const names = [card, person, holder, card === undefined ? undefined : `card:${String(card)}`]
  if (parts(key).some((part) => names.includes(part))) return true
  return isIn(point.area, { key, site })
}

export function concernsMove(key: string | undefined, { member, from, to }: Move, site: Site): boolean {
  if (key === undefined) return true
  if (parts(key).some((part) => part === member.id || part === member.card)) return true
  return isIn(from, { key, site }) || isIn(to, { key, site })
}

export function concernsPermit(key: string | undefined, { machine }: PermitCommand): boolean {
  return key === undefined || machine === undefined || machine === key
}

/** `person@area` and `a+b` are about both. */
function parts(key: string): readonly string[] {
  return [key, ...key.split(/[@+]/)]
}

function isIn(area: Area | undefined, { key, site }: { key: string; site: Site }): boolean {
  if (key === site.id) return true
  const place = site.areas.get(key)
  return place !== undefined && within(area, place)
}
