/** Codes (编码) of stations, points and areas as the files have them → points of a site: by the attribute `code`, else by the id. */
import type { Point, ValueShape } from '../../model/point.ts'
import type { Site } from '../../model/site.ts'

export interface Codes {
  /** The site's point of a code whose values have one of these shapes. */
  find(code: string, ...shapes: readonly ValueShape[]): Point | undefined
  /** Codes that were written as numbers too large to be exact. */
  readonly inexact: readonly string[]
}

const known = new WeakMap<Site, Codes>()

/** Built once a configuration. */
export function codesOf(site: Site): Codes {
  let codes = known.get(site)
  if (!codes) {
    codes = build(site)
    known.set(site, codes)
  }
  return codes
}

/** What an area or a point is called in the files: its attribute `code`, the first of several, else its id. */
export function codeOf({ id, attributes }: Pick<Point, 'id' | 'attributes'>): string {
  return listed(attributes.code)[0] ?? id
}

function build(site: Site): Codes {
  const points = new Map<string, Point[]>()
  const inexact: string[] = []
  for (const point of site.points.values()) {
    const { code } = point.attributes
    if ([code].flat().some((one) => typeof one === 'number' && !Number.isSafeInteger(one))) inexact.push(point.id)
    for (const one of listed(code)) {
      const sharing = points.get(one)
      if (sharing) sharing.push(point)
      else points.set(one, [point])
    }
  }
  return {
    inexact,
    find(code, ...shapes) {
      const found = points.get(code)?.find(({ shape }) => shapes.includes(shape))
      if (found) return found
      const named = site.points.get(code)
      return named && shapes.includes(named.shape) ? named : undefined
    },
  }
}

function listed(code: unknown): readonly string[] {
  return [code].flat().flatMap((one) => (typeof one === 'string' || typeof one === 'number' ? [String(one)] : []))
}
