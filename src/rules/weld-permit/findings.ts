/** What speaks against an arc at an instant: no permit, an old gas test, too much gas. */
import type { EntryRef } from '../../model/entry.ts'
import { within } from '../../model/site.ts'
import type { Text } from '../../model/text.ts'
import { formatInstant, HOUR, type Instant, MINUTE } from '../../model/time.ts'
import type { Permit } from '../../model/welding.ts'
import { kindName, quantity } from '../names.ts'
import { endOf, holds, isFor, testedFor } from './permits.ts'
import type { Gas, Machine, State } from './state.ts'

export interface Finding {
  readonly why: Text
  readonly value?: number
  readonly limit?: number
  readonly evidence?: EntryRef
}

/** Empty where one permit allows the work whole; else what is wrong with the one that comes nearest. Tests that are good are accepted for the present work. */
export function findings(state: State, machine: Machine, at: Instant): readonly Finding[] {
  const { site, params } = state.scope
  const here = [...state.permits.values()].filter((permit) => isFor(permit, { work: machine, site }))
  const open = here.filter((permit) => holds(permit, { at, params }))
  if (open.length === 0) return [missing(state, here, at)]
  const each = open.map((permit) => [
    ...testFindings(state, { machine, permit, at }),
    ...gasFindings(state, machine, permit),
  ])
  return each.reduce((best, found) => (found.length < best.length ? found : best))
}

function missing({ scope }: State, here: readonly Permit[], at: Instant): Finding {
  const { site, params } = scope
  const clock = (instant: Instant) => formatInstant(instant, site.timezone).slice(0, 16).replace('T', ' ')
  const ended = here.filter((permit) => endOf(permit, params) <= at).at(-1)
  if (ended) {
    const end = clock(endOf(ended, params))
    return { why: { zh: `动火票 ${ended.id} 已于 ${end} 到期`, en: `permit ${ended.id} ended at ${end}` } }
  }
  const coming = here[0]
  if (coming) {
    const begin = clock(coming.from)
    return { why: { zh: `动火票 ${coming.id} 自 ${begin} 起方有效`, en: `permit ${coming.id} begins at ${begin}` } }
  }
  return { why: { zh: '此处此时无有效动火票', en: 'no permit is open for this place and time' } }
}

function testFindings(
  { scope }: State,
  { machine, permit, at }: { machine: Machine; permit: Permit; at: Instant },
): readonly Finding[] {
  const { id, tested } = permit
  if (machine.accepted.has(id)) return []
  const { test } = scope.params
  if (testedFor(permit, at, scope.params)) {
    machine.accepted.add(id)
    return []
  }
  if (tested === undefined || tested > at) {
    return [{ why: { zh: `动火票 ${id} 无动火前气体检测`, en: `permit ${id} has no gas test before work began` } }]
  }
  const [age, most] = [minutes(at - tested), minutes(test)]
  const zh = `动火票 ${id} 的气体检测距作业开始 ${age.zh}，超过 ${most.zh}`
  return [{ why: { zh, en: `the gas test of permit ${id} was ${age.en} old when work began, over ${most.en}` } }]
}

function gasFindings(
  { scope }: State,
  { area, gases }: Machine,
  { id, area: reach, limit }: Permit,
): readonly Finding[] {
  if (limit === undefined) return []
  const place = reach === undefined ? undefined : scope.site.areas.get(reach)
  const concerns = ({ point }: Gas) => (area && within(point.area, area)) || (place && within(point.area, place))
  return gases.filter(concerns).flatMap(({ point, last }): Finding[] => {
    const value = last?.value
    if (typeof value !== 'number' || value <= limit) return []
    const kind = kindName(point)
    const [found, most] = [quantity(value, point.unit), quantity(limit, point.unit)]
    const zh = `${kind.zh} ${point.id} ${found}，高于动火票 ${id} 的限值 ${most}`
    return [
      {
        why: { zh, en: `${kind.en} ${point.id} ${found}, above ${most} of permit ${id}` },
        value,
        limit,
        evidence: last!,
      },
    ]
  })
}

function minutes(span: number): Text {
  const hours = Math.floor(span / HOUR)
  const rest = Math.floor((span % HOUR) / MINUTE)
  const zh = [hours > 0 ? `${hours} 小时` : '', rest > 0 || hours === 0 ? `${rest} 分钟` : ''].filter(Boolean).join(' ')
  const en = [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? `${rest} min` : ''].filter(Boolean).join(' ')
  return { zh, en }
}
