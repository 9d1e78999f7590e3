/** How the alarms of `idle-power` are worded: what was drawn, what was expected, and why it was expected. */
import type { Scope } from '../../model/rule.ts'
import { durationText, type Text } from '../../model/text.ts'
import { type Instant, SECOND } from '../../model/time.ts'
import { pointName, quantity } from '../names.ts'
import type { Floor } from './floor.ts'
import type { IdlePowerParams } from './params.ts'

const STATUSES: Readonly<Record<string, Text>> = {
  producing: { zh: '生产', en: 'producing' },
  maintenance: { zh: '检修', en: 'under maintenance' },
  suspended: { zh: '停产', en: 'suspended' },
  closed: { zh: '关闭', en: 'closed' },
}

interface Work {
  readonly scope: Scope<IdlePowerParams>
  readonly floor: Floor
  readonly peak: number
  readonly since: Instant
  readonly at: Instant
}

export function workText({ scope, floor, peak, since, at }: Work): Text {
  const name = meterName(scope)
  const status = STATUSES[scope.site.status]!
  const found = quantity(peak, scope.point!.unit)
  const expected = floorText(scope, floor)
  const span = durationText(Math.round((at - since) / SECOND) * SECOND)
  return {
    zh: `${name.zh} 在${status.zh}状态下用电已 ${span.zh}，最高 ${found}，超过${expected.zh}`,
    en: `${name.en}: power for ${span.en} while the site is ${status.en}, up to ${found}, above ${expected.en}`,
  }
}

export function overText({
  scope,
  floor,
  value,
}: {
  scope: Scope<IdlePowerParams>
  floor: Floor | undefined
  value: number
}): Text {
  const name = meterName(scope)
  const { status } = scope.site
  if (status === 'producing' || !floor) {
    const { zh, en } = STATUSES[status]!
    return { zh: `${name.zh}：企业状态现为${zh}`, en: `${name.en}: the site is ${en} now` }
  }
  const found = quantity(value, scope.point!.unit)
  const expected = floorText(scope, floor)
  return { zh: `${name.zh} ${found}，已回到${expected.zh}以内`, en: `${name.en} ${found}, back within ${expected.en}` }
}

function meterName({ point }: Scope<IdlePowerParams>): Text {
  const name = pointName(point!)
  const { load } = point!.attributes
  return typeof load === 'string' ? { zh: `${name.zh} 负荷 ${load}`, en: `${name.en}, load ${load}` } : name
}

function floorText({ point, params }: Scope<IdlePowerParams>, { power, origin }: Floor): Text {
  const bound = quantity(power, point!.unit)
  switch (origin) {
    case 'declared':
      return { zh: `申报的基线 ${bound}`, en: `the declared floor ${bound}` }
    case 'ceiling':
      return { zh: `基线上限 ${bound}`, en: `the ceiling of its floor ${bound}` }
    case 'learnt': {
      const [share, margin] = [params.share, params.margin].map((part) => quantity(part * 100, '%'))
      const span = durationText(params.learn)
      return {
        zh: `学习得到的基线 ${bound}（${span.zh} 内 ${share} 的时间不超过，另加 ${margin}）`,
        en: `the learnt floor ${bound} (not exceeded for ${share} of ${span.en}, plus ${margin})`,
      }
    }
  }
}
