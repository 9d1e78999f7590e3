/** What a meter may draw while nothing is produced: as declared, as learnt, or the ceiling of what may be learnt. */
import type { Point } from '../../model/point.ts'
import type { Learning } from './learning.ts'
import type { IdlePowerParams } from './params.ts'

export interface Floor {
  readonly power: number
  readonly origin: 'declared' | 'learnt' | 'ceiling'
}

/** `undefined`: nothing is declared, and nothing learnt yet. */
export function floorOf(
  { attributes, site }: Point,
  { params, learning }: { params: IdlePowerParams; learning: Learning },
): Floor | undefined {
  const own = (name: 'floor' | 'ceiling') =>
    typeof attributes[name] === 'number' ? (attributes[name] as number) : params[name]
  const declared = own('floor')
  if (declared !== undefined) return { power: declared, origin: 'declared' }
  const ceiling = own('ceiling')
  const usual = learning.status === site.status ? learning.usual : undefined
  if (usual === undefined) return ceiling === undefined ? undefined : { power: ceiling, origin: 'ceiling' }
  const learnt = Math.max(usual * (1 + params.margin), params.least)
  // A tenth of a kilowatt is as exact as what was learnt.
  if (ceiling === undefined || learnt < ceiling) return { power: Math.round(learnt * 10) / 10, origin: 'learnt' }
  return { power: ceiling, origin: 'ceiling' }
}
