/** Units that births tell, against those the points are declared in: a value in another unit is another value. */
import type { AdapterContext } from '../../model/ports.ts'

export interface Units {
  /** Hears what a birth says of a point's unit; returns the difference in words, once for each. */
  differing(site: string, told: { readonly point: string; readonly unit: string }): string | undefined
}

/** `sites`: the configuration in force. */
export function createUnits(sites: AdapterContext['sites']): Units {
  /** By point, the unit that was complained of. Only declared points enter. */
  const said = new Map<string, string>()
  return {
    differing(site, { point, unit }) {
      const declared = sites?.().get(site)?.points.get(point)?.unit
      if (declared === undefined || declared.trim() === unit.trim()) return undefined
      const key = `${site}/${point}`
      if (said.get(key) === unit) return undefined
      said.set(key, unit)
      return `${point} is declared in ${declared} and born in ${JSON.stringify(unit.slice(0, 30))}`
    },
  }
}
