/** Units (单位) as sources write them: which are one unit in two spellings, and which convert into each other. */

/** By what a value in the unit `from` becomes one in `to`: 1 where both are one unit, `undefined` where it cannot. A unit that is not said
 *  is taken for the other; who must not do so asks first. */
export function factorOf({ from, to }: { readonly from: string; readonly to: string }): number | undefined {
  const [theirs, ours] = [plain(from), plain(to)]
  if (theirs === '' || ours === '' || theirs === ours) return 1
  // Gas comes in % as well as in ppm: ten thousand times apart.
  if (theirs === '%' && ours === 'ppm') return 10_000
  if (theirs === 'ppm' && ours === '%') return 1 / 10_000
  return undefined
}

/** A value by a factor of `factorOf`. 0.0024 % is 24 ppm, not 24.000000000000004. */
export function scale(value: number, factor: number): number {
  return factor === 1 ? value : Number((value * factor).toPrecision(12))
}

/** Gateways write KW, PPM and Mpa; only where a small m would be a thousandth and a big one a million do letters' sizes tell. */
const MILLI_OR_MEGA = /^m(?=(w|wh|pa|v|a|va|hz)$)/

function plain(unit: string): string {
  const written = unit.normalize('NFKC').replace(/\s/g, '')
  const small = written.toLowerCase().replace(/^(%ch4|%vol|vol%)$/, '%')
  return written.startsWith('M') ? small.replace(MILLI_OR_MEGA, 'M') : small
}
